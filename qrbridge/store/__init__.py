"""Where everything is kept. Nouns ask questions by the name of a query file; engines hold no questions."""

from qrbridge.store.base import Row, Store
from qrbridge.store.opening import apply_scripts, bring_up, check, connect, create_store, failures, open_store

__all__ = ["Row", "Store", "apply_scripts", "bring_up", "check", "connect", "create_store", "failures", "open_store"]
