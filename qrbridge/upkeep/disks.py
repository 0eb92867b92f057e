"""What kind of file system a folder is on, where Linux says so."""

from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
# They write what is changed to a new place, so that writing over what is there needs room too.
COPYING = frozenset({"btrfs", "zfs", "bcachefs"})


def kind(folder: Path, mounts: Path = MOUNTS) -> str:
    """The file system that a folder is, or would be, on, such as ext4; empty where that is not known."""
    try:
        lines = [line.split(" ") for line in mounts.read_text("utf-8", "replace").splitlines()]
    except OSError:
        return ""
    # A space in a name is written so; of two mounted at one place the later one is seen.
    places = {_plain(place): kind for _, place, kind, *_ in lines}
    return next((places[str(one)] for one in (folder.absolute(), *folder.absolute().parents) if str(one) in places), "")


def _plain(place: str) -> str:
    return place.replace("\\040", " ").replace("\\134", "\\")
