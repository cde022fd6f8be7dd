# `make help` lists what there is. Each target sets up what it lacks and says so.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo run worker stop
demo: $(READY) ## Start a demonstration: a synthetic year for one police area, with personas to sign in as
	@ALONGSIDE_DEMO=1 $(BIN)/alongside demo

run: $(READY) ## Serve the application (docs/operator.md says what to set)
	@$(BIN)/alongside serve

worker: $(READY) ## Run background jobs
	@$(BIN)/alongside worker

stop: $(READY) ## Stop the demonstration and its embedded database
	@$(BIN)/alongside stop

# Branch coverage is complete where a mistake costs most; see CONTRIBUTING.md.
COVERED := */rules.py,*/actions.py,*/lifecycle.py,alongside/core/*

.PHONY: test journeys bench
test: $(READY) ## Run every test, and the browser journeys where Chromium can be had
	@journeys=; scripts/browser || { journeys=--ignore=tests/journeys; echo "The browser journeys are left out."; }; \
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report= $$journeys
	@$(BIN)/coverage report --skip-covered | tail -n 1
	@$(BIN)/coverage report --include="$(COVERED)" --fail-under=100

journeys: $(READY) ## Run the browser journeys alone
	@scripts/browser
	@$(BIN)/python -m pytest tests/journeys

bench: $(READY) ## Measure, in ratios within one run; results go to benchmarks/
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: check docs decision lock clean
check: $(READY) ## Run every check, and count what fails
	@$(BIN)/python scripts/check.py

docs: $(READY) ## Write docs/generated/ again from the code
	@$(BIN)/alongside docs

decision: $(READY) ## Start a decision record: make decision title="Names are not encrypted"
	@$(BIN)/python scripts/decision.py "$(title)"

COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11
lock: $(READY) ## Compile the hash-pinned requirements again (UPGRADE=--upgrade for newer versions)
	@$(COMPILE) $(UPGRADE) requirements/installer.in -o requirements/installer.lock
	@$(COMPILE) $(UPGRADE) pyproject.toml -o requirements/base.lock
	@$(COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements/base.lock -o requirements/dev.lock

clean: ## Remove caches and reports; the virtual environment and var/ stay
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov build *.egg-info

# The virtual environment holds exactly what the lock files say, and is made again when they change.
$(READY): requirements/installer.lock requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Python 3.11 or newer is needed. If you have it under another name: make PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || { echo "Making a virtual environment in $(VENV)"; $(PYTHON) -m venv $(VENV); } \
	|| { echo "On Debian and Ubuntu: sudo apt-get install python3-venv"; rm -rf $(VENV); exit 1; }
	@echo "Installing the pinned packages into $(VENV) (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/installer.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/installer.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@
