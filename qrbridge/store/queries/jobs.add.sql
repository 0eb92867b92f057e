insert into job (id, kind, who, given, state, made_at, beat_at, ended_at, tries, done, total, message, outcome)
values (:id, :kind, :who, :given, 'waiting', :at, '', '', 0, 0, :total, '', '{}')
