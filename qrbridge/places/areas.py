"""What is loaded of wards and postcodes, for whoever reads many rows that name them."""

from qrbridge.spreadsheets import cells
from qrbridge.store import Row, Store

# Postcode districts held at once; one has up to 3,000 postcodes.
DISTRICTS = 24


class Areas:
    """The wards and postcodes that are loaded, read a postcode district at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._districts: dict[str, dict[str, Row]] = {}
        self._names = {row["code"]: row["name"] for row in store.rows("wards.all")}
        self.codes = set(self._names)
        self.by_name = {cells.folded(name): code for code, name in self._names.items()}
        self.are_loaded = store.rows("wards.count_postcodes")[0]["postcodes"] > 0

    def of(self, postcode: str) -> Row | None:
        """The ward and coordinates of a postcode, if it is in the table."""
        if not self.are_loaded or not postcode:
            return None
        district = postcode.partition(" ")[0]
        if district not in self._districts:
            if len(self._districts) >= DISTRICTS:
                self._districts.pop(next(iter(self._districts)))
            rows = self._store.rows("wards.postcodes_of_district", district=district)
            self._districts[district] = {row["postcode"]: row for row in rows}
        return self._districts[district].get(postcode)

    def named(self, postcode: str) -> Row:
        """What `of` says of a postcode, with the name that its ward had when these were read; empty where it is new."""
        area = self.of(postcode)
        return {**area, "name": self._names[area["ward"]]} if area else {}
