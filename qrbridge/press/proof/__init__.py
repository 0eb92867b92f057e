"""Every page rendered and its code read."""
