# One command each.  make setup, then any of the others.
# Windows without make: the lines below work in PowerShell with .venv\Scripts\python.
python = .venv/bin/python

.PHONY: help setup test examples slow browser benchmark lint types docs coverage lowest newest dist onefile licences sentences catalogues ci
help:  ## what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

setup:  ## an environment with everything that work needs, and the hooks before a commit
	python3 -m venv .venv
	$(python) -m pip install -q --upgrade pip
	$(python) -m pip install -q -e . --group dev
	-$(python) -m pre_commit install

test:  ## the default tests
	$(python) -m pytest -n 2 --dist loadfile

examples:  ## the examples, the notebook and the start pages, for real
	$(python) -m pytest -m examples tests/documents

slow:  ## tests that make recordings
	$(python) -m pytest -m slow

browser:  ## the pages in Chromium
	$(python) -m pytest -m browser

benchmark:  ## time and memory; prints, asserts nothing
	$(python) -m pytest -m benchmark -s

lint:  ## style and spelling
	$(python) -m ruff check .
	$(python) -m ruff check --preview --select PLW1514 .
	$(python) -m ruff format --check .
	$(python) -m codespell_lib

types:  ## types
	$(python) -m mypy

docs:  ## the site, into build/site
	$(python) -m mkdocs build --strict

coverage:  ## which lines the default tests reach: the table, and build/coverage/index.html
	$(python) -m pytest -n 2 --dist loadfile --cov --cov-report=html:build/coverage --cov-report=term:skip-covered

lowest:  ## the oldest versions that are allowed, in an environment of their own
	tools/lowest.sh

newest:  ## the newest versions that are allowed, on the newest Python
	tools/newest.sh

dist:  ## wheel and sdist, into dist
	$(python) -m build --outdir dist .

onefile:  ## program and libraries in one file, for computers without internet
	tools/one_file.sh

licences:  ## every library that is needed, with its licence
	$(python) tools/licences.py

sentences:  ## new sentences into the catalogues of other languages, to be translated
	$(python) tools/catalogues.py update

catalogues:  ## the catalogues that the program reads, from what was translated
	$(python) tools/catalogues.py compile

ci:  ## everything, as a fresh machine would
	.ci/run
