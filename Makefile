# Every target sets up what it needs first; nothing is installed outside this folder.
SHELL := /bin/sh
UV := .tools/uv/bin/uv
PY := .venv/bin/python
STADSBOT := .venv/bin/stadsbot

.PHONY: help setup run chat train test benchmark-nlu lint format spacy-model clean
.DEFAULT_GOAL := help

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: .venv/.ready  ## install everything into this folder

.venv/.ready: uv.lock pyproject.toml review/uv.lock review/pyproject.toml .python-version scripts/setup scripts/spacy-model
	@scripts/setup
	@touch $@

run: setup  ## train when needed, start everything, print the addresses
	@$(STADSBOT) run

chat: setup  ## talk to the assistant in this terminal
	@$(STADSBOT) chat

train: setup  ## train the model, when data or configuration changed
	@$(STADSBOT) train

test: setup  ## run every check and test
	@scripts/test

benchmark-nlu: setup  ## measure the language understanding (SAMPLE=file, XSID=folder, DIET=messages per intent)
	@$(PY) -m benchmarks.nlu $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(XSID),--xsid $(XSID)) $(if $(DIET),--diet $(DIET))

lint: setup  ## style, types and data files only
	@scripts/lint

format: setup  ## put code in the project's style
	@.venv/bin/ruff check --fix --quiet . && .venv/bin/ruff format --quiet .
	@cd review && .venv/bin/ruff check --fix --quiet . && .venv/bin/ruff format --quiet .

spacy-model: setup  ## try again to fetch the official Dutch spaCy model
	@scripts/spacy-model --verbose

clean:  ## remove what was built, keep the downloads
	@rm -rf .venv review/.venv models var .rasa
