"""Who is told what of a round: who gets it, who decides about a skip, who asked; the ways between a round and its hazard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from hazards.models import Hazard
from inspections import working
from inspections.machine import ROUNDS
from inspections.models import Finding, Item, Point
from notices import rules
from notices.models import Notice
from tenancy.scope import scope
from tests.factories import rounds as make
from ui import parts

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def browse(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def site(world):
    with scope(world.hospitals()):
        yield world


def told(verb):
    """The words, by who hears them."""
    rule = rules.rule_of("inspections.round")
    rows = Notice.objects.filter(subject="inspections.round", verb=verb).select_related("user").order_by("pk")
    with translation.override("en"):
        return {row.user.name: rule.sentence(verb, row.data) for row in rows}


def test_who_is_given_a_round_hears_of_it_and_so_does_who_had_it(site):
    round = ROUNDS.move(make.one(site), "assign", site.hal, assignee=site.tom)
    assert told("assign") == {"Tom": "The round is given to Tom"}

    ROUNDS.move(round, "assign", site.hal, assignee=site.lea)
    assert told("assign") == {"Tom": "The round is given to Lea", "Lea": "The round is given to Lea"}
    assert Notice.objects.filter(user=site.tom).count() == 2


def test_round_that_is_free_again_is_told_to_who_had_it(site):
    round = ROUNDS.move(make.one(site), "assign", site.hal, assignee=site.tom)
    Notice.objects.all().delete()
    ROUNDS.move(round, "assign", site.hal, assignee=None)
    assert told("assign") == {"Tom": "The round is free for everybody of the team again"}


def test_nobody_hears_of_what_they_did_themselves(site):
    ROUNDS.move(make.one(site), "assign", site.lea, assignee=site.lea)
    assert told("assign") == {}


def test_skip_is_told_to_who_decides_and_the_decision_to_who_asked(site):
    round = ROUNDS.move(make.one(site), "ask_skip", site.tom, skip_reason="closed", skip_note="装修")
    assert told("ask_skip") == {"Hal": "Tom asks to skip the round: Area closed · 装修"}

    ROUNDS.move(round, "refuse", site.hal, reason="周五前做完")
    assert told("refuse") == {"Tom": "Hal says that the round is to be done: 周五前做完"}
    round.refresh_from_db()
    again = ROUNDS.move(round, "ask_skip", site.tom, skip_reason="closed")
    ROUNDS.move(again, "approve", site.max)
    assert told("approve") == {"Tom": "Max has approved that the round is skipped"}


def test_without_a_head_the_manager_is_asked(site):
    User.objects.filter(pk=site.hal.pk).update(is_active=False)
    ROUNDS.move(make.one(site), "ask_skip", site.tom, skip_reason="closed")
    assert set(told("ask_skip")) == {"Max"}


def test_every_kind_may_be_chosen_and_has_words(site):
    rule = rules.rule_of("inspections.round")
    assert set(rule.kinds) == {"assign", "hand_over", "ask_skip", "approve", "refuse", "escalated"}


def failed_on(site):
    """A round of one pump whose failed item became a hazard."""
    round = working.start(site.tom, make.one(site, [{"text": "护罩完好", "kind": "check", "on_fail": "hazard"}]))
    point = Point.objects.get(round=round)
    working.answer(site.tom, point, {Item.objects.get(edition=round.edition).pk: "0"}, at=timezone.now())
    working.finish(site.tom, round)
    return round, Finding.objects.get(round=round).hazard


def test_hazard_leads_to_its_round_and_the_round_to_its_hazard(world, browse):
    with scope(world.hospitals()):
        round, hazard = failed_on(world)
    client = browse(world.hal)
    to_round, to_hazard = reverse("inspections:round", args=[round.pk]), reverse("hazards:hazard", args=[hazard.pk])

    assert client.get(to_hazard).content.decode().count(f'href="{to_round}"') == 2
    assert f'href="{to_hazard}"' in client.get(to_round).content.decode()


def test_who_may_not_see_the_hazard_reads_its_number_only(world, browse):
    with scope(world.hospitals()):
        round, hazard = failed_on(world)
        Hazard.objects.filter(pk=hazard.pk).update(department="security", team=None, found_by=world.max)
    page = browse(world.hal).get(reverse("inspections:round", args=[round.pk])).content.decode()
    assert hazard.number in page and reverse("hazards:hazard", args=[hazard.pk]) not in page


@pytest.mark.parametrize(
    ("due", "done", "late_from", "words", "tone"),
    [
        (-2, -1, 22, "in time", "green"),  # done an hour after it was due, inside its grace
        (-30, -1, -6, "1 day 5 h too late", "red"),  # done once it was missed
        (-2, None, 22, "22 h left", "amber"),  # due, and still in time
        (-30, None, -6, "overdue for", "red"),
        (-2, -1, None, "1 h late", "red"),  # nothing but a limit
    ],
)
def test_limit_with_a_grace_is_kept_until_the_grace_is_over(due, done, late_from, words, tone):
    now = timezone.now()
    at = [None if hours is None else now + hours * HOUR + timedelta(minutes=1) for hours in (due, done, late_from)]
    with translation.override("en"):
        state = parts.limit(at[0], at[1], late_from=at[2])
    assert state.tone == tone and words in str(state.text)


def test_one_button_of_a_hazard_stands_out(world, browse):
    with scope(world.hospitals()):
        _round, hazard = failed_on(world)
    for who, first in ((world.hal, "assign"), (world.tom, "rectify")):
        page = browse(who).get(reverse("hazards:hazard", args=[hazard.pk])).content.decode()
        actions = page[page.index("summary-actions") : page.index("</section>", page.index("summary-actions"))]
        assert actions.count("btn-primary") == 1
        assert f"/move/{first}/" in actions[: actions.index("</a>")]
