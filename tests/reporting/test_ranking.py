"""Wilson's band against published figures; who gets a rank, and what stands out more than by chance."""

from decimal import Decimal as D

import pytest

from reporting.ranking import FEW, LACKING, Place, banded, median, ranked, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_band_of_a_share_is_as_published(hits, of, low, high):
    found = wilson(D(hits), D(of))

    assert [str(round(x, 4)) for x in found] == [low, high]


def place(name, hits, of, why=""):
    return banded(Place(name, "", D(hits), D(of), D(hits) / D(of) * 100, why), True, D(100))


def test_too_few_records_get_no_rank_and_do_not_move_the_middle():
    places = [place("a", 90, 100), place("b", 80, 100), place("c", 70, 100), place("tiny", 3, 3, FEW)]

    found = ranked(places, "up")

    assert [(p.hospital, p.rank, p.of) for p in found] == [("a", 1, 3), ("b", 2, 3), ("c", 3, 3), ("tiny", None, 0)]
    assert median(found) == 80


def test_less_is_better_turns_the_order_and_equals_share_a_rank():
    found = ranked([place("a", 10, 100), place("b", 10, 100), place("c", 5, 100)], "down")

    assert [(p.hospital, p.rank) for p in found] == [("c", 1), ("a", 2), ("b", 2)]


def test_only_a_band_beside_the_middle_is_better_or_worse_than_chance():
    # bands at 95 %: 95/100 → 88.8–97.8; 80/100 → 71.1–86.7; 65/100 → 55.3–73.6; 8/10 → 49.0–94.3
    places = [place("good", 95, 100), place("mid", 80, 100), place("bad", 65, 100), place("few", 8, 10)]

    up = {p.hospital: p.against for p in ranked(places, "up")}
    down = {p.hospital: p.against for p in ranked(places, "down")}

    assert up == {"good": "better", "mid": "", "bad": "worse", "few": ""}
    assert down == {"good": "worse", "mid": "", "bad": "better", "few": ""}


def test_what_is_missing_stands_last():
    gone = Place("gone", "", None, None, None, LACKING)

    assert [p.hospital for p in ranked([gone, place("a", 1, 2)], "up")] == ["a", "gone"]
