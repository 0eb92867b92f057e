insert into draft_editor (draft, who, at)
values (:draft, :who, :at)
on conflict (draft, who) do update set at = excluded.at
