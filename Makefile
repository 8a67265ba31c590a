# Panorama: the commands a newcomer needs. Without make, see "Without make" in README.md.

PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= 127.0.0.1
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help run build test test-long pictures check lint format types bench lock texts clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(READY) ## set up, build the edition, serve it (PORT=8501)
	@$(BIN)/panorama build
	@$(BIN)/panorama serve --port $(PORT) --address $(ADDRESS)

build: $(READY) ## build the edition only
	@$(BIN)/panorama build

test: $(READY) ## set up and run every test, those in a real browser included
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-long: $(READY) ## the same with thousands of generated cases where make test tries a hundred
	@$(BIN)/python -m tests.browser.chromium
	PANORAMA_TEST_LONG=1 $(BIN)/python -m pytest -n 2 --dist loadfile

pictures: $(READY) ## make the pictures of the key views anew, after a change that is meant (look at them)
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -q tests/browser/test_key_views.py --rewrite-golden

check: $(READY) lint types ## format, lint, types and the tests without a browser
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser"

lint: $(READY) ## check format and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(READY) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(READY) ## check the types
	$(BIN)/pyright --pythonpath $(BIN)/python

bench: $(READY) ## measure the speed budgets against a bare page served the same way
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m benchmarks.run

texts: $(READY) ## bring the catalogues of translations up to date with the code
	$(BIN)/python -m dashboard.locale_tools

lock: ## pin every package by hash (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--extra dev pyproject.toml -o requirements.lock

clean: ## remove the environment and what was built
	rm -rf .venv data/editions .pytest_cache .ruff_cache

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Panorama needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing; install it (Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Installing the locked packages …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(READY)
