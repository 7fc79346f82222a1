# `make playground` and `make test` work as the first command on a fresh machine with Python 3.11+, pip and make:
# they make .venv themselves, from the hash-locked requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TESTS ?= tests
WORKERS ?= 2
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --quiet

# Processes that tests start would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install test night check lint types imports safe audit house format browser screenshots playground demo sample bench lock migration clean

help:
	@echo "make playground   a working committee in your browser, with a Slack of its own"
	@echo "make demo         the main job, headless, on real ideas"
	@echo "make test         every test, on SQLite and PostgreSQL (TESTS=tests/db for some)"
	@echo "make night        every test at length, on both engines (hours; TESTS=tests/survival for some)"
	@echo "make check        ruff, mypy, import-linter, bandit, lock and docs consistency"
	@echo "make audit        known vulnerabilities in what is pinned (asks the network)"
	@echo "make bench        the benchmarks"
	@echo "make sample       play the season anew that the playground begins after"
	@echo "make screenshots  take the README's pictures of the playground anew"
	@echo "make format       put the code in order"
	@echo "make lock         pin the newest versions that pyproject.toml allows"
	@echo "make migration SAYS='Add a column'   draft a migration from the models"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Touchstone needs Python 3.11 or newer; say where it is: make PYTHON=python3.12"; exit 1; }
	@echo "==> creating $(VENV) (first run only)"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)

$(VENV)/.stamp-run: requirements.lock | $(BIN)/python
	@echo "==> installing what requirements.lock pins (the first time only)"
	@$(PYTHON) .ci/install.py requirements.lock
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "==> installing what requirements-dev.lock pins (the first time only)"
	@$(PYTHON) .ci/install.py requirements-dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@touch $@ $(VENV)/.stamp-run

install: $(VENV)/.stamp-dev

playground: $(VENV)/.stamp-run
	$(BIN)/python -m bot playground

demo: $(VENV)/.stamp-run
	$(BIN)/python -m bot demo

test: install browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

night: install browser
	TOUCHSTONE_NIGHTLY=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

check: lint types imports safe house

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

safe: install
	$(BIN)/bandit --quiet --configfile .bandit.yaml --recursive bot workflows db playground

# Not part of check: it asks a service on the network about every pinned version.
audit: install
	$(BIN)/pip-audit --requirement requirements.lock --disable-pip --require-hashes --strict

imports: install
	$(BIN)/lint-imports

house: install
	$(BIN)/python -m pytest tests/house

# After a change of the bot's words: a test compares what the playground begins with.
sample: install
	$(BIN)/python -m bot demo --keep bot/data/sample-programme.zip

bench: install
	$(BIN)/python -m benchmarks

screenshots: install browser
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: install
	$(COMPILE) --upgrade --output-file requirements.lock
	$(COMPILE) --upgrade --group dev --output-file requirements-dev.lock

migration: install
	$(BIN)/alembic -x url=sqlite:///$(VENV)/migration.db upgrade head
	$(BIN)/alembic -x url=sqlite:///$(VENV)/migration.db revision --autogenerate --message "$(SAYS)"

# Tests in a browser use the distribution's Chromium; without it they are skipped, on CI they fail.
browser:
	@if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "==> installing Chromium for the tests in a browser (apt-get, once)"; \
		{ apt-get update && apt-get install --yes --no-install-recommends chromium; } || \
			echo "==> Chromium could not be installed; the tests that need it say so"; \
	else echo "==> no Chromium here: the tests in a browser will be skipped"; fi

clean:
	rm -rf $(VENV) build dist *.egg-info
