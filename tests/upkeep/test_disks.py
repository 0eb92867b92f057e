"""Which file system a folder is on."""

from pathlib import Path

import pytest

from qrbridge.upkeep import disks

MOUNTS = r"""overlay / overlay rw 0 0
/dev/sda1 /srv ext4 rw 0 0
tank/q /srv/q\040r zfs rw 0 0
/dev/sdb1 /srv/q\040r/instance btrfs rw 0 0
tmpfs /srv/q\040r/instance tmpfs rw 0 0
"""
CASES = [
    ("/srv/q r", "zfs"),
    ("/srv/q r/not made yet", "zfs"),
    ("/srv/q r/instance/journal", "tmpfs"),
    ("/srv/q", "ext4"),
    ("/home", "overlay"),
]


@pytest.mark.parametrize(("folder", "kind"), CASES)
def test_the_nearest_mount_tells_it(tmp_path: Path, folder: str, kind: str):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert disks.kind(Path(folder), mounts) == kind


def test_where_nothing_tells_it_nothing_is_said(tmp_path: Path):
    assert disks.kind(tmp_path, tmp_path / "none") == ""
