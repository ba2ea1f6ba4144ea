"""The office and managers set what figures should reach; what held at the time stays as it was."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from flow.models import Event
from indicators.models import Indicator
from kpi import registry
from kpi.domain import set_target
from kpi.figures import Card, difference, tone_of
from kpi.models import PeerMember, Target
from kpi.queries import goals, stand_of, targets
from kpi.registry import Figure, Standpoint
from tenancy.scope import scope_of

KEY = "workorders.on_time"
TODAY = date(2026, 6, 1)


def put(actor, world, **fields):
    facts = {"consortium": world.consortium, "kpi": KEY, "target": Decimal(95), "valid_from": TODAY, **fields}
    return set_target(actor, **facts)


def test_new_target_ends_the_one_before_and_is_noted(world):
    with scope_of(world.kim):
        first = put(world.kim, world)
        put(world.kim, world, target=Decimal(97), valid_from=TODAY + timedelta(days=30), decided="2026-06-20, no. 7")
        between = put(world.kim, world, target=Decimal(96), valid_from=TODAY + timedelta(days=10))

        first.refresh_from_db()
        assert first.valid_to == TODAY + timedelta(days=9)
        assert between.valid_to == TODAY + timedelta(days=29)
        stand = stand_of(world.kim)
        for days, expected in ((0, 95), (15, 96), (90, 97)):
            assert targets(stand, TODAY + timedelta(days=days))[KEY].target == expected
        assert Event.objects.filter(verb="target_set", hospital=world.a.id).count() == 3


def test_hospital_of_its_own_goes_before_the_consortium(world):
    with scope_of(world.kim):
        put(world.kim, world)
    with scope_of(world.max):
        put(world.max, world, target=Decimal(92), hospital=world.a.hospital)
        assert targets(stand_of(world.max), TODAY)[KEY].target == 92
    with scope_of(world.max_b):
        assert targets(stand_of(world.max_b), TODAY)[KEY].target == 95
    with scope_of(world.kim):
        assert targets(stand_of(world.kim), TODAY)[KEY].target == 95


def test_manager_may_set_the_own_hospital_only(world):
    with scope_of(world.max):
        with pytest.raises(PermissionDenied):
            put(world.max, world)
        with pytest.raises(PermissionDenied):
            put(world.max, world, hospital=world.b.hospital)
    with scope_of(world.audrey), pytest.raises(PermissionDenied):
        put(world.audrey, world)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kpi": "no.such"}, "kpi"),
        ({"target": Decimal(101)}, "target"),
        ({"floor": Decimal(96)}, "floor"),
        ({"decided": "x" * 201}, "decided"),
        ({"minutes": "x" * 81}, "minutes"),
        ({"kpi": "workorders.stars", "target": Decimal(6)}, "target"),
        ({"valid_from": date(1, 1, 1)}, "valid_from"),
        ({"valid_from": date(9999, 12, 31)}, "valid_from"),
        ({"stretch": Decimal(94)}, "stretch"),
        ({"stretch": Decimal(101)}, "stretch"),
        ({"decided_on": date(2999, 1, 1)}, "decided_on"),
        ({"kpi": "workorders.received"}, "kpi"),  # neither more nor less is better
        ({"kpi": "workorders.open"}, "kpi"),  # nothing is kept of it
        ({"kpi": "workorders.rework", "target": Decimal(3), "floor": Decimal(2)}, "floor"),
        ({"kpi": "workorders.rework", "target": Decimal(3), "stretch": Decimal(4)}, "stretch"),
    ],
)
def test_nonsense_is_refused_beside_its_field(world, wrong, field):
    with scope_of(world.kim):
        with pytest.raises(ValidationError) as error:
            put(world.kim, world, **wrong)
        assert field in error.value.error_dict
        assert not Target.objects.exists()


def test_same_day_twice_is_refused_once_it_has_judged(world):
    with scope_of(world.kim):
        put(world.kim, world)
        with pytest.raises(ValidationError):
            put(world.kim, world)


@pytest.mark.parametrize("days", [0, 20])
def test_target_typed_wrongly_is_put_right_before_it_judges(world, days):
    day = timezone.localdate() + timedelta(days=days)
    with scope_of(world.kim):
        before, wrong = (
            put(world.kim, world, target=Decimal(90)),
            put(world.kim, world, target=Decimal(9), valid_from=day),
        )
        right = put(world.kim, world, target=Decimal(97), valid_from=day, minutes="7")

        assert Target.objects.filter(kpi=KEY).count() == 2 and right.pk == wrong.pk
        assert targets(stand_of(world.kim), day)[KEY].target == 97
        before.refresh_from_db()
        assert before.valid_to == day - timedelta(days=1)
        told = Event.objects.get(verb="target_corrected", hospital=world.a.id).data["changes"]
    assert [Decimal(value) for value in told.pop("target")] == [9, 97]
    assert told == {"minutes": ["", "7"]}


def test_office_sets_a_target_on_the_page(world, client):
    client.force_login(world.kim, backend="tenancy.backends.SignInBackend")
    form = {"kpi": KEY, "target": "96", "valid_from": str(timezone.localdate()), "decided": "no. 7", "form_key": "k1"}

    assert client.post("/figures/targets/new/", {**form, "target": "960"}).status_code == 422
    assert client.post("/figures/targets/new/", form).status_code == 303
    assert client.post("/figures/targets/new/", form).status_code == 303  # the second tap
    page = client.get("/figures/targets/").content.decode()

    assert page.count("no. 7") == 1
    client.force_login(world.max, backend="tenancy.backends.SignInBackend")
    assert "no. 7" in client.get("/figures/targets/").content.decode()
    assert client.post("/figures/targets/new/", {**form, "form_key": "k2"}).status_code == 422
    client.force_login(world.hal, backend="tenancy.backends.SignInBackend")
    assert client.get("/figures/targets/").status_code == 403
    assert client.get("/figures/targets/new/").status_code == 403


def test_tone_and_difference_in_words():
    share, received = registry.get(KEY), registry.get("workorders.received")
    rework = registry.get("workorders.rework")

    assert tone_of(share, Decimal(95), Decimal(95), None) == "green"
    assert tone_of(share, Decimal(94), Decimal(95), Decimal(90)) == "amber"
    assert tone_of(share, Decimal(89), Decimal(95), Decimal(90)) == "red"
    assert tone_of(rework, Decimal(4), Decimal(3), None) == "red"
    assert tone_of(share, None, Decimal(95), None) == ""
    assert difference(received, Decimal(3802), Decimal(4536)).startswith("−16.18")
    assert difference(received, Decimal(1), Decimal(0)) == ""
    assert difference(share, Decimal(96), None) == ""


def test_a_groups_target_goes_before_the_consortiums_and_after_the_hospitals_own(world):
    with scope_of(world.kim):
        put(world.kim, world)
        for site in (world.a, world.b):
            PeerMember.objects.create(hospital=site.hospital, group="三级")
        put(world.kim, world, group="三级", target=Decimal(97))
        put(world.kim, world, group="社区", target=Decimal(80))
        assert targets(stand_of(world.kim), TODAY)[KEY].target == 97  # both belong to the group
    with scope_of(world.max):
        assert targets(stand_of(world.max), TODAY)[KEY].target == 97
        put(world.max, world, target=Decimal(92), hospital=world.a.hospital)
        assert targets(stand_of(world.max), TODAY)[KEY].target == 92
    with scope_of(world.kim):
        ours = {site.id: world.consortium.pk for site in (world.a, world.b)}
        found = {at: goal.target for at, goal in goals(ours, TODAY).items()}
        assert found == {(world.a.id, KEY): 92, (world.b.id, KEY): 97}
        PeerMember.objects.filter(hospital=world.b.hospital).update(group="社区")
        assert {at: goal.target for at, goal in goals(ours, TODAY).items()}[world.b.id, KEY] == 80
        assert targets(stand_of(world.kim), TODAY)[KEY].target == 95  # of different groups


def test_a_target_holds_for_a_hospital_or_a_group_and_only_the_office_sets_one_for_a_group(world):
    with scope_of(world.kim), pytest.raises(ValidationError) as error:
        put(world.kim, world, hospital=world.a.hospital, group="三级")
    assert "group" in error.value.error_dict
    with scope_of(world.max), pytest.raises(PermissionDenied):
        put(world.max, world, group="三级")


def test_what_the_hospitals_report_and_what_the_office_wrote_have_targets_too(world):
    with scope_of(world.kim):
        Indicator.objects.create(
            consortium=world.consortium, key="mine", name="Mine", numerator=["a"], denominator=["b"], good="down"
        )
        put(world.kim, world, kpi="library.m12", target=Decimal("3.5"), floor=Decimal(4), stretch=Decimal(2))
        put(world.kim, world, kpi="own.mine", target=Decimal(1200))
        assert {t.kpi: t.target for t in Target.objects.all()} == {"library.m12": Decimal("3.5"), "own.mine": 1200}
        with pytest.raises(ValidationError):
            put(world.kim, world, kpi="own.mine", target=Decimal(1), floor=Decimal("0.5"), valid_from=date(2026, 7, 1))


def test_the_committees_decision_stands_on_the_page_and_hours_are_hours(world, client):
    client.force_login(world.kim, backend="tenancy.backends.SignInBackend")
    with scope_of(world.kim):
        PeerMember.objects.create(hospital=world.a.hospital, group="三级")
    form = {
        "kpi": "workorders.repair", "group": "三级", "target": "4", "floor": "8", "stretch": "2.5", "form_key": "k9",
        "valid_from": "2026-01-01", "decided": "考核委员会", "decided_on": "2025-12-20", "minutes": "2025-12",
    }  # fmt: skip
    assert client.post("/figures/targets/new/", form).status_code == 303
    page = client.get("/figures/targets/").content.decode()

    with scope_of(world.kim):
        made = Target.objects.get()
        assert (made.target, made.floor, made.stretch) == (4 * 3600, 8 * 3600, 9000)
    for words in ("考核委员会", "2025-12", "三级", "2.5"):
        assert words in page


def test_a_sums_target_is_one_of_a_month(world):
    missed = registry.get("inspections.missed")

    def tone(target, last):
        goal = Target(kpi=missed.key, target=Decimal(target))
        return Card(Figure(missed, Standpoint((1,)), date(2026, 1, 1), last, Decimal(9)), goal=goal).tone

    assert tone(5, date(2026, 1, 31)) == "red" and tone(10, date(2026, 1, 31)) == "green"
    assert tone(5, date(2026, 3, 31)) == "" and tone(0, date(2026, 3, 31)) == "red"
