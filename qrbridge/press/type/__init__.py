"""Type: fonts, shaping, directions, and words set into lines and blocks."""
