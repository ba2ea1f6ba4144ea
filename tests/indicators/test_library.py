"""The library: every indicator says what it is, who answers, who supervises; its version changes with its formula only."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.models import Q

from indicators.library import CHAPTERS, COLLECTED, COMPUTED, LAW, OWN, amounts, definitions
from indicators.library.definitions import _declared, collected, counted, fingerprint
from indicators.models import Indicator, Quantity
from kpi import registry
from kpi.registry import Explain, Kpi
from tenancy.scope import scope
from workorders.counting import Counting
from workorders.kpis import REPORTED

ENTRIES = [entry for chapter in CHAPTERS for entry in chapter.entries]
# The rows of the consortium's list, counted by hand: twelve standards, then 99 by kind of work.
CODES = [f"{letter}{n}" for letter, last in (
    ("Z", 12), ("M", 15), ("H", 8), ("W", 6), ("T", 6), ("B", 16), ("K", 2), ("C", 11), ("SC", 12), ("R", 2), ("E", 4),
    ("U", 6), ("L", 5), ("F", 3), ("G", 3),
) for n in range(1, last + 1)]  # fmt: skip


def test_every_indicator_of_the_list_is_declared_once():
    assert [entry.code for entry in ENTRIES] == CODES and len(CODES) == 12 + 99
    assert len({entry.key for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_somebody_answers_for_it_and_somebody_else_supervises(entry):
    assert str(entry.label) and str(entry.owner) and str(entry.supervisor) and str(entry.on_breach)
    assert str(entry.owner) != str(entry.supervisor)
    assert entry.good in ("up", "down", "watch") and entry.side in ("F", "C", "P", "L")
    assert entry.period in ("month", "quarter", "year") and entry.factor > 0
    assert all(str(amount.name) and len(amount.key) <= 60 for amount in (*entry.numerator, *entry.denominator))
    assert entry.mark != LAW or entry.target == 100, "what the law asks for, it asks for in full"
    assert entry.target is not None or entry.aim or entry.good == "watch" or entry.code == "M6"


def test_targets_are_those_of_the_regulation():
    standards = {entry.code: entry.target for entry in ENTRIES[:5]}
    assert standards == {"Z1": 98, "Z2": 95, "Z3": 90, "Z4": 100, "Z5": 0}


def test_a_quantity_several_indicators_use_is_asked_for_once():
    used = [amount for entry in ENTRIES for amount in (*entry.numerator, *entry.denominator)]
    for key in {amount.key for amount in used}:
        assert len({(str(a.name), str(a.unit)) for a in used if a.key == key}) == 1, key
    assert len([a for a in used if a.key == "bed_days"]) == 6  # waste, linen, incidents, water, complaints, cost
    assert amounts()["bed_days"].unit


@pytest.mark.django_db
def test_every_figure_of_a_dashboard_and_every_own_indicator_is_in_it(world):
    with scope([world.a.id]):
        Quantity.objects.create(consortium=world.consortium, key="beds", name="床位")
        facts = {"numerator": ["workorders.cost/numerator", "beds"], "denominator": ["workorders.cost/denominator"]}
        Indicator.objects.create(consortium=world.consortium, key="mine", name="Mine", **facts)
        Indicator.objects.create(consortium=world.consortium, key="old", name="Old", active=False, **facts)
        found = definitions(world.consortium.pk)

    assert {kpi.key for kpi in registry.kpis()} <= set(found) and "own.old" not in found
    assert len(found) == len(ENTRIES) + len({k.key for k in registry.kpis()} - {e.key for e in ENTRIES}) + 1
    mine = found["own.mine"]
    assert mine.kind == OWN and list(found)[-1] == "own.mine"
    assert mine.numerator == ("workorders.cost/numerator", "quantity:beds")
    assert mine.quantities == ("beds",) and mine.kpis == ("workorders.cost",)
    on_time = found["workorders.on_time"]
    assert (on_time.code, on_time.kind, on_time.factor) == ("Z2", COMPUTED, 100)
    assert on_time.denominator == ("workorders.on_time/denominator",) and on_time.owner
    assert found["workorders.received"].denominator == () and found["workorders.open"].is_now
    assert found["library.m12"].quantities == ("maintenance_cost", "asset_value")


def test_it_is_counted_as_soon_as_its_figure_is_registered():
    entry = next(entry for entry in ENTRIES if entry.code == "Z8")
    waiting = replace(entry, kpi="no.such_figure")
    kpi = Kpi("no.such_figure", "x", "percent", "up", Counting(REPORTED, ratio=True).rows, Explain("a", "b"))

    reported, counts = collected(waiting, CHAPTERS[0]), counted(kpi, CHAPTERS[0], waiting)

    assert reported.kind == COLLECTED and counts.kind == COMPUTED
    assert reported.key == counts.key and reported.code == counts.code == "Z8"
    assert counts.measures == ("no.such_figure/numerator", "no.such_figure/denominator")
    assert reported.measures == ("quantity:green_area", "quantity:site_area")


def test_version_changes_with_the_formula_and_with_nothing_else(monkeypatch):
    kpi = registry.get("workorders.on_time")
    before = fingerprint(kpi.key)
    entry = next(entry for entry in ENTRIES if entry.code == "Z8")

    assert collected(entry, CHAPTERS[0]).version != collected(replace(entry, factor=Decimal(1)), CHAPTERS[0]).version
    assert collected(entry, CHAPTERS[0]).version == collected(replace(entry, owner="x", label="y"), CHAPTERS[0]).version
    other = replace(kpi, rows=Counting(REPORTED, Q(state="closed"), Q(returned=0), ratio=True).rows)
    monkeypatch.setitem(registry._kpis, kpi.key, other)
    fingerprint.cache_clear()
    assert fingerprint(kpi.key) != before
    monkeypatch.undo()
    fingerprint.cache_clear()
    assert fingerprint(kpi.key) == before


def test_version_is_the_same_in_another_process():
    code = (
        "import django; django.setup(); from indicators.library.definitions import _declared; from kpi import registry;"
        "print(*[d.version for d in _declared(tuple(k.key for k in registry.kpis())).values()])"
    )
    asked = {**os.environ, "PYTHONHASHSEED": "1", "DJANGO_SETTINGS_MODULE": "logistics.settings"}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=asked)
    here = " ".join(d.version for d in _declared(tuple(k.key for k in registry.kpis())).values())
    assert told.stdout.strip() == here


def test_a_committee_that_begins_reads_the_twenty_five_of_its_first_year(client, world):
    """The list stands in the committee's paper; written out here once more."""
    wanted = "M1 M2 M3 M4 M8 H1 H2 H6 W2 W4 T1 B2 B4 B9 B10 K1 C1 C4 C9 SC1 SC3 SC5 E1 U1 L1"
    client.force_login(world.kim)
    page = client.get("/indicators/library/?set=first").content.decode()
    shown = re.findall(r'<a class="title"[^>]*><span class="code">([^<]+)</span>', page)

    assert sorted(shown) == sorted(wanted.split())
    assert len(re.findall(r'<a class="title"', client.get("/indicators/library/").content.decode())) > 100


@pytest.mark.parametrize("who", ["kim", "max", "hal", "lea", "audrey", "cleo"])
def test_every_entry_that_is_listed_opens(client, world, who):
    client.force_login(getattr(world, who))
    page = client.get("/indicators/library/")
    ways = re.findall(r'<a class="title" href="([^"]+)"', page.content.decode()) if page.status_code == 200 else []

    assert page.status_code == 403 or len(ways) > 50
    closed = {way: answer.status_code for way in ways if (answer := client.get(way)).status_code != 200}
    assert not closed
