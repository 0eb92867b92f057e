"""Files that pages answer with, made for the moment: spreadsheets of lists and reports."""

import io
from collections.abc import Iterable, Sequence

from flask import Response, make_response

from qrbridge.spreadsheets import cells, export

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(rows: Iterable[Sequence[object]], name: str) -> Response:
    """Rows as a CSV file of that name, formulas neutralised."""
    text = io.StringIO(newline="")
    cells.write_csv(rows, text)
    # The mark at the front makes Excel read the file as UTF-8.
    return _file(text.getvalue().encode("utf-8-sig"), f"{name}.csv", CSV)


def as_workbook(rows: Iterable[Sequence[str]], name: str) -> Response:
    """Rows as an Excel file of that name, which is its sheet's too."""
    made = io.BytesIO()
    export.write_workbook(rows, made, name)
    return _file(made.getvalue(), f"{name}.xlsx", XLSX)


def _file(content: bytes, name: str, kind: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
