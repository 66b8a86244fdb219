# The two commands that a newcomer needs: `make article` and `make test`.
#
# VENV    the environment: .venv, which make sets up, or an active conda environment named juchi
#         (environment.yml), or any ready one: make VENV=/path/to/environment article
# PYTHON  the Python 3.11 to make .venv with, where it is not on PATH
# CORES   how many steps of the article run at once
# AGAINST a site of another platform, or its manifest, that `make verify` compares with
# SHOW    the sentences that `make coverage` lists: bare ones, or SHOW="reasoning definition"
# OVERLAY the overlay that the site was built with, where it was not the default
# ARGS    what pytest is told besides: make test ARGS="-k pins"; ARGS="-n 0" for one process alone
# PORT    where `make serve` and `make preview` listen

VENV ?= $(if $(filter juchi,$(CONDA_DEFAULT_ENV)),$(CONDA_PREFIX),.venv)
CORES ?= 4
ARGS ?=
PORT ?= 8000
export VENV PYTHON
# Python is started as it comes, and takes text for UTF-8 in any locale; what else a step inherits is decided in juchi/core/environment.py.
unexport $(filter-out PYTHON PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONUNBUFFERED, \
	$(filter PYTHON%,$(.VARIABLES)))
export PYTHONUTF8 = 1

STARTED := $(shell date +%s)
SET_UP := sh setup/with-python -m setup --venv "$(VENV)"
# Tests run on every core, a module on one of them; the long ones, which conftest.py puts first, begin.
SPREAD := -n auto --dist loadscope --no-loadscope-reorder
# As in an activated environment: rules and tests find this Python and its programs first.
IN_VENV = PATH="$$(cd "$(VENV)/bin" && pwd):$$PATH"

# The generator of this very folder: an environment that clones share has the `juchi` of one of them.
JUCHI = $(IN_VENV) python -m juchi

.PHONY: help setup article manual serve preview test wheel coverage reference verify lint format bench schemas citation licences locks pictures clean distclean

help: ## Show these goals
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup: ## Set up what the article needs, where it is missing
	@$(SET_UP) article

article: setup ## Build the article: pages, PDF and data in build/site/
	@$(JUCHI) build --cores $(CORES)
	@took=$$(($$(date +%s) - $(STARTED))); \
	echo "The article is in build/site/ ($$((took / 60)) min $$((took % 60)) s)."

manual: setup ## Build the manual for authors in docs/manual/build/site/
	@$(IN_VENV); export PATH; cd docs/manual && juchi build --cores $(CORES)

serve: setup ## Show the built site to this machine's browsers
	@$(JUCHI) serve --port $(PORT)

preview: setup ## Show the pages as you write: what you save is built, the browser follows
	@$(JUCHI) preview --port $(PORT) --cores $(CORES)

test: ## Set up what the tests need, and run them all
	@$(SET_UP) test
	@$(IN_VENV) python -m pytest $(SPREAD) $(ARGS)

wheel: setup ## Build the wheel of the generator in dist/, for other articles
	@$(IN_VENV) python -m setup.wheel

lint: ## Check style, types and layout of the code
	@$(SET_UP) lint
	@$(IN_VENV); export PATH; ruff check . && ruff format --check . && mypy && \
	lint-imports --no-cache && snakefmt --check Snakefile juchi/workflow
	@$(IN_VENV) zizmor --offline --no-progress --quiet --strict-collection --pedantic .github
	@$(IN_VENV) python -m setup.checkers stylelint "juchi/theme/style/*.css" "templates/style/*.css" --max-warnings 0

format: ## Lay out the code as `make lint` wants it
	@$(SET_UP) lint
	@$(IN_VENV); export PATH; ruff check --fix . && ruff format . && snakefmt Snakefile juchi/workflow

coverage: setup ## Say what each sentence of the prose rests on, and which rest on nothing
	@$(JUCHI) coverage $(addprefix --show ,$(SHOW))

reference: article ## Recompute the article's numbers by other code, and compare
	@$(IN_VENV); export PATH; \
	snakemake --cores $(CORES) build/settings/reference.json --quiet all && \
	python -m juchi.core.environment python -m reference --facts results/facts.json --settings build/settings/reference.json \
	    --data build/site/data

verify: setup ## Rebuild from clean elsewhere and compare every byte; AGAINST=a site of another platform
	@$(JUCHI) verify --cores $(CORES) $(if $(AGAINST),--against "$(AGAINST)") \
		$(if $(OVERLAY),--overlay "$(OVERLAY)")

bench: setup ## Measure engines, builds and growth (20 min), and write docs/performance.md
	@$(IN_VENV) python -m bench

schemas: setup ## Write what editors know config/ by, and docs/configuration.md again
	@$(IN_VENV) python -m juchi.plan.schemas --output build/schemas --reference docs/configuration.md

citation: setup ## Write CITATION.cff and .zenodo.json again from config/article.yaml
	@$(JUCHI) cite

licences: ## Write docs/licences.md again: what the packages of the lock files state
	@$(SET_UP) test
	@$(IN_VENV) python -m setup.licences

locks: setup ## Write the lock files again after a changed pin, with all digests (needs uv)
	@$(SET_UP) test
	@$(IN_VENV) python -m setup.locks

pictures: article ## Make the README's screenshots and DAG again (needs Graphviz)
	@$(SET_UP) test
	@$(IN_VENV) python -m docs.pictures

clean: ## Delete what can be built again in seconds: build/
	rm -rf build

distclean: clean ## Delete everything that git ignores: results and set-up too
	rm -rf results .snakemake .venv .tools node_modules dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf $(addprefix docs/manual/,build results .snakemake node_modules)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
