"""Figures of rounds, hazards and equipment: data laid down by hand, values counted by hand, links that open those records."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assets.models import Asset
from hazards.models import Hazard
from inspections.models import Round
from kpi import measure
from kpi.dashboard import Board
from kpi.models import Measurement
from kpi.periods import parse
from kpi.queries import stand_of
from tenancy.scope import scope, scope_of
from tests.factories import rounds
from tests.hazards.conftest import report

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOON = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


def lay_rounds(world) -> None:
    """Yesterday's: three done in time (one found 3 and fixed 2, one found 1 and fixed it, one found nothing), one done late,
    two missed, one skipped, one no longer planned; and one tomorrow."""
    made = rounds.plan(world, rounds.edition(world).checklist)
    minutes = iter(range(20))

    def due(days=-1, **facts):
        at = NOON + days * DAY + timedelta(minutes=next(minutes))
        times = {"due_at": at, "opens_at": at - DAY, "late_from": at + timedelta(hours=2)}
        return rounds.due(world, made, **{**times, **facts})

    done = {"state": "done", "done_by": world.tom}
    for found, fixed in ((3, 2), (1, 1), (0, 0)):
        due(**done, done_at=NOON - DAY + timedelta(hours=1), found=found, fixed=fixed)
    due(days=-3, **done, done_at=NOON - DAY, found=2, fixed=2)  # late: its time was over two days before
    due()
    due(state="started", started_at=NOON - DAY, edition=made.checklist.editions.get())
    due(state="skipped", skip_reason="other", settled_by=world.hal)
    due(state="dropped")
    due(days=1)


def lay_hazards(world) -> None:
    """Five real ones and one that was none: one by a round, one opened again; of three whose day is over one was in time."""
    today = timezone.localdate()
    facts = (
        {
            "state": "closed",
            "closed_at": NOON,
            "due_on": today - DAY,
            "rectified_at": NOON - 2 * DAY,
            "rectified_by": world.tom,
        },
        {"state": "assigned", "due_on": today - DAY, "responsible": world.tom},
        {"state": "assigned", "due_on": today - DAY, "responsible": world.tom, "reopened": 1},
        {"state": "open", "due_on": today, "source": "round"},
        {"state": "open", "due_on": today + DAY},
        {"state": "void", "due_on": today - DAY, "closed_at": NOON},
    )
    for more in facts:
        made = report(world, at=NOON - 4 * DAY)
        Hazard.objects.filter(pk=made.pk).update(**more)


def lay_assets(world) -> None:
    for state in ("in_use", "in_use", "standby", "broken", "condemned"):
        Asset.objects.filter(pk=rounds.asset(world, f"Z{Asset.objects.count()}").pk).update(state=state)


EXPECTED = {
    "inspections.planned": (7, None),  # up to today
    "inspections.done": (4, None),
    "inspections.in_window": (3, 6),
    "inspections.missed": (2, None),
    "inspections.skipped": (1, None),
    "inspections.found": (6, None),
    "inspections.fixed": (5, None),
    "inspections.qualified": (3, 4),
    "hazards.found": (5, None),
    "hazards.by_rounds": (1, 5),
    "hazards.in_time": (1, 3),
    "hazards.major_in_time": (0, None),
    "hazards.reopened": (1, 5),
    "hazards.overdue": (2, None),
    "assets.intact": (3, 4),
    "assets.intact_days": (3, 4),  # each was there for one day, at its end
    "assets.statutory": (0, None),  # no legal duty, so none that is fulfilled
    "assets.time_between_failures": (0, None),  # no day of theirs is over, no step said out of order
}
LISTS = {"inspections": Round, "hazards": Hazard, "assets": Asset}


@pytest.fixture
def laid(world):
    with scope([world.a.id, world.b.id]):
        lay_rounds(world)
        lay_hazards(world)
        lay_assets(world)
        report(world, site=world.b, at=NOON - DAY)
    for site in (world.a, world.b):
        while measure.measure_next(site.id):
            pass
    return world


def cards(user):
    board = Board(user, stand_of(user), parse(str(timezone.localdate().year)))
    shown = (*board.cards, *board.others)
    return {card.kpi.key: card for card in shown if card.kpi.key.partition(".")[0] in LISTS}


def test_figures_are_as_counted_by_hand_and_ratios_of_sums(laid):
    with scope_of(laid.max):
        found = cards(laid.max)
        values = {key: (card.figure.numerator, card.figure.denominator) for key, card in found.items()}
        shares = {key: card.figure.value for key, card in found.items()}

    assert values == EXPECTED
    assert (shares["inspections.in_window"], shares["assets.intact"], shares["inspections.qualified"]) == (50, 75, 75)


def test_nothing_to_divide_by_is_a_dash(world):
    with scope_of(world.max):
        found = cards(world.max)

    assert {key for key, card in found.items() if card.figure.value is None} == {
        "inspections.in_window", "inspections.qualified", "hazards.by_rounds", "hazards.in_time", "hazards.reopened",
        "hazards.major_in_time", "assets.intact", "assets.intact_days", "assets.statutory", "assets.time_between_failures",
    }  # fmt: skip


def test_every_link_opens_exactly_these_records(laid):
    client = Client()
    client.force_login(laid.max, backend="tenancy.backends.SignInBackend")
    with scope_of(laid.max):
        links = [
            (card.figure.url(part), number)
            for card in cards(laid.max).values()
            for part, number in (("numerator", card.figure.numerator), ("denominator", card.figure.denominator))
            if card.figure.url(part) and number is not None
        ]

    assert len(links) == 19
    for address, number in links:
        page = client.get(address).content.decode()
        assert re.search(r'id="total">([^<]*)<', page)[1] == str(int(number)), address


def test_measured_equals_live(laid):
    """Up to yesterday the stored sums; the same counted live. Assets are there from today on, so they have no days yet."""
    today = timezone.localdate()
    with scope([laid.a.id]):
        rows = Measurement.objects.filter(kind="", day__lt=today, hospital=laid.a.id)
        keys = [key for key in EXPECTED if not key.endswith((".overdue", ".intact", ".intact_days"))]
        stored = {key: sum(r.numerator for r in rows if r.kpi == key) for key in keys}

    assert stored == {key: EXPECTED[key][0] for key in keys}


def test_a_figure_of_other_records_opens_nothing(laid):
    client = Client()
    client.force_login(laid.max, backend="tenancy.backends.SignInBackend")
    page = client.get("/hazards/?figure=inspections.done&first=2020-01-01&last=2030-01-01").content.decode()

    assert re.search(r'id="total">([^<]*)<', page)[1] == "0"
