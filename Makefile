# Everything that is done with this repository. Each target sets up what it needs; PORT and DATA are honoured.

PYTHON ?= python3
PORT ?= 8080
DATA ?= var
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: setup run test lint bench soak faults docs clean lock

setup: $(READY)

# The lock holds every dependency with its hashes. The project itself has none to install: it is linked in.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version). Try: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY)
	exec $(BIN)/tanfidh up --port $(PORT) --data "$(DATA)"

# Programs are started hundreds of times here: they are compiled once, whatever the environment says.
test faults: export PYTHONDONTWRITEBYTECODE :=

# The engines of tests are on this machine and speak no TLS; to prepare it for each of thousands of connections takes long.
test faults: export PGSSLMODE := disable

# What kills processes under load runs two at a time, what measures seconds when nothing else does.
test: $(READY)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not (faults or timed)"
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "faults and not timed"
	$(BIN)/python -m pytest -m timed

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python -m benchmarks

# Half an hour; SOAK_MINUTES and SOAK_RATE (commands a second) change that.
soak: $(READY)
	$(BIN)/python -m benchmarks.soak

faults: $(READY)
	TANFIDH_FAULT_ROUNDS=100 $(BIN)/python -m pytest -m "faults or longer" -s

# Draw anew what the documentation shows of the code.
docs: $(READY)
	$(BIN)/python -m deploy.drawing > docs/reference/lifecycles.md

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# For maintainers: resolve anew within the ranges of pyproject.toml. Needs uv.
lock:
	{ echo "# Every dependency of Tanfidh and its tests, with the hashes of all files of each release."; \
	  echo "# Made by: make lock"; \
	  uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet; } > requirements.lock.new
	mv requirements.lock.new requirements.lock
