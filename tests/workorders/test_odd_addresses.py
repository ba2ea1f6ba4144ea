"""Addresses people mistype or change on purpose: an answer each time, never a failure."""

import pytest

from tests.factories.workorders import order

pytestmark = pytest.mark.django_db
ODD = ("abc", "-1", "0", "²", "1e400", "NaN", "9" * 40, "%00", "<script>", "2026-13-45", "'", "٣")
NAMES = {
    "/orders/": (
        "state", "department", "urgency", "overdue", "place", "unit", "team", "waiting", "on_time", "signed", "rated",
        "channel", "hospital", "service", "assignee", "contractor", "asset", "search", "cursor", "sort",
        "reported_from", "due_to", "finished_from", "closed_to", "signed_off_from",
    ),
    "/services/": ("department", "active", "cursor", "sort"),
    "/desk/": ("department",),
    "/desk/queue/": ("version", "chosen", "department"),
    "/desk/call/place/": ("place",),
    "/orders/places/": ("q",),
    "/board/": ("department", "team"),
    "/notices/": ("before",),
    "/notices/bell/": ("version",),
}  # fmt: skip


@pytest.fixture
def answered(world, act, browse):
    """Max asks for an address and gets an answer."""
    with act():
        order(world)
    max_ = browse(world.max)

    def ask(url):
        answer = max_.get(url)
        assert answer.status_code in (200, 204), f"{url}: {answer.status_code}"

    return ask


@pytest.mark.parametrize("page", NAMES)
def test_odd_values_of_all_filters_at_once_are_answered(answered, page):
    """Each value once for each filter, every time beside other values of the others."""
    for nth in range(len(ODD)):
        answered(f"{page}?" + "&".join(f"{name}={ODD[(at + nth) % len(ODD)]}" for at, name in enumerate(NAMES[page])))


@pytest.mark.parametrize("page", NAMES)
def test_each_filter_is_asked_alone(answered, page):
    for at, name in enumerate(NAMES[page]):
        answered(f"{page}?{name}={ODD[at % len(ODD)]}")


@pytest.mark.hammer
@pytest.mark.parametrize("page", NAMES)
def test_odd_value_of_a_filter_alone_is_answered(answered, page):
    for name in NAMES[page]:
        for value in ODD:
            answered(f"{page}?{name}={value}")


@pytest.mark.parametrize("name", ["to", "form_key", "reason"])
def test_odd_value_in_a_step_is_answered(world, act, browse, name):
    with act():
        made = order(world)
    max_ = browse(world.max)

    for value in (*ODD[:-1], "x" * 5000, "\x00"):
        answer = max_.post(f"/desk/{made.pk}/dispatch/", {name: value})
        assert answer.status_code == 422, value
        answer = max_.post(f"/orders/{made.pk}/move/transfer/", {"service": value, name: value})
        assert answer.status_code == 422, value


def test_odd_call_sheet_is_answered(world, browse):
    dan = browse(world.dan)

    for value in (*ODD[:-1], "p" + "9" * 40, "p²", "s0", "\x00", "x" * 3000):
        data = {"place": value, "what": value, "title": value, "urgency": value, "phone": value, "form_key": value}
        assert dan.post("/desk/call/", data).status_code == 422, value
