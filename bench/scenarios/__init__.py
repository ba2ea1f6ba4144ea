"""What is measured. A scenario is a function that takes the bench and yields lines of the table:

    @scenario("X1", "what a person does")
    def something(bench: Bench) -> Iterator[Row]:
        for person in bench.people.values():
            ours = always(bench.site.port, "/somewhere/", person.page)
            row = bench.compare("X1", person, "page", ours)
            yield row.at_most("p95 ms", row.ours["p95"], 100)

They run in the order in which they are declared; reading before writing.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from bench.measuring import Scenario

MODULES = ("lists", "search", "record", "figures", "pages", "writing", "desk", "many")  # those that write come last
DECLARED: dict[str, tuple[str, Scenario]] = {}


def scenario(id: str, title: str) -> Callable[[Scenario], Scenario]:
    def declare(function: Scenario) -> Scenario:
        DECLARED[id] = (title, function)
        return function

    return declare


def all_scenarios() -> dict[str, tuple[str, Scenario]]:
    for name in MODULES:
        import_module(f"bench.scenarios.{name}")
    return DECLARED
