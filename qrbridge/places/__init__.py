"""Where paper goes up: locations, wards, kinds of place, and which paper serves where."""
