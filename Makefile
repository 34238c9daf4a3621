# Each target does its own set-up; a machine needs Python 3.11 or newer, and make.
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN := .venv/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
# By the environment, since a flag would not reach what builds the package.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
# Where whole runs of the instruments keep what they counted: `make docs` writes it on the page.
FIGURES := docs/explanation/failure.json

.PHONY: help install demo test lint types imports unit coverage faults faults-real fuzz canaries docs made-pages site pages chromium clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 28

install: .venv/.cli ## fkube and kubectl-fkube in .venv/bin

demo: .venv/.cli ## create, get, plan and delete the manifests of examples/ on the embedded cluster
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: lint types imports unit ## everything but the real server: style, types, layers, tests

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.dev
	$(BIN)/mypy
	$(BIN)/python docs/typed.py --check

imports: .venv/.dev
	$(BIN)/lint-imports

unit: .venv/.dev
	$(BIN)/pytest -n 2

coverage: .venv/.dev ## the tests again, with which lines and branches they reach: twice as long
	$(BIN)/pytest --cov --cov-report=term -n 2

faults: .venv/.dev ## what a report promises, kept whatever befalls requests: FAULTS=10000 schedules
	FIGURES=$(FIGURES) $(BIN)/python -m tests.faults.whole

faults-real: .venv/.dev ## the same before a real kube-apiserver, 300 schedules of create, both applies and delete
	FIGURES=$(FIGURES) $(BIN)/python -m tests.faults.whole --real 300

fuzz: .venv/.dev ## FUZZ (1,000,000) inputs over all that takes text, bytes or JSON; by coverage where atheris installs
	@$(INSTALL) --editable '.[fuzz]' || echo "fuzz: atheris does not install here: the inputs are drawn by chance"
	FIGURES=$(FIGURES) $(BIN)/python -m tests.fuzz

canaries: .venv/.dev ## secrets planted in every command and error: each case, of which the tests run a share
	CANARIES=all $(BIN)/pytest -n 2 tests/canaries

docs: made-pages site ## write what is made on the pages (the reference, every number), and build the site in site/

made-pages: .venv/.docs
	$(BIN)/python docs/api.py --write
	$(BIN)/python docs/cli_runtime.py --write
	$(BIN)/python docs/readme_picture.py --write
	$(BIN)/python docs/pipeline_pictures.py --write
	$(BIN)/python docs/law_pictures.py --write
	$(BIN)/python docs/course/make.py --write
	$(BIN)/python docs/facts.py --write
	$(BIN)/python -m tests.conformance.page

site: .venv/.docs chromium
	@$(BIN)/python docs/screenshots.py
	@$(BIN)/python docs/website.py site

pages: site .cache/bench/peers/.made ## build the site, and look at it in Chromium: search, dark mode, phones, links
	SITE=site $(BIN)/pytest -n 2 tests/pages

# Debian's, where it may be installed; where it may not, what needs it is skipped with the reason.
chromium:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core; } >/dev/null \
		|| echo "no Chromium here: no screenshots, and the tests of the pages are skipped"

clean: ## remove what was made
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* build dist site docs/assets/shown

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "fkube needs Python 3.11 or newer: none was found; name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.cli: .venv/bin/python pyproject.toml constraints.txt
	@$(INSTALL) --editable '.[cli]'
	@touch $@

.venv/.dev: .venv/.cli
	@$(INSTALL) --editable '.[dev]'
	@touch $@

.venv/.docs: .venv/.dev
	@$(INSTALL) --editable '.[docs]'
	@touch $@

-include conformance.mk
-include bench.mk
