"""Pages for staff, a file for each noun."""
