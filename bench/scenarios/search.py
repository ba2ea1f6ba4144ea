"""L4: looking for orders by Chinese words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

from bench import rows
from bench.client import always
from bench.measuring import Bench, Row
from bench.scenarios import scenario

SAMPLE = 20_000  # titles that words are chosen from
LENGTHS = (2, 4)


@scenario("L4", "search by a Chinese word of 2 and 4 characters, API")
def words(bench: Bench) -> Iterator[Row]:
    chosen = choose(bench)
    for person in bench.people.values():
        for kind, word in chosen.items():
            ours = always(bench.site.port, f"/api/v1/work-orders/?{urlencode({'search': word})}", person.api)
            like = {"narrow": " AND o.title LIKE %s", "more": (f"%{word}%",), "only_open": False}
            # by hand every title is read: of two million that takes longer than the database lets a statement run
            written = rows.newest(person.rows, person.pk, None, **like) if bench.size != "L" else None
            row = bench.compare("L4", person, kind, ours, statement=written, count=kind.startswith("absent"))
            yield row.takes("p50", 100) if kind.startswith("absent") else row


def choose(bench: Bench) -> dict[str, str]:
    """By how often a word stands in the titles: the commonest, one that is rare, one that no title has.

    The absent one is made of two halves that each occur: that is what a person types, and what an index finds hardest.
    """
    office = bench.people["office"]
    sample = "SELECT title FROM workorders_workorder ORDER BY id DESC LIMIT %s"
    titles = [title for (title,) in bench.ask(office, sample, [SAMPLE])]
    found = {}
    for length in LENGTHS:
        counts = Counter(title[i : i + length] for title in titles for i in range(len(title) - length + 1))
        ranked = [word for word, _count in counts.most_common() if all("\u4e00" <= c <= "\u9fff" for c in word)]
        half = length // 2
        tails = [word[half:] for word in ranked]
        made = (head[:half] + tail for tail in tails for head in ranked if head[:half] + tail not in counts)
        found[f"absent {length}"] = next(word for word in made if not seen(bench, word))
        found[f"rare {length}"] = ranked[-1]
        found[f"common {length}"] = ranked[0]
    return found


def seen(bench: Bench, word: str) -> bool:
    """Does it stand anywhere that the search looks?"""
    text = (
        "SELECT EXISTS (SELECT 1 FROM workorders_workorder WHERE title LIKE %s OR reporter_name LIKE %s)"
        " OR EXISTS (SELECT 1 FROM tenancy_place WHERE full_name LIKE %s)"
    )
    return bool(bench.ask(bench.people["office"], text, [f"%{word}%"] * 3)[0][0])
