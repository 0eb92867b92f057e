"""A PDF file written as it goes: objects leave memory when they are done, and only their offsets stay."""

import hashlib
import zlib
from array import array
from typing import IO

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
"""The second line's high bytes tell programs that pass the file on that it is not text."""
NOT_WRITTEN = 0
COMPRESSION = 6
"""zlib's own middle way; 9 takes twice as long for 1 % less."""


class PdfFile:
    """An open PDF file. Numbers may be reserved before what they stand for is known."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._offsets = array("Q", [NOT_WRITTEN])
        self._digest = hashlib.sha256()
        self._position = 0
        self._write(HEADER)

    def reserve(self) -> int:
        """Take the number of an object to be written later."""
        self._offsets.append(NOT_WRITTEN)
        return len(self._offsets) - 1

    def put(self, number: int, body: str) -> int:
        """Write the object whose number was reserved."""
        self._put(number, body.encode("latin-1"))
        return number

    def add(self, body: str) -> int:
        """Write an object and give its number."""
        return self.put(self.reserve(), body)

    def add_stream(self, data: bytes, entries: str = "") -> int:
        """Write data, compressed, with further entries for its dictionary, and give its number."""
        packed = zlib.compress(data, COMPRESSION)
        head = f"<<{entries}/Filter/FlateDecode/Length {len(packed)}>>stream\n".encode("latin-1")
        number = self.reserve()
        self._put(number, head + packed + b"\nendstream")
        return number

    def close(self, root: int, info: int) -> None:
        """Write the table of offsets; the file's identity is a digest of what it holds, so the same comes out again."""
        start, count = self._position, len(self._offsets)
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n".encode())
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset)
        identity = self._digest.hexdigest()[:32]
        self._write(
            f"trailer\n<</Size {count}/Root {root} 0 R/Info {info} 0 R/ID[<{identity}><{identity}>]>>\n"
            f"startxref\n{start}\n%%EOF\n".encode()
        )

    def _put(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._position
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self._position += len(data)


def text_string(text: str) -> str:
    """Write text as a PDF string that any reader decodes."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
