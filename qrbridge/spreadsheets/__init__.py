"""An uploaded CSV, TSV or XLSX file into rows, or every reason why not."""

from qrbridge.spreadsheets.limits import check_size, receive
from qrbridge.spreadsheets.sheet import BadRow, Row, Sheet, open_sheet, takes_long

__all__ = ["BadRow", "Row", "Sheet", "check_size", "open_sheet", "receive", "takes_long"]
