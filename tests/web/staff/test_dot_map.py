from qrbridge.store import Row
from qrbridge.web.staff import dot_map
from qrbridge.web.staff.dot_map import WIDTH, drawn


def place(name: str, latitude: float | None, longitude: float | None, ward: str | None = None, up: int = 0) -> Row:
    return {"name": name, "ward_name": ward, "latitude": latitude, "longitude": longitude, "up": up}


def test_north_is_at_the_top_and_east_at_the_right():
    drawing = drawn([place("South-west", 53.3, -2.4), place("North-east", 53.5, -2.2, up=1)])
    dots = {dot.title.partition(" (")[0]: dot for dot in drawing.dots}
    assert dots["North-east"].y < dots["South-west"].y
    assert dots["North-east"].x > dots["South-west"].x
    assert (dots["North-east"].is_up, dots["South-west"].is_up) == (True, False)
    assert all(0 < dot.x < WIDTH and 0 < dot.y < drawing.height for dot in drawing.dots)


def test_a_kilometre_is_as_long_to_the_north_as_to_the_east():
    one_km = 1 / dot_map.KM_PER_DEGREE
    rows = [place("A", 53.0, -2.0), place("B", 53.0 + 10 * one_km, -2.0), place("C", 53.0, -2.0 + 16.6 * one_km)]
    dots = {dot.title[0]: dot for dot in drawn(rows).dots}
    north, east = dots["A"].y - dots["B"].y, dots["C"].x - dots["A"].x
    assert abs(north - east) < 0.02 * north, "at 53 degrees north a degree east is 0.6 of one north"


def test_places_at_one_spot_are_one_dot_that_says_how_many():
    (dot,) = drawn([place(f"P{n}", 53.4, -2.3, up=n % 2) for n in range(5)]).dots
    assert dot.title == "5 locations: P0, P1, P2 and 2 more (notices up at 2)"
    assert dot.radius > dot_map.SMALLEST


def test_a_county_is_drawn_with_few_enough_dots():
    rows = [place(f"P{n}", 53 + (n * 7919 % 5000) / 5000, -2 + (n * 104729 % 5000) / 5000) for n in range(5000)]
    drawing = drawn(rows)
    assert drawing.placed == 5000 and len(drawing.dots) < 5000
    assert drawing.height <= dot_map.HIGHEST


def test_places_without_coordinates_are_counted():
    drawing = drawn([place("A", 53.4, -2.3), place("B", None, None)])
    assert (drawing.placed, drawing.unplaced, len(drawing.dots)) == (1, 1, 1)
    assert drawn([]).dots == () and drawn([place("B", None, None)]).unplaced == 1


def test_names_of_wards_do_not_lie_on_one_another():
    rows = [place(f"P{n}", 53.4 + n / 10_000, -2.3, ward=f"Ward {n}") for n in range(20)]
    labels = drawn(rows).labels
    assert labels
    for number, one in enumerate(labels):
        assert not any(dot_map._overlap(one, other) for other in labels[number + 1 :])


def test_the_scale_is_as_long_as_it_says():
    drawing = drawn([place("A", 53.0, -2.0), place("B", 53.2, -2.0)])
    dots = sorted(dot.y for dot in drawing.dots)
    per_km = (dots[1] - dots[0]) / (0.2 * dot_map.KM_PER_DEGREE)
    assert abs(drawing.scale_width / drawing.scale_km - per_km) < 0.01 * per_km
