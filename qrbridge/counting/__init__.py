"""Scans: told from machines, written to a journal, and added up once each."""
