PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test install install-dev chromium lint eval

run: .venv/installed
	$(BIN)/python app.py

test: .venv/installed-dev chromium
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

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
