"""A notice onto paper: print runs on record, their sheets, and printing again."""
