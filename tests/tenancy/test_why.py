"""Why may, why may not: every grant and its reason."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from tenancy import permissions as p
from tenancy.models import Grant
from tenancy.queries import explain
from tenancy.scope import scope
from tests.factories import tenancy as make
from tests.factories.accounts import UserFactory


@pytest.fixture
def asked(world):
    """A person with one grant of each kind, and what becomes of each at A's first ward."""
    user, today = UserFactory(), timezone.localdate()
    may, other = make.role(world.consortium, p.UNIT_VIEW), make.role(world.consortium, p.TEAM_VIEW)
    grants = [
        ({"role": other, "hospital": world.a.hospital}, "permission"),
        ({"role": may, "hospital": world.b.hospital}, "another hospital"),
        ({"role": may, "hospital": world.a.hospital, "starts_on": today + timedelta(days=1)}, "begins"),
        ({"role": may, "hospital": world.a.hospital, "ends_on": today - timedelta(days=1)}, "ended"),
        ({"role": may, "hospital": world.a.hospital, "unit": world.a.other_ward}, "another unit"),
        ({"role": may, "hospital": world.a.hospital, "place": world.a.building}, "another place"),
        ({"role": may, "hospital": world.a.hospital, "department": "cleaning"}, "another department"),
        ({"role": may, "hospital": world.a.hospital, "own": True}, "own"),
        ({"role": may, "hospital": world.a.hospital, "contractor": world.firm, "department": "security"}, "engaged"),
        ({"role": may, "hospital": world.a.hospital, "unit": world.a.ward}, "It reaches this."),
    ]
    for fields, _ in grants:
        Grant.objects.create(user=user, **fields)
    world.asked, world.words = user, [word for _, word in grants]
    return world


def test_explain_names_the_reason_of_each_grant(asked):
    with scope(asked.hospitals()), translation.override("en"):
        reasons = explain(asked.asked, p.UNIT_VIEW, asked.a.ward)
        assert [word for word, r in zip(asked.words, reasons, strict=True) if word not in r.why] == []
        assert [r.reaches for r in reasons] == [False] * 9 + [True]


def test_explain_does_not_name_what_the_asker_cannot_see(asked):
    with scope([asked.b.id]):
        reasons = explain(asked.asked, p.UNIT_VIEW, asked.b.ward)
        assert any("—" in reason.where for reason in reasons)


def test_why_prints_every_grant_and_the_answer(asked):
    out = StringIO()
    call_command("why", asked.asked.email, p.UNIT_VIEW, "tenancy.unit", asked.a.ward.pk, stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 11
    assert sum(line.startswith("yes") for line in lines) == 1
    assert " may: " in lines[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nobody@example.org", p.UNIT_VIEW),
        ("A/1001", "no.such.thing"),
        ("A/1001", p.UNIT_VIEW, "no.model", "1"),
        ("A/1001", p.UNIT_VIEW, "tenancy.unit", "999999"),
    ],
)
def test_why_says_what_it_does_not_know(world, arguments):
    with pytest.raises(CommandError):
        call_command("why", *arguments)
