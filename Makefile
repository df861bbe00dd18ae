# Arborist: `make run` and `make test` on a fresh machine need Python 3.11 or newer and nothing else.
#
#   PYTHON=python3.12   which Python to make the environment with (default: the newest usable one on the path)
#   ARGS="..."          words for `arborist` (make run) or for pytest (make test)
#
# On Linux the torch on PyPI brings several GB of CUDA libraries. The build for CPUs only is taken with
#   PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make run

BOOT := $(or $(PYTHON),python3)
IN := .venv/bin
export PYTHON
export PYTHONUNBUFFERED = 1

.DEFAULT_GOAL := help
.PHONY: help run test check format clean

help:
	@echo "make run      the window, with a search running (without a screen: a picture of it in out/)"
	@echo "make test     all tests and checks, in an environment of their own"
	@echo "make check    style, types and import rules only"
	@echo "make format   bring the code into its written form"
	@echo "make clean    remove the environment and everything that was made"
	@echo "The environment is .venv; .venv/bin/arborist --help lists the program's commands."

run:
	@$(BOOT) .ci/environment.py
	@$(IN)/python .ci/run_window.py $(ARGS)

test:
	@$(BOOT) .ci/environment.py dev
	@$(IN)/python .ci/run_tests.py $(ARGS)

check:
	@$(BOOT) .ci/environment.py dev
	@$(IN)/ruff check .
	@$(IN)/ruff format --check .
	@$(IN)/mypy
	@$(IN)/lint-imports

format:
	@$(BOOT) .ci/environment.py dev
	@$(IN)/ruff check --fix .
	@$(IN)/ruff format .

clean:
	rm -rf .venv out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
