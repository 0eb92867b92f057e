"""Making an installation, and telling how it is."""
