insert into print_sheet (run, position, code, words)
values (:run, :position, :code, :words)
