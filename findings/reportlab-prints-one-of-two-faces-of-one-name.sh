#!/usr/bin/env bash
# reportlab tells embedded typefaces apart by their PostScript name (name ID 6) alone, and not by the name or the file they
# were registered with. Instances cut from one variable font, regular and bold, often keep one PostScript name: then
# the second one drawn comes out in the outlines of the first, with no warning.
# Seen on 2026-12-01 with reportlab 5.1.0, fonttools 4.60.1, pypdfium2 5.15.2 and Python 3.11.7.
#
# Output then:
#   names of their own: bold is drawn as regular: False
#   one name for both: bold is drawn as regular: True
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    reportlab==5.1.0 fonttools==4.60.1 pypdfium2==5.15.2 numpy==2.3.5

cat > "$folder/draw.py" <<'PYTHON'
import io
import sys
from pathlib import Path

import pypdfium2
import reportlab
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as Face
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(reportlab.__file__).parent / "fonts"


def face(registered, file, postscript_name):
    font = TTFont(FONTS / file)
    for record in font["name"].names:
        if record.nameID == 6:
            record.string = postscript_name
    stream = io.BytesIO()
    font.save(stream)
    pdfmetrics.registerFont(Face(registered, io.BytesIO(stream.getvalue())))
    return registered


def letter(*faces):
    """A picture of one letter in the last of the faces, after one in each of the others on a page before."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(80, 80))
    for name in faces:
        canvas.setFont(name, 60)
        canvas.drawString(10, 20, "I")
        canvas.showPage()
    canvas.save()
    with pypdfium2.PdfDocument(stream.getvalue()) as document:
        return document[len(faces) - 1].render(scale=2).to_numpy()


def drawn_as_regular(regular, bold):
    return bool((letter(regular) == letter(regular, bold)).all())


own = drawn_as_regular(face("a", "Vera.ttf", "Own-Regular"), face("b", "VeraBd.ttf", "Own-Bold"))
one = drawn_as_regular(face("c", "Vera.ttf", "One"), face("d", "VeraBd.ttf", "One"))
print(f"names of their own: bold is drawn as regular: {own}")
print(f"one name for both: bold is drawn as regular: {one}")
sys.exit(0 if (own, one) == (False, True) else "reportlab behaves otherwise than written here")
PYTHON

"$folder/venv/bin/python" "$folder/draw.py"
