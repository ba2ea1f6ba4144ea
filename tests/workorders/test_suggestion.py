"""Whom the desk is advised to send. Each case names who should come first and why; the order is worked out by hand."""

from __future__ import annotations

import pytest

from workorders.suggestion import CALL, FAR, OFF, Candidate, distance, rank

ELECTRIC = frozenset({"electrician_low"})
ROOM, NEXT_DOOR, UPSTAIRS, OTHER_BUILDING = "1.2.3.4.", "1.2.3.5.", "1.2.6.7.", "1.8.9.10."


def who(name, **facts):
    return Candidate(user_id=ord(name), name=name, team_id=1, **facts)


CASES = {
    "the one with the skill, though busier": (
        [who("a", minutes=0), who("b", skills=ELECTRIC, minutes=240)], "ba",
    ),
    "on duty before on call before off": (
        [who("a", duty=OFF), who("b", duty=CALL), who("c", minutes=300)], "cba",
    ),
    "the one with fewer minutes, not with fewer orders": (
        [who("a", open=1, minutes=120), who("b", open=3, minutes=90)], "ba",
    ),
    "of equally loaded the one next door": (
        [who("a", place=OTHER_BUILDING), who("b", place=NEXT_DOOR), who("c", place=UPSTAIRS)], "bca",
    ),
    "load goes before nearness": (
        [who("a", minutes=30, place=ROOM), who("b", minutes=0, place=OTHER_BUILDING)], "ba",
    ),
    "whoever is absent is not suggested": ([who("a", absent=True), who("b", minutes=400)], "b"),
    "at night the skilled one on call before the unskilled one on duty": (
        [who("a"), who("b", duty=CALL, skills=ELECTRIC)], "ba",
    ),
    "somebody whose place is known before somebody who may be anywhere": (
        [who("a"), who("b", place=OTHER_BUILDING)], "ba",
    ),
    "who is of the usual team, though busier": ([who("a"), who("b", usual=True, minutes=60)], "ba"),
    "at night who is on duty before the usual team at home": ([who("a"), who("b", usual=True, duty=OFF)], "ab"),
    "all alike: by name, always the same": ([who("c"), who("a"), who("b")], "abc"),
    "nobody has the skill: the least loaded, told as lacking it": (
        [who("a", minutes=60), who("b", minutes=10)], "ba",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_first_is_who_should_go(case):
    candidates, expected = CASES[case]
    needed = ELECTRIC if "skill" in case else frozenset()

    assert "".join(found.who.name for found in rank(candidates, needed, ROOM)) == expected


def test_what_somebody_lacks_is_told():
    assert rank([who("a")], ELECTRIC, ROOM)[0].missing == ELECTRIC


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        (ROOM, ROOM, 0),
        (ROOM, NEXT_DOOR, 2),
        (ROOM, "1.2.3.", 1),
        (ROOM, UPSTAIRS, 4),
        (ROOM, OTHER_BUILDING, 6),
        ("", ROOM, FAR),
    ],
)
def test_steps_between_places(one, other, steps):
    assert distance(one, other) == distance(other, one) == steps
