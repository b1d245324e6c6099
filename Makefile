# One word per chore; `make` alone lists them. Every word installs what it needs first.
# The work is done in scripts/; nothing outside this folder is touched, except by
# `make test`, which as root installs a missing Chromium.

PYTHON ?= python3
PORT ?= 8000
BOOTSTRAP = @$(PYTHON) -m scripts.bootstrap
RUN = @exec .venv/bin/python -m

.PHONY: help run test check fix migrate bench chaos openapi requirements audit sbom clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: ## start PageFree with a demo on http://127.0.0.1:8000 (PORT=…, FRESH=1 forgets all data)
	$(BOOTSTRAP) run web
	@exec .venv/bin/pagefree up --demo --port $(PORT) $(if $(FRESH),--fresh)

test: ## run every test (ARGS="tests/core -k name" for some)
	$(BOOTSTRAP) dev web tools
	$(RUN) scripts.test $(ARGS)

check: ## format, lint, types, import contracts, migrations, API client
	$(BOOTSTRAP) dev
	$(RUN) scripts.check

fix: ## format, and mend what the linters can
	$(BOOTSTRAP) dev
	$(RUN) scripts.fix

migrate: ## bring the configured database to the newest schema
	$(BOOTSTRAP) run
	@exec .venv/bin/pagefree migrate

bench: ## measure speed against the budgets (ONLY=name for one scenario)
	$(BOOTSTRAP) dev web bench
	$(RUN) bench $(ONLY)

chaos: ## break everything, and tell what became of it (ARGS="tests/chaos -k redis" for some)
	$(BOOTSTRAP) dev web tools
	$(RUN) scripts.chaos $(ARGS)

openapi: ## write the API document and the web app's client anew
	$(BOOTSTRAP) dev
	$(RUN) scripts.openapi

audit: ## ask for known weaknesses of dependencies, and look for secrets in git
	$(BOOTSTRAP) dev
	@.venv/bin/python -m scripts.secret_scan
	$(RUN) scripts.audit_dependencies

sbom: ## write build/sbom.json, the bill of materials
	$(BOOTSTRAP) dev
	$(RUN) scripts.sbom

requirements: ## pin the newest dependencies, with hashes
	$(BOOTSTRAP) dev
	$(RUN) scripts.requirements

clean: ## remove what was installed and built; data stays
	@rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@rm -rf web/node_modules src/pagefree/web_dist
