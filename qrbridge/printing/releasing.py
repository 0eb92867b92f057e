"""Files that come under their names together, or not at all."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from qrbridge.errors import CannotPrint


class Release:
    """Files written beside their final names, until `place` puts all of them there."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = files
        self.drafts = [_beside(path, "part") for path in files]
        self._old = [_beside(path, "old") for path in files]
        self._undo = contextlib.ExitStack()

    def place(self) -> None:
        """Put every file under its name. Call it last in a transaction: whatever fails by its end takes them back."""
        for draft, path, old in zip(self.drafts, self.files, self._old, strict=True):
            if path.exists():
                _put_by(path, old)
                self._undo.callback(old.replace, path)
            else:
                self._undo.callback(path.unlink, missing_ok=True)
            draft.replace(path)

    def take_back(self) -> None:
        """Put what stood under the names before back there."""
        self._undo.close()

    def clear(self) -> None:
        """Take away what is left beside the names."""
        for path in (*self.drafts, *self._old):
            # What is placed or taken back stands as it should, whatever is left beside it.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def released(files: Sequence[Path]) -> Iterator[Release]:
    """Files to write and then to `place`; where anything fails, before or after, what was there before stays.

    Raises `CannotPrint` where the folder refuses.
    """
    release = Release(files)
    try:
        yield release
    except OSError as error:
        release.take_back()
        raise CannotPrint(
            f"{files[0]} cannot be written: {error.strerror or error}. Nothing was printed: look at the folder and the "
            "room left on the disk, then print again."
        ) from error
    except BaseException:
        release.take_back()
        raise
    finally:
        release.clear()


def _put_by(path: Path, old: Path) -> None:
    """Keep a file under a second name; where a file can have only one, under that alone."""
    try:
        os.link(path, old)
    except OSError:
        if not path.is_file():
            raise
        path.replace(old)


def _beside(path: Path, kind: str) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{kind}")
