# make setup | demo | test | bench | faults | truth | pacing | reading | check | audit | package | docs | screenshots | lock | clean — each does its own set-up in .venv
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RULES  := .venv-check
PEERS  := .venv-bench
PIP    := $(BIN)/python -m pip --disable-pip-version-check
UV_COMPILE := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.PHONY: setup demo bench bench-send counting bench-page faults truth pacing reading test check audit package docs screenshots lock clean format

setup: $(VENV)/dev.ready

# The demo's environment: the hato command, the local cloud, and the wheels that go into the Lambdas.
$(VENV)/local.ready: requirements-local.txt requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Hato needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -q --require-hashes -r requirements-local.txt
	rm -rf $(VENV)/wheels
	$(PIP) download -q --require-hashes --only-binary :all: -d $(VENV)/wheels -r requirements.txt
	$(PIP) download -q --require-hashes --only-binary :all: --platform manylinux2014_aarch64 -d $(VENV)/wheels -r requirements.txt
	$(PIP) install -q --no-deps --no-build-isolation --no-index -e .
	touch $@

# And what developing it needs besides.
$(VENV)/dev.ready: $(VENV)/local.ready requirements-dev.txt
	$(PIP) install -q --require-hashes -r requirements-dev.txt
	touch $@

# What looks at it by others' rules: apart, for it brings 300 MB and old pins.
$(RULES)/check.ready: requirements-check.txt
	$(PYTHON) -m venv $(RULES)
	$(RULES)/bin/python -m pip --disable-pip-version-check install -q --require-hashes --only-binary :all: -r requirements-check.txt
	touch $@

# What Hato is measured beside, and Hato's own send step, by one botocore: apart, for the tests need none of it.
$(PEERS)/bench.ready: requirements-bench.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip --disable-pip-version-check install -q --require-hashes --only-binary :all: -r requirements-bench.txt
	touch $@

demo: $(VENV)/local.ready
	$(BIN)/hato demo

package: $(VENV)/local.ready
	$(BIN)/python -m hato.packaging build/package

# Campaigns into which all sorts of trouble are made: about an hour.
faults: $(VENV)/local.ready
	$(BIN)/python -m hato.faults

# All that is claimed of speed, memory and cost: about half an hour. Ends with 1 where a target is missed.
bench: $(VENV)/local.ready $(PEERS)/bench.ready
	$(BIN)/python -m bench $(PEERS)/bin/python

# The comparison alone; memory is looked at with 20,000 recipients.
bench-send: $(VENV)/local.ready $(PEERS)/bench.ready
	$(BIN)/python -m bench.side_by_side $(PEERS)/bin/python 3 20000

# The calls of Hato and of both articles counted anew on the local cloud, for `hato cost`: some minutes.
counting: $(VENV)/local.ready
	$(BIN)/python -m bench.counting

# The figures in docs/performance.md, after `make bench`.
bench-page: $(VENV)/local.ready
	$(BIN)/python -m bench.page

# A campaign to 5,000 simulated people, and every number of its report held against what they did.
truth: $(VENV)/local.ready
	$(BIN)/python -m hato.truth

# How fast lists are read against Python's csv alone, and in how much memory.
reading: $(VENV)/local.ready
	$(BIN)/python -m bench.reading

# The pace, simulated up to 10,000 mails a second.
pacing: $(VENV)/local.ready
	$(BIN)/python -m bench.pacing

# Two workers: the tests that need the local cloud and mostly wait, and beside them all others, which mostly compute.
test: $(VENV)/dev.ready
	$(BIN)/python -m pytest -n 2

check: $(VENV)/dev.ready $(RULES)/check.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.templates build/package
	$(RULES)/bin/python -m tests.rules build/package

# Whether a release that is pinned has a known vulnerability; what cannot be looked up is a failure, too. Asks PyPI, or
# with ADVISORIES=osv the Open Source Vulnerabilities database.
ADVISORIES ?= pypi
audit: $(RULES)/check.ready
	$(RULES)/bin/pip-audit --strict --vulnerability-service $(ADVISORIES) --progress-spinner off \
	  --disable-pip --require-hashes -r requirements.txt -r requirements-local.txt -r requirements-dev.txt

# The reference pages, after a change of a command or a setting.
docs: $(VENV)/local.ready
	$(BIN)/python -m hato.reference

# The pictures of the pages, after a change of one. Needs Chromium and a font with Japanese letters.
screenshots: $(VENV)/dev.ready
	$(BIN)/python -m tests.browser.screenshots docs/images

format: $(VENV)/dev.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/dev.ready
	$(UV_COMPILE) requirements.in -o requirements.txt
	grep '^#' requirements.in | cat - requirements.txt > requirements.new && mv requirements.new requirements.txt
	$(UV_COMPILE) pyproject.toml requirements.in -c requirements.txt -o requirements-local.txt
	$(UV_COMPILE) pyproject.toml requirements.in --extra dev -c requirements-local.txt -o requirements-dev.txt
	$(UV_COMPILE) requirements-check.in -o requirements-check.txt
	$(UV_COMPILE) requirements-bench.in -c requirements-local.txt -o requirements-bench.txt

clean:
	rm -rf build $(VENV) $(RULES) $(PEERS) *.egg-info
