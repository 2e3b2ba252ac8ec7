PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test install install-dev chromium servers lint eval

run: .venv/installed
	$(BIN)/python app.py

test: .venv/installed-dev chromium servers
	$(BIN)/ruff check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile

install: .venv/installed

eval: .venv/installed-dev
	$(BIN)/python -m eval

.venv/installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt
	touch $@

# Browser tests need Debian's Chromium; where it cannot be installed they are skipped and counted as skipped.
chromium:
	@if [ ! -x /usr/bin/chromium ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq chromium >/dev/null; fi

# Tests of a shared library need Debian's PostgreSQL and nginx; where they cannot be installed they are skipped and counted so.
servers:
	@if ! { ls /usr/lib/postgresql/*/bin/pg_ctl && command -v nginx; } >/dev/null 2>&1 && \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq postgresql nginx >/dev/null; fi
