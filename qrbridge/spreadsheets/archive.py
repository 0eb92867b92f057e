"""The zip archive of a workbook, which gives out no more of itself than can be read in little memory and time."""

import zipfile
from pathlib import Path
from typing import IO, Any, Literal, cast

from qrbridge.errors import UnreadableFile

# 200,000 rows of eight columns are 92 MB of XML, at 13 to 1. A bomb is a thousand to one.
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
SMALL_PART = 1024 * 1024

# Shared texts are held in memory as they are on file.
MAX_SHARED = 24 * 1024 * 1024

# Styles, names and relations become ten times their size in objects. Excel's 64,000 cell formats are far beyond use.
MAX_WHOLE = 2 * 1024 * 1024

# Tags between one row's end and the next: 256 cells of ten each are 2,560. All of a row is held until it ends.
MAX_TAGS = 50_000

# A row leaves some 70 bytes behind once it is read, so not all of Excel's million are room for 200,000 good ones.
MAX_ROW_ENDS = 400_000

# How a row and a shared text end, with or without a namespace's prefix.
ROW_ENDS = (b"</row>", b":row>")
ENDS = (*ROW_ENDS, b"</si>", b":si>")

TOO_MUCH = (
    "This workbook unpacks to more than can be read safely. "
    "Copy the rows that matter into a new workbook, or save it as “CSV UTF-8”, and upload that."
)


class Archive(zipfile.ZipFile):
    """A workbook's archive; `UnreadableFile` where it, or a part that is asked for, is too much."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        parts = self.infolist()
        steep = any(part.file_size > SMALL_PART and part.file_size > MAX_RATIO * part.compress_size for part in parts)
        if steep or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise UnreadableFile(TOO_MUCH)

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """A whole part."""
        self.check(name, MAX_WHOLE)
        with super().open(name, "r", pwd) as part:
            return part.read()

    def open(self, name: Any, mode: Literal["r", "w"] = "r", *args: Any, **more: Any) -> IO[bytes]:
        """A part to be read piece by piece."""
        return cast(IO[bytes], Part(super().open(name, mode, *args, **more)))

    def check(self, name: Any, most: int) -> None:
        """Refuse a part of more than so many bytes."""
        if self.getinfo(getattr(name, "filename", name)).file_size > most:
            raise UnreadableFile(TOO_MUCH)


class Part:
    """A part of XML read piece by piece, as long as one row of it is not too much."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._tags = self._rows = 0

    def read(self, size: int = -1) -> bytes:
        """The next piece."""
        piece = self._source.read(size)
        last = max(piece.rfind(end) for end in ENDS)
        self._tags = piece.count(b"<", last) if last >= 0 else self._tags + piece.count(b"<")
        self._rows += sum(map(piece.count, ROW_ENDS))
        if self._tags > MAX_TAGS or self._rows > MAX_ROW_ENDS:
            raise UnreadableFile(TOO_MUCH)
        return piece

    def close(self) -> None:
        """Let go of the source."""
        self._source.close()

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
