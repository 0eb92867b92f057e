"""A design, words and links onto pages, each proved to scan."""
