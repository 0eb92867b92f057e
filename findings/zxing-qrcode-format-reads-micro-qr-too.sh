#!/usr/bin/env bash
# In zxing-cpp's Python package 3.x `BarcodeFormat.QRCode` stands for the whole family: asked for it alone, `read_barcodes`
# also reads a Micro QR code (in 2.x it read none, and Micro QR was a format of its own). Whoever checks that what was
# printed is a code that every phone's camera reads, few of which read Micro QR, must ask for `QRCodeModel2`.
# Seen on 2026-12-01 with Python 3.11.7.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/read.py" <<'PYTHON'
import importlib.metadata
import sys

import numpy
import segno
import zxingcpp


def picture(code):
    rows = numpy.array([[0 if dark else 255 for dark in row] for row in code.matrix_iter(scale=8, border=6)])
    return rows.astype(numpy.uint8)


def formats(code, asked):
    return [found.format.name for found in zxingcpp.read_barcodes(picture(code), formats=asked)]


micro, full = segno.make_micro("1234"), segno.make_qr("HTTPS://EXAMPLE.ORG/")
asked = [name for name in ("QRCode", "QRCodeModel2") if hasattr(zxingcpp.BarcodeFormat, name)]
seen = {name: [formats(code, getattr(zxingcpp.BarcodeFormat, name)) for code in (micro, full)] for name in asked}
print(importlib.metadata.version("zxing-cpp"), seen)
sys.exit(0 if {name: [bool(one) for one in both] for name, both in seen.items()} == eval(sys.argv[1]) else 1)
PYTHON

try_with() { # a version of zxing-cpp, and what it reads of a Micro QR code and of a whole one
    python3 -m venv "$folder/$1"
    "$folder/$1/bin/python" -m pip install --quiet --disable-pip-version-check "zxing-cpp==$1" segno==1.6.6 numpy==2.3.5
    "$folder/$1/bin/python" "$folder/read.py" "$2"
}

try_with 2.3.0 "{'QRCode': [False, True]}"
try_with 3.1.1 "{'QRCode': [True, True], 'QRCodeModel2': [False, True]}"
