# Everything here creates .venv by itself; it needs Python 3.11 or newer and nothing else.

.DEFAULT_GOAL := help
.PHONY: help quickstart test check bench clean

BIN := .venv/bin
# Tests start many processes. Where Python may keep nothing that it compiled, each would compile the package anew.
TESTS := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n auto --dist worksteal
PINS := pyproject.toml constraints.txt
READY := .venv/.ready-to-run
READY_DEV := .venv/.ready-to-develop
UNFINISHED := .venv/.unfinished

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

quickstart: $(READY) ## train, evaluate and show a pronunciation model (minutes, on a processor)
	@$(BIN)/unspool run g2p

test: $(READY_DEV) ## the tests, without the documented samples that take minutes
	@$(TESTS) -m "not slow and not exhaustive"

check: $(READY_DEV) ## everything CI runs: format, lint, types, imports, tests, documented samples
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(TESTS) -m "not exhaustive"

bench: $(READY_DEV) ## which benchmarks there are, and the command of each
	@$(BIN)/python -m benchmarks

clean: ## remove what was built and cached; .venv and runs/ stay
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written after pip has succeeded. While pip works there is .venv/.unfinished: an interruption leaves it behind,
# perhaps with half a library, and the next run starts from an empty .venv. When pip itself gives up it leaves no halves.
# Tools for developing contain what running needs: their rule writes both stamps.
$(READY): $(PINS)
	@$(call install,train$(,)recipes)
	@touch $(READY)

$(READY_DEV): $(PINS)
	@$(call install,train$(,)recipes$(,)dev)
	@touch $(READY) $(READY_DEV)

, := ,

# Finds an interpreter, makes .venv where there is no working one, and installs ourselves with the extras $(1).
# An interrupted `python -m venv` can leave a .venv/bin/python that is the system's own Python: so `ours` asks whether
# it is an environment of its own, and --require-virtualenv keeps pip from ever writing anywhere else.
# Below `-q -q` pip still prints what went wrong, and nothing else.
define install
set -e; \
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'; \
ours='import os, sys; sys.exit(sys.prefix == sys.base_prefix or not os.path.samefile(sys.prefix, ".venv"))'; \
works() { $(BIN)/python -c "$$new_enough" && $(BIN)/python -c "$$ours" && $(BIN)/python -m pip --version; }; \
if [ -e $(UNFINISHED) ] || ! works >/dev/null 2>&1; then \
    for python in python3.11 python3.12 python3.13 python3.14 python3 none; do \
        if [ $$python = none ]; then \
            echo "Unspool needs Python 3.11 or newer, and none is on the PATH." >&2; \
            echo "Install one (https://www.python.org/downloads/), then run make again." >&2; \
            exit 1; \
        fi; \
        if $$python -c "$$new_enough" >/dev/null 2>&1; then break; fi; \
    done; \
    echo "Creating .venv with $$($$python --version)" >&2; \
    $$python -m venv --clear .venv; \
    $(BIN)/python -c "$$ours"; \
fi; \
echo "Installing Unspool and what it needs into .venv: minutes the first time, seconds later" >&2; \
touch $(UNFINISHED); \
status=0; \
$(BIN)/python -m pip --require-virtualenv install -q -q --disable-pip-version-check -c constraints.txt -e '.[$(1)]' || status=$$?; \
rm $(UNFINISHED); \
if [ $$status != 0 ]; then \
    echo "pip gave up. To see all it says: $(BIN)/python -m pip --require-virtualenv install -c constraints.txt -e '.[$(1)]'" >&2; \
fi; \
exit $$status
endef
