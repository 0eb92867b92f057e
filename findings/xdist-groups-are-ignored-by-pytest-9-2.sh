#!/usr/bin/env bash
# With pytest 9.2.0, pytest-xdist 3.8.0 ignores `xdist_group` marks under `--dist loadgroup`, in silence: the tests of one
# group are given to different workers, so what one of them made is made again or missed by the others. xdist writes the
# group behind an `@` into each test's id, and pytest 9.2 no longer lets an id be changed after collection. With pytest
# 9.1.1 and the same xdist they stay together.
# Seen on 2026-12-01 with Python 3.11.7.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/test_group.py" <<'PYTHON'
import os

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(40))
def test_says_where_it_runs(number):
    with open(os.environ["WORKERS"], "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\n")
PYTHON

workers() { # the number of workers that ran the one group, with a version of pytest
    python3 -m venv "$folder/$1"
    "$folder/$1/bin/python" -m pip install --quiet --disable-pip-version-check "pytest==$1" pytest-xdist==3.8.0
    WORKERS="$folder/$1/workers" "$folder/$1/bin/python" -m pytest -q -n 2 --dist loadgroup -p no:cacheprovider \
        "$folder/test_group.py" > "$folder/$1/output"
    sort -u "$folder/$1/workers" | wc -l | tr -d ' '
}

before=$(workers 9.1.1)
now=$(workers 9.2.0)
echo "pytest 9.1.1: $before worker; pytest 9.2.0: $now workers"
[ "$before" = 1 ] && [ "$now" = 2 ]
