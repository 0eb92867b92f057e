"""How the staff pages look: what `make setup` makes their one stylesheet from."""
