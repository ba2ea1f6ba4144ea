# The manual: each target is one line, what it does stands in launch/__main__.py.
.PHONY: run test lint hammer bench demo shell unsafe-shell sql messages lock clean

run:           ## the site on http://127.0.0.1:8000 (PORT, BIND)
	@launch/run run
test:          ## everything, browser journeys included; ARGS="tests/tenancy -x" narrows it
	@launch/run test $(ARGS)
lint:          ## style, templates, imports, types, migrations, deployment, translations
	@launch/run lint
hammer:        ## ten minutes of the tests that are too long for every day; the next call goes on (HAMMER_MINUTES)
	@launch/run hammer $(ARGS)
bench:         ## how fast the site is beside its floor; ARGS="--sizes S,M,L" (docs/bench.md)
	@launch/run bench $(ARGS)
demo:          ## load the demonstration
	@launch/run manage demo
shell:         ## Python as the application's role: rows show only inside a scope
	@launch/run manage shell
unsafe-shell:  ## Python as the owner of the tables: no wall holds
	@DATABASE_AS_OWNER=1 launch/run manage shell
sql:           ## psql as the application's role
	@launch/run sql
messages:      ## collect the strings for people, fill in Traditional Chinese, compile
	@launch/run messages
lock:          ## lock the requirements again, with hashes
	@launch/run lock
clean:         ## stop the servers, remove what was installed, collected and stored for development
	@if [ -x .venv/bin/python ]; then .venv/bin/python -m launch remove; fi
	rm -rf .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis
