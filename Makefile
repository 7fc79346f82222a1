# `make playground` and `make test` work as the first command on a fresh machine:
# they make .venv themselves, from the hash-locked requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help install test check lint types imports format lock clean

help:
	@echo "make playground   a working committee in your browser"
	@echo "make demo         the main job, headless, on real ideas"
	@echo "make test         every test, on SQLite and PostgreSQL"
	@echo "make check        ruff, mypy, import-linter, lock and docs consistency"

$(VENV)/.stamp-install: requirements-dev.lock pyproject.toml
	@echo "==> creating $(VENV) (first run only)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "==> installing the locked requirements"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -q -e .
	@touch $@

install: $(VENV)/.stamp-install

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports

check: lint types imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist *.egg-info
