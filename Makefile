# Two commands do all the set-up: `make demo` and `make test`. Everything else builds on the same environment.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=

CORE_STAMP := $(VENV)/.core-stamp
DEV_STAMP  := $(VENV)/.dev-stamp

# On all cores, once: pip would do it on one, and leaving it out makes every first start slow. Nobody runs libraries' tests, and
# nothing here imports the others that are left out.
UNUSED := tests?|testing|hive_metastore|pygments/lexers|phonenumbers/shortdata|pydantic/v1|dialects/(mssql|mysql|oracle)
COMPILE = $(BIN)/python -m compileall -q -j 0 -x '/($(UNUSED))/' $(VENV)/lib src >/dev/null 2>&1 || true

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench drill clean

help: ## Show this help
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"rastup needs Python 3.11 or newer; {sys.executable} is {v.major}.{v.minor}. Name another one: make PYTHON=python3.12 …")'
	@echo "==> creating the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip uninstall -qq --yes --disable-pip-version-check setuptools  # of older Pythons; nothing here uses it

$(CORE_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "==> installing rastup (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e .
	@$(COMPILE)
	@touch $@

$(DEV_STAMP): $(CORE_STAMP) | $(BIN)/python
	@echo "==> installing what the tests need (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[dev]'
	@$(COMPILE)
	@touch $@

# A Kafka broker for the tests, where Go is to be had. Without one its tests are skipped, with a word.
BROKER        := $(VENV)/kafka-broker
BROKER_STAMP  := $(VENV)/.broker-stamp
BROKER_SOURCE := tests/integration/bus/broker

$(BROKER_STAMP): $(BROKER_SOURCE)/main.go $(BROKER_SOURCE)/go.sum | $(BIN)/python
	@if command -v go >/dev/null; then \
	  echo "==> building the Kafka broker of the tests (once; a minute or two)"; \
	  (cd $(BROKER_SOURCE) && timeout 600 go build -trimpath -o $(abspath $(BROKER)) .) \
	    || echo "==> it cannot be built here; the tests of Kafka are skipped"; \
	else echo "==> no Go here to build the Kafka broker of the tests with; the tests of Kafka are skipped"; fi
	@touch $@

demo: $(CORE_STAMP) ## Run a living marketplace and open its console (ARGS=--once: build, check, exit)
	@$(BIN)/rastup up --demo $(ARGS)

test: $(DEV_STAMP) $(BROKER_STAMP) ## Run the tests (ARGS passes on to pytest)
	@$(BIN)/python -m pytest -m "not drill" --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

check: $(DEV_STAMP) ## Lint, types, layers, SQL, contracts
	@$(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint transform/models --processes 2 --disable-progress-bar
	@$(BIN)/rastup contracts check

format: $(DEV_STAMP) ## Format the code
	@$(BIN)/ruff format src tests benchmarks
	@$(BIN)/ruff check --fix src tests benchmarks

bench: $(DEV_STAMP) ## Run the benchmarks and write benchmarks/results
	@$(BIN)/python -m benchmarks $(ARGS)

drill: $(DEV_STAMP) ## Run the fault drills (long)
	@$(BIN)/python -m pytest -m drill --timeout 3600 $(ARGS)

clean: ## Remove the environment, caches and the demo's data
	@if [ -f .rastup/state/demo-key.json ]; then rm -rf .rastup; fi  # another deployment's data are not ours to remove
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis transform/target transform/logs
