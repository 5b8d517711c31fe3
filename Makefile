# Two commands matter: `make run` and `make test`. Each sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Variables of another environment or project would send our tools astray.
export PYTHONPATH :=
export DBT_PROFILES_DIR :=
unexport PYTHONPATH
unexport DBT_PROFILES_DIR

.DEFAULT_GOAL := help
.PHONY: help run test bench docs lint lock clean env

help:  ## What there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

env: $(READY)  ## The Python environment in .venv

# The stamp is written last and names the lock it was made from: an interrupted or outdated
# environment is mended, a damaged one is made anew.
$(READY): requirements.lock pyproject.toml scripts/environment.sh
	@PYTHON="$(PYTHON)" sh scripts/environment.sh $(VENV)

run: $(READY)  ## Load the examples, build the marts, make the docs
	@$(BIN)/hindcast up
	@$(BIN)/dlt pipeline run
	@$(BIN)/dbt build --quiet
	@$(BIN)/dbt docs generate --static --quiet
	@$(BIN)/python scripts/next_steps.py

test: $(READY) lint  ## Lint, types, unit, dbt and integration tests
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

bench: $(READY)  ## The benchmark, with its peers, in one run
	@$(BIN)/python -m bench

docs: $(READY)  ## The docs site as one file: target/static_index.html
	@$(BIN)/dbt docs generate --static --quiet
	@echo "open target/static_index.html"

lint: $(READY)  ## ruff, mypy, sqlfluff, generated examples up to date
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 2 models tests/dbt
	@$(BIN)/python -m examples.generate --check

lock: $(READY)  ## Renew requirements.lock (no index address is written)
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-strip-extras --no-header --no-annotate --quiet --upgrade \
		-o requirements.lock

clean:  ## Stop the server; remove environment, warehouse and everything generated
	@if [ -x $(BIN)/hindcast ]; then $(BIN)/hindcast down || true; fi
	@rm -rf $(VENV) .hindcast target logs .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -rf *.egg-info
