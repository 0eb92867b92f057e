"""The PDF itself, drawn and written page by page."""
