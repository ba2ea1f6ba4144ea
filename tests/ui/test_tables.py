"""Columns: what they show, what they export, and that nothing typed by anybody becomes part of the page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone

from flow.states import State, table
from ui import tables

EVIL = '<script>alert("x")</script>'
STATES = table(State("new", "New", "amber", "clock"))
COLUMNS = {
    "title": tables.Title("a", EVIL, url="units:unit", second="b"),
    "text": tables.Text("a", EVIL, second="b"),
    "badge": tables.Badge("a", EVIL, states=STATES),
    "badge label": tables.Badge("a", EVIL, states=table(State(EVIL, EVIL, "red", "x"))),
    "choice": tables.Choice("a", EVIL, choices=[(EVIL, EVIL)]),
    "place": tables.PlacePath("a", EVIL),
    "person": tables.Person("a", EVIL),
    "number": tables.Number("n", EVIL, unit=EVIL),
    "made": tables.Made(("a", "b"), EVIL, make=lambda row: row["a"]),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_script_in_a_cell_stays_text(kind, settings):
    settings.ROOT_URLCONF = "tests.ui.urls"

    cell = COLUMNS[kind].cell({"pk": 1, "a": EVIL, "b": EVIL, "n": 5})

    assert "<script" not in cell
    assert "&lt;script&gt;" in cell


def test_every_kind_of_column_is_tried_with_script():
    safe = {tables.DateTime, tables.Date, tables.Due, tables.Money, tables.Duration, tables.YesNo}  # no text
    kinds = {kind for kind in vars(tables).values() if isinstance(kind, type) and issubclass(kind, tables.Column)}

    assert kinds - {tables.Column} - safe == {type(column) for column in COLUMNS.values()}


def test_missing_values_are_dashes_and_nought_is_not_missing():
    nothing, nought = tables.Number("n", "Count").cell({"n": None}), tables.Number("n", "Count").cell({"n": 0})

    assert "—" in nothing and "blank" in nothing
    assert nought == '<td data-label="Count" class="end">0</td>'


def test_badge_shows_word_and_drawing():
    cell = tables.Badge("s", "State", states=STATES).cell({"s": "new"})

    assert "tone-amber" in cell and "#clock" in cell and "New" in cell


def test_due_is_red_when_overdue_and_says_whether_it_was_in_time():
    now, column = timezone.now(), tables.Due("due", "Limit", done="done")

    late = column.show({"due": now - timedelta(hours=3, seconds=5), "done": None})
    soon = column.show({"due": now + timedelta(minutes=30, seconds=5), "done": None})
    in_time = column.show({"due": now, "done": now - timedelta(hours=1)})
    too_late = column.show({"due": now, "done": now + timedelta(hours=1)})

    assert ["tone-red" in late, "tone-amber" in soon, "tone-green" in in_time, "tone-red" in too_late] == [True] * 4


def test_exported_values_keep_their_types():
    class Sheet(tables.Table):
        columns = (
            tables.Money("m", "Cost"),
            tables.Date("d", "Day"),
            tables.Duration("s", "Time"),
            tables.Badge("state", "State", states=STATES),
            tables.YesNo("y", "Safe"),
        )

    row = {"m": Decimal("12.50"), "d": date(2026, 11, 21), "s": 90, "state": "new", "y": True}

    heads, rows = Sheet([row]).sheet()

    assert heads == ["Cost", "Day", "Time", "State", "Safe"]
    assert rows == [[Decimal("12.50"), date(2026, 11, 21), timedelta(seconds=90), "New", "✓"]]


class Sorted(tables.Table):
    columns = (tables.Text("name", "Name", sort="name"), tables.Text("hospital__name", "Hospital", only_all=True))
    order = "-opened_at"


@pytest.mark.parametrize(
    ("asked", "ordering"),
    [
        ("", ("-opened_at", "-pk")),
        ("name", ("name", "pk")),
        ("-name", ("-name", "-pk")),
        ("--name", ("-opened_at", "-pk")),
        ("password", ("-opened_at", "-pk")),
    ],
)
def test_ordering_takes_only_what_is_declared(asked, ordering):
    assert Sorted.ordering(asked) == ordering


def test_head_links_turn_the_order_and_forget_the_page():
    heads = Sorted([], sort="name", all_hospitals=True).heads(QueryDict("state=new&cursor=abc&sort=name"))

    assert heads[0]["url"] == "?state=new&sort=-name" and heads[0]["way"] == "ascending"
    assert heads[1]["url"] == ""


def test_hospital_column_is_there_only_where_several_are_shown():
    row = {"name": "n", "hospital__name": "A"}

    assert "Hospital" not in Sorted([row]).body
    assert "Hospital" in Sorted([row], all_hospitals=True).body
