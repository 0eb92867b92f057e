"""An uploaded CSV, TSV or XLSX file into rows, or every reason why not."""

from qrbridge.sheets.limits import check_size, receive
from qrbridge.sheets.sheet import BadRow, Row, Sheet, open_sheet, takes_long

__all__ = ["BadRow", "Row", "Sheet", "check_size", "open_sheet", "receive", "takes_long"]
