select number from schema_script order by number
