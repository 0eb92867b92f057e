"""A whole bridge on a real council's open data."""
