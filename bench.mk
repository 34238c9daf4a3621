# How fast it is: the rows of benchmarks/rows.py, on the real server of `make conformance` (docs/benchmarks/README.md).
BENCH := .cache/bench
# Without pip and setuptools: what they hook into every start is no part of what is measured.
NEW_VENV = rm -rf $(@D) && $(BIN)/python -m venv --without-pip $(@D)
INTO = @$(BIN)/python -m pip --python $(@D)/bin/python install --quiet --disable-pip-version-check
PACKAGE = $(shell find fkube -name '*.py' -o -name '*.gz')

.PHONY: bench bench-pages profile bench-ready

bench: bench-ready ## beside kubectl, other clients and the floor: ROWS=create,list-* ROUNDS=5 (SCALE=0.1 to try)
	$(BIN)/python -m benchmarks run --rows '$(ROWS)' --rounds '$(or $(ROUNDS),5)' --scale '$(or $(SCALE),1)'
	@$(BIN)/python docs/facts.py --write

bench-pages: bench-ready
	$(BIN)/python -m benchmarks page
	@$(BIN)/python docs/facts.py --write

profile: bench-ready ## where fkube spends the time of a row: ROW=create
	@$(BIN)/python -m benchmarks profile '$(ROW)' --scale '$(or $(SCALE),1)'

bench-ready: .venv/.dev $(BENCH)/plain/.made $(BENCH)/peers/.made
	@$(BIN)/python tests/conformance/assets.py

$(BENCH)/plain/.made: .venv/.dev $(PACKAGE)
	@$(NEW_VENV)
	$(INTO) '.[cli]'
	@touch $@

$(BENCH)/peers/.made: .venv/.dev
	@$(NEW_VENV)
	$(INTO) '.[bench]'
	@touch $@
