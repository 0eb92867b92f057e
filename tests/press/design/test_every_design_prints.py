"""What is offered prints: every design in each of its sizes, for short hosts and long ones, proved as for a run."""

from dataclasses import replace

import pytest

from qrbridge import codes, qr
from qrbridge.errors import CannotPrint
from qrbridge.places import advice
from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.press import Job
from qrbridge.press.samples import one_page

# A letter of ordinary width, so that hosts of one length are alike.
HOSTS = ["q.uk", *(f"{'q' * (length - len('.gov.uk'))}.gov.uk" for length in (8, 14, 17, 18, 21, 26))]
SIZES = [(name, size) for name in designs.names() for size in designs.read(name).sizes]
# Labels too small for a long address at 12 point; docs/decisions/labels.md.
SMALL = {("labels", "L7159"), ("labels", "L7160")}


@pytest.mark.parametrize(("name", "size"), SIZES)
@pytest.mark.parametrize("host", HOSTS, ids=len)
def test_a_size_prints_or_says_beforehand_that_it_has_no_room(name: str, size: str, host: str):
    design = designs.read(name, size)
    notice = designs.sample(design).notice
    address = codes.address_at(host, press.ANY_CODE)
    sheet, *_ = one_page(design)
    if not advice.fits(design, host):
        assert (name, size) in SMALL and len(host) > 14
        with pytest.raises(CannotPrint, match=f"no room for an address such as {host}/mmmmmm .* choose a larger size"):
            press.check(design, notice, host)
        return
    record = press.prove_sheets(Job(design, notice), [replace(sheet, address=address)])
    reached = advice.reach(design, host)
    assert reached and record.distance_mm == pytest.approx(reached.distance_mm, abs=1), "what is said before holds"
    assert record.distance_mm >= 0.999 * design.reading_distance
    assert qr.reading_distance_mm(record.module_mm) >= record.distance_mm - 1
