# Everything one does to this project, by name. `make` alone lists it.

VENV := .venv
BIN := $(VENV)/bin
ASSETS := src/dingdan/assets/vendor/manifest.json
# The sample data of the replay, too large to be kept here.
DINGDAN_SAMPLES ?= ../shared/data
RETAIL = $(DINGDAN_SAMPLES)/online_retail

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Our commands start all the time, and twice as fast where Python keeps what it has read.
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help install demo test package-test browser browser-test screenshots lint format prove replay bench docs lock build clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/.project ## Prepare everything in .venv; a second time does nothing

demo: install ## Start a filled shop on this machine; Ctrl-C ends it
	$(BIN)/dingdan demo

test: install browser ## Lint, build the package and try it in an empty place, then run the tests
	@$(MAKE) --jobs 2 --output-sync=target lint package-test
	$(BIN)/pytest --numprocesses 3 --dist worksteal --ignore tests/packaging --ignore tests/browser
	@$(MAKE) browser-test

# By themselves: the browser's driver holds the loop that other tests wait in.
browser-test: install browser
	$(BIN)/pytest --numprocesses 2 --dist worksteal tests/browser

browser: ## Install Debian's Chromium and a Chinese font, for the tests of pages (as root; else it says what is missing)
	scripts/get-browser

screenshots: install browser ## Leave a picture of every screen in build/screenshots
	DINGDAN_PICTURES=build/screenshots $(BIN)/pytest --numprocesses 2 tests/browser/test_screens.py

package-test: install
	$(BIN)/pytest --confcutdir tests/packaging tests/packaging

lint: install ## Check style, types, the fence between the areas, and spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

format: install ## Put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# What measures time runs alone; the long lives, the whole replay among them, then go two at a time.
LONG := tests/replay tests/simulation tests/surfaces
prove: install ## The long runs: floods, kills, whole simulations, the two years of the replay
	$(BIN)/pytest -m prove --timeout 0 $(LONG:%=--ignore %)
	$(BIN)/pytest -m prove --timeout 0 --numprocesses 2 --dist worksteal $(LONG)

# In a database of its own, beside the demo's.
replay: export DINGDAN_DATA_DIR := dingdan-data/replay
replay: install ## Send two years of a real shop's orders and returns through the program
	$(BIN)/dingdan replay online-retail $(RETAIL)/online_retail_II.csv.xz --plan $(RETAIL)/return_plan.csv.xz
	$(BIN)/dingdan check --settled

bench: install ## Measure how many orders a second go through
	$(BIN)/dingdan bench

docs: install ## Write the generated documents anew
	$(BIN)/dingdan docs

# With UPGRADE=1 every Python package moves to its newest release; npm's are named exactly in package.json.
COMPILE = $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --annotation-style line --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

define WITHOUT_FUNDING
import json, pathlib
path = pathlib.Path("package-lock.json")
lock = json.loads(path.read_text())
for package in lock["packages"].values():
    package.pop("funding", None)
path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
endef
export WITHOUT_FUNDING

lock: $(VENV)/.requirements ## Resolve the dependencies and write the lock files; UPGRADE=1 for the newest
	$(COMPILE) --output-file requirements/runtime.txt pyproject.toml
	$(COMPILE) --extra dev --constraint requirements/runtime.txt --output-file requirements/dev.txt pyproject.toml
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund
	@# Where somebody asks for money is an address, and a lock file names none.
	$(BIN)/python -c "$$WITHOUT_FUNDING"

build: install ## Build the source distribution and the wheel into dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation

clean: ## Remove everything that make has made
	rm -rf $(VENV) build dist $(dir $(ASSETS)) .*_cache .hypothesis

# Stamps, so that nothing is done twice.

$(VENV)/.requirements: requirements/dev.txt scripts/make-venv
	scripts/make-venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/dev.txt
	@touch $@

$(ASSETS): package.json package-lock.json hatch_build.py styles/kit.scss | $(VENV)/.requirements
	$(BIN)/python hatch_build.py

$(VENV)/.project: pyproject.toml $(VENV)/.requirements | $(ASSETS)
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
