"""Lists that staff upload: read, looked at row by row, then imported all or nothing."""
