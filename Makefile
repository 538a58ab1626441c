# Muniment. `make` prints what there is.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help demo setup test check types imports fmt lint bench quality catalogues docs serve gold upstream

help: ## what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## the sample archive, open at http://127.0.0.1:8000
	$(BIN)/python -m webui.demo

setup: $(VENV)/.complete ## an environment in .venv with everything

# whoosh3 first, alone, by its hash; the reason is docs/decisions/0003-whoosh3-by-hash.md.
$(VENV)/.complete: pyproject.toml constraints.txt requirements-whoosh.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --upgrade pip
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements-whoosh.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable .
	$(BIN)/python tests/imports_of_dependencies.py
	touch $@

test: setup ## every test that this machine can run; what it cannot run is named
	$(BIN)/python -m pytest

check: lint types imports test ## what CI runs

lint: setup ## form and habits of the code
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: setup ## mypy, strict
	$(BIN)/mypy

imports: setup ## the arrows between the rooms
	$(BIN)/lint-imports

fmt: setup ## put the code into its form
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --fix .

bench: setup ## the full forms of what must be shown; needs MUNIMENT_DATA
	failed=; for program in journey keeping intake numbers hostile_queries costly_queries together \
	    passages names "kills --number 100" "duplicates --documents 100000" \
	    "load --documents 100000" "speed --documents 100000 --peers" growth "growth --draw"; do \
	  echo "benchmarks.$$program"; $(BIN)/python -m benchmarks.$$program || failed="$$failed; $$program"; \
	done; [ -z "$$failed" ] || { echo "failed: $${failed#; }"; exit 1; }

quality: setup ## figures of reading, against their floors; needs MUNIMENT_DATA
	$(BIN)/python -m benchmarks.quality

catalogues: setup ## the sentences of the interface, to be translated: webui/translations
	$(BIN)/python -m webui.catalogues

docs: setup ## pages that are made from the code, and the pictures
	$(BIN)/python -m benchmarks.pictures

gold: setup ## accept what tests/gold/*.actual say
	for actual in tests/gold/*.actual; do [ -e "$$actual" ] && mv "$$actual" "$${actual%.actual}"; done; true

serve: setup ## the archive of the nearest config.toml
	$(BIN)/muniment serve

upstream: setup ## the engine's tests on whoosh 2.7.4, the last upstream release
	$(PYTHON) -m venv .venv-upstream
	$(BIN)/python -m pip freeze --exclude-editable | grep -v '^whoosh3' > .venv-upstream/others.txt
	.venv-upstream/bin/python -m pip install --quiet --requirement .venv-upstream/others.txt whoosh==2.7.4
	.venv-upstream/bin/python -W ignore -m pytest -W ignore::SyntaxWarning -W ignore::DeprecationWarning tests/contract/test_engine.py tests/indexer/engine
