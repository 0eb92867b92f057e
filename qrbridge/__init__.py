"""qrbridge: tracked QR short links for councils' printed notices."""

__version__ = "0.1.0"
