"""A flood in which every request says it is another browser, and what it does to everyone else."""

from bench.figures import Figure, at_least, at_most
from bench.installation import installation
from bench.load import code_file, constant, needs_wrk, wrk
from bench.processes import bridge

LINKS = 1_000
SECONDS = 10
FLOOD_TARGET = 2_000
OTHERS_TARGET_MS = 20.0
# Others: a busy day of a county, and far above it.
OTHERS_RATE = 200


def measure() -> list[Figure]:
    """Requests a second of the flood, and the latency of known phones beside it."""
    needs_wrk()
    with installation(LINKS) as made, bridge(made.settings) as served:
        codes = code_file(made.settings.instance, made.codes)
        with constant(served.port, codes, OTHERS_RATE, SECONDS) as alone:
            pass
        with constant(served.port, codes, OTHERS_RATE, SECONDS - 2) as others:
            flood = wrk(served.port, codes, SECONDS, agents="never")
        return [
            Figure("flood", flood.rate, "requests/s", at_least(FLOOD_TARGET), f"failed {flood.failed}"),
            Figure("flood, p99", flood.p99_ms, "ms"),
            Figure("others alone, p99", alone[0].p99_ms, "ms", note=f"{OTHERS_RATE} a second"),
            Figure("others beside the flood, p50", others[0].p50_ms, "ms"),
            Figure(
                "others beside the flood, p99",
                others[0].p99_ms,
                "ms",
                at_most(OTHERS_TARGET_MS),
                f"failed {others[0].failed}",
            ),
        ]
