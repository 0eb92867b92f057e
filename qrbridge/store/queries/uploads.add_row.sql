insert into upload_row (upload, number, line, outcome, becomes, choice, before, after, remarks, cells)
values (:upload, :number, :line, :outcome, :becomes, '', :before, :after, :remarks, :cells)
