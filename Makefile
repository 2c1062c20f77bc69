# Everything a contributor runs; `make` alone lists it. Needs python3 (3.11 or newer) with pip, and nothing else.

PYTHON ?= python3
BIN := .venv/bin
UV := .tools/bin/uv
export UV_PYTHON_DOWNLOADS := never
export PYTHONUNBUFFERED := 1
# Whatever is compiled stays in __pycache__: tests begin many processes, and each would take seconds to do it again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench performance crash clauses picture lock sbom audit clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/run.stamp  ## the environment: .venv with the supporthub command
	@echo "setup: .venv is ready; $(BIN)/supporthub --help shows what it can do"

demo: .venv/run.stamp  ## the playground with demo data; Ctrl-C ends it
	@$(BIN)/supporthub demo

# The workers share the cores: threads of each would only wait for each other.
test: export OPENBLAS_NUM_THREADS := 1
test: .venv/dev.stamp  ## the whole test suite; ARGS="-k name" picks from it
	@$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -n 3 $(ARGS)

check: .venv/dev.stamp  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@! grep -n '://' requirements/*.txt || { echo "check: a lock names the place it was made from; see make lock"; exit 1; }
	@! git grep --no-index --exclude-standard -nIE '(pypi|pythonhosted|npmjs)[.](org|com)' -- . \
		|| { echo "check: name no package registry; whoever installs decides which one"; exit 1; }

bench: .venv/dev.stamp  ## the benchmarks as one table; FULL=1 for its largest sizes, ONLY="slack starting" for some parts
	@$(MAKE) --no-print-directory .tools/bench.stamp || echo "bench: Microsoft's frameworks cannot be installed here, so they are left out"
	@$(BIN)/python -m benchmarks $(ONLY)

performance: export WRITE = 1
performance: bench  ## the same, written into docs/performance.md

crash: TRIALS ?= 1000
crash: .venv/dev.stamp  ## the crash campaigns in full size; TRIALS=500 is half of each
	SUPPORTHUB_TEST_TRIALS=$(TRIALS) $(BIN)/python -m pytest tests/faults tests/security/test_isolation.py --timeout 7200 $(ARGS)

clauses: .venv/run.stamp  ## docs/clauses.md from the catalogues, docs/clauses.toml and the tests
	@$(BIN)/python -m docs.clauses

picture: .venv/dev.stamp  ## docs/playground.png, taken anew
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m docs.screenshot

lock: .tools/stamp  ## requirements/*.txt from pyproject.toml; UPGRADE=1 takes newer releases
	$(COMPILE) pyproject.toml --output-file requirements/run.txt
	$(COMPILE) pyproject.toml --group test --group check --constraints requirements/run.txt --output-file requirements/dev.txt
	$(COMPILE) --group build --constraints requirements/dev.txt --output-file requirements/build.txt
	$(COMPILE) --group bench --constraints requirements/run.txt --output-file requirements/bench.txt

sbom:  ## dist/sbom.cdx.json: what the product is made of, as CycloneDX, from requirements/run.txt
	@$(PYTHON) -m deploy.sbom

audit:  ## what is known against any package of requirements/*.txt; needs the network
	@$(PYTHON) -m deploy.audit

clean:  ## removes the environment, caches and builds
	rm -rf .venv .tools dist build test-artifacts .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# Hashes are required of everything that is fetched, the build backend included; only the checkout itself has none.
# Compiled now, or a first start would do it, and where PYTHONDONTWRITEBYTECODE is set every start.
INSTALL = $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python

# pip needs --target here: it works beside a distribution's own Python, and without the venv module.
.tools/stamp: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "setup: Python 3.11 or newer is needed; 'make setup PYTHON=python3.12' names another one"; exit 2; }
	@echo "setup: fetching uv, which installs the rest, into .tools"
	@rm -rf .tools
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then python="$(PYTHON)"; \
	elif $(PYTHON) -m venv .tools/pip >/dev/null 2>&1; then python=.tools/pip/bin/python; \
	else echo "setup: this Python has neither pip nor ensurepip; on Debian: apt-get install python3-pip"; exit 2; fi; \
	PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 $$python -m pip install --quiet --quiet --disable-pip-version-check --no-deps \
		--only-binary :all: --require-hashes --target .tools --requirement requirements/build.txt
	@touch $@

.venv/run.stamp: .tools/stamp requirements/run.txt pyproject.toml
	@echo "setup: installing what requirements/run.txt lists, and supporthub itself, into .venv"
	@$(BIN)/python -c '' 2>/dev/null \
		|| $(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	@$(INSTALL) --require-hashes --requirement requirements/run.txt
	@$(INSTALL) --no-deps --build-constraints requirements/build.txt --require-build-hashes --editable .
	@$(BIN)/python -m compileall -q app adapters bot store rules
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@echo "setup: adding what the tests and checks need, as requirements/dev.txt lists it"
	@$(INSTALL) --no-compile-bytecode --require-hashes --requirement requirements/dev.txt
	@touch $@

.tools/bench.stamp: .venv/run.stamp requirements/bench.txt
	@echo "bench: installing what requirements/bench.txt lists into .tools/bench, for the benchmarks alone"
	@$(UV) venv --quiet --clear --python $(BIN)/python .tools/bench
	@$(UV) pip install --quiet --compile-bytecode --python .tools/bench/bin/python --require-hashes --requirement requirements/bench.txt
	@touch $@
