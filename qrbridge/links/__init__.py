"""Short links: made, up, down, withdrawn and moved, and what was seen of their sheets."""
