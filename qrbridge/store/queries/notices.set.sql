update notice
set service = :service, printable = :printable, starts = :starts, ends = :ends, version = :version
where key = :key
