# Two commands matter: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help run test test-slow bench check messages requirements clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

# One stamp a requirements file: the environment is made again only when its pins change.
# Where Debian's python3 has no ensurepip, the machine's own pip installs into a bare venv.
define make-venv
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --clear --without-pip $(VENV)
	@echo "Installing $(1), a minute the first time"
	@if $(PY) -m pip --version >/dev/null 2>&1; then \
		$(PY) -m pip install --quiet --require-hashes -r $(1); \
	else \
		$(PYTHON) -m pip --python $(PY) install --quiet --require-hashes -r $(1); \
	fi
endef

$(VENV)/run.stamp: requirements/run.txt
	$(call make-venv,requirements/run.txt)
	@touch $@

$(VENV)/test.stamp: requirements/test.txt
	$(call make-venv,requirements/test.txt)
	@touch $(VENV)/run.stamp $@

run: export SITE_URL ?= http://127.0.0.1:$(PORT)
run: $(VENV)/run.stamp ## migrate, furnish the sample archive the first time, serve on PORT
	@$(PY) manage.py begin
	@exec $(PY) manage.py serve --port $(PORT)

test: $(VENV)/test.stamp ## the whole suite
	@$(PY) manage.py compile_catalogues
	$(PY) -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(T)

test-slow: $(VENV)/test.stamp ## what takes longer than the suite may
	@$(PY) manage.py compile_catalogues
	$(PY) -m pytest -m slow --timeout 3600 $(T)

bench: $(VENV)/test.stamp ## every benchmark, each a table of ratios taken in one run
	@for each in importing web photos search strange desk; do $(PY) -m benchmarks.$$each || exit 1; done

# The deployment check imagines a public site on PostgreSQL: what it says must be about our code, and
# not about the SQLite that this machine happens to have (`serve` speaks of that).
check: $(VENV)/test.stamp ## format, lint, types, migrations, deploy check
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy .
	$(PY) manage.py makemigrations --check --dry-run
	DATABASE_URL=postgres:///imagined ALLOWED_HOSTS=archive.example SITE_URL=https://archive.example SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(48))') \
		$(PY) manage.py check --deploy --fail-level WARNING

messages: $(VENV)/test.stamp ## gather the sentences to translate (wants gettext)
	$(PY) manage.py makemessages --locale es --no-location --ignore .venv --ignore var --ignore tests
	@$(PY) manage.py compile_catalogues

requirements: ## pin again from requirements/*.in (wants uv)
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header requirements/run.in -o requirements/run.txt
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header requirements/test.in -c requirements/run.txt -o requirements/test.txt

clean: ## throw away the development archive and the environment
	rm -rf var $(VENV)
