"""Pages: what those of staff and residents share, and the application."""
