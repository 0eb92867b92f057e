"""Addresses for other systems."""
