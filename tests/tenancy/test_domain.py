"""The verbs of the organisation: what they change, what they refuse, what they write down."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import User
from assets.models import Asset, Kind
from flow.models import Event
from tenancy import domain, hooks
from tenancy import permissions as p
from tenancy.access import can, forget
from tenancy.models import Grant, Hospital, Membership, Place, Role, Team, Unit
from tenancy.pinyin import initials
from tenancy.roles import RoleDef
from tenancy.scope import scope, scope_of
from tests.factories import tenancy as make
from tests.factories.accounts import UserFactory
from workorders.domain import open_order
from workorders.models import Service

TODAY = timezone.localdate


@pytest.fixture
def inside(world):
    with scope(world.hospitals()):
        yield world


def fields_of(error):
    return set(error.value.message_dict)


def test_initials_of_chinese_name():
    assert initials("护士站") == "hsz"
    assert initials("CT 室 3") == "cts3"


def test_open_hospital_makes_root_and_calls_hooks(db, monkeypatch):
    seen = []
    monkeypatch.setattr(hooks, "on_open_hospital", [lambda actor, hospital: seen.append(hospital.code)])
    hospital = make.hospital(make.consortium(), "q1")
    with scope([hospital.pk]):
        root = Place.objects.get()
        assert (root.kind, root.path, root.full_name) == ("hospital", f"{root.pk:08d}.", "")
        assert Event.objects.filter(subject="tenancy.hospital", verb="opened").count() == 1
    assert seen == ["Q1"]


def test_open_hospital_inside_a_persons_scope_joins_it(world):
    with scope_of(world.kim), pytest.raises(PermissionDenied):
        domain.open_hospital(world.kim, consortium=world.consortium, code="N1", name="New", short_name="New")
    with scope([world.a.id]):
        domain.edit_role(
            world.setup,
            Role.objects.get(key="office", consortium=world.consortium),
            name="",
            wanted=[p.HOSPITAL_CHANGE],
        )
    with scope_of(User.objects.get(pk=world.kim.pk)):
        kim = User.objects.get(pk=world.kim.pk)
        new = domain.open_hospital(kim, consortium=world.consortium, code="N1", name="New", short_name="New")
        assert Place.objects.filter(hospital=new).exists()
        assert can(kim, p.HOSPITAL_CHANGE, new)


def test_open_hospital_with_taken_code_is_told_at_the_field(inside):
    with pytest.raises(ValidationError) as error:
        domain.open_hospital(inside.setup, consortium=inside.consortium, code="A", name="x", short_name="x")
    assert fields_of(error) == {"code"}


def test_place_has_full_name_path_and_initials(inside):
    room = inside.a.room
    assert room.full_name == "东院区 / 门诊楼 / 3 层 / 护士站"
    assert room.initials == "hsz"
    assert room.path == f"{inside.a.floor.path}{room.pk:08d}."


def test_move_place_rewrites_the_subtree_and_nothing_else(inside):
    a = inside.a
    domain.move_place(inside.setup, a.floor, parent=a.other_building)
    room = Place.objects.get(pk=a.room.pk)
    assert room.full_name == "东院区 / 住院楼 / 3 层 / 护士站"
    assert room.path.startswith(a.other_building.path)
    assert Place.objects.get(pk=a.other_room.pk).full_name == "东院区 / 住院楼 / 201"
    for place in Place.objects.exclude(parent=None).select_related("parent"):
        assert place.path == f"{place.parent.path}{place.pk:08d}."
        assert place.full_name == " / ".join(filter(None, [place.parent.full_name, place.name]))


@pytest.mark.parametrize("target", ["floor", "room"])
def test_move_place_into_itself_is_refused(inside, target):
    with pytest.raises(ValidationError) as error:
        domain.move_place(inside.setup, inside.a.floor, parent=getattr(inside.a, target))
    assert fields_of(error) == {"parent"}


def test_move_place_to_other_hospital_is_refused(inside):
    with pytest.raises(ValidationError):
        domain.move_place(inside.setup, inside.a.floor, parent=inside.b.building)


def test_rename_place_goes_down(inside):
    domain.edit_place(inside.setup, inside.a.building, name="急诊楼")
    assert Place.objects.get(pk=inside.a.room.pk).full_name == "东院区 / 急诊楼 / 3 层 / 护士站"


def test_place_with_taken_code_is_told_at_the_field(inside):
    with pytest.raises(ValidationError) as error:
        domain.add_place(inside.setup, parent=inside.a.campus, kind="building", name="x", code="B1")
    assert fields_of(error) == {"code"}


def test_close_place_closes_what_is_below(inside):
    domain.close_place(inside.setup, inside.a.building)
    assert Place.objects.get(pk=inside.a.room.pk).closed_on == TODAY()
    assert Place.objects.get(pk=inside.a.other_room.pk).closed_on is None


def test_verbs_refuse_who_may_not(world):
    with scope_of(world.rita):
        for verb in (
            lambda: domain.add_place(world.rita, parent=world.a.building, kind="floor", name="x"),
            lambda: domain.add_unit(world.rita, hospital=world.a.hospital, code="Z", name="x"),
            lambda: domain.edit_team(world.rita, world.a.team, name="x"),
            lambda: domain.add_person(world.rita, hospital=world.a.hospital, staff_number="9", name="x"),
            lambda: domain.edit_hospital(world.rita, world.a.hospital, beds=3),
            lambda: domain.add_contractor(world.rita, consortium=world.consortium, name="x"),
        ):
            with pytest.raises(PermissionDenied):
                verb()


def test_edit_writes_old_and_new_value(inside):
    domain.edit_unit(inside.setup, inside.a.ward, name="心血管内科")
    event = Event.objects.get(subject="tenancy.unit", subject_id=inside.a.ward.pk, verb="edited")
    assert event.data["changes"] == {"name": ["心内科", "心血管内科"]}
    assert Unit.objects.get(pk=inside.a.ward.pk).initials == "xxgnk"


def test_merge_units_moves_people_grants_and_open_work(inside, monkeypatch):
    followed = []
    monkeypatch.setattr(hooks, "references", [lambda actor, merged, into: followed.append((merged.pk, into.pk))])
    ward, into = inside.a.ward, inside.a.other_ward
    domain.merge_units(inside.setup, ward, into=into)
    ward.refresh_from_db()
    assert (ward.merged_into_id, ward.closed_on) == (into.pk, TODAY())
    assert Membership.objects.get(user=inside.rita, hospital=inside.a.hospital).unit_id == into.pk
    assert Grant.objects.filter(user=inside.rita, unit=into).exists()
    assert followed == [(ward.pk, into.pk)]


def test_merge_teams_of_different_departments_is_refused(inside):
    with pytest.raises(ValidationError):
        domain.merge_teams(inside.setup, inside.a.team, into=inside.a.cleaners)
    assert Team.objects.get(pk=inside.a.team.pk).closed_on is None


def test_merge_into_a_closed_one_is_refused(inside):
    domain.close_team(inside.setup, inside.a.other_team)
    with pytest.raises(ValidationError):
        domain.merge_teams(inside.setup, inside.a.team, into=inside.a.other_team)


def test_person_with_known_email_gets_a_second_membership(inside):
    member = domain.add_person(
        inside.setup, hospital=inside.b.hospital, staff_number="77", name="Rita", email=" RITA@example.org "
    )
    assert member.user == inside.rita
    assert Membership.objects.filter(user=inside.rita).count() == 2


def test_person_without_email_and_with_taken_number(inside):
    made = domain.add_person(inside.setup, hospital=inside.a.hospital, staff_number="500", name="无邮箱")
    assert made.user.email is None
    assert not made.user.has_usable_password()
    with pytest.raises(ValidationError) as error:
        domain.add_person(inside.setup, hospital=inside.a.hospital, staff_number="500", name="x")
    assert fields_of(error) == {"staff_number"}


def test_person_of_a_unit_of_another_hospital_is_refused(inside):
    with pytest.raises(ValidationError) as error:
        domain.add_person(inside.setup, hospital=inside.a.hospital, staff_number="501", name="x", unit=inside.b.ward)
    assert fields_of(error) == {"unit"}


def test_leave_hands_work_over_and_ends_everything_the_next_day(inside, monkeypatch):
    handed = []
    kind = hooks.Leavers(lambda user, hospital: 2, lambda actor, user, hospital, to: handed.append((user, to)))
    monkeypatch.setattr(hooks, "leavers", [kind])
    member = Membership.objects.get(user=inside.tom, hospital=inside.a.hospital)
    with pytest.raises(ValidationError) as error:
        domain.leave(inside.setup, member, on=TODAY())
    assert fields_of(error) == {"hand_over_to"}
    domain.leave(inside.setup, member, on=TODAY(), hand_over_to=inside.lea)
    assert handed == [(inside.tom, inside.lea)]
    assert set(Grant.objects.filter(user=inside.tom).values_list("ends_on", flat=True)) == {TODAY()}


def test_leaver_may_today_and_reaches_nothing_tomorrow(world, monkeypatch):
    with scope(world.hospitals()):
        member = Membership.objects.get(user=world.ada, hospital=world.a.hospital)
        domain.leave(world.setup, member, on=TODAY())
    with scope_of(world.ada):
        assert can(world.ada, p.UNIT_VIEW, world.a.ward)
    tomorrow = TODAY() + timedelta(days=1)
    monkeypatch.setattr("tenancy.access.timezone.localdate", lambda: tomorrow)
    forget(world.ada)
    with scope_of(world.ada) as facts:
        assert facts["hospitals"] == []
        assert not can(world.ada, p.UNIT_VIEW)
        assert not Unit.objects.exists()


def test_nobody_grants_more_than_they_hold(world):
    strong = make.role(world.consortium, p.UNIT_CHANGE, p.ROLE_CHANGE)
    weak = make.role(world.consortium, p.UNIT_VIEW)
    giver = make.role(world.consortium, p.GRANT_CHANGE, p.UNIT_VIEW)
    with scope([world.a.id]):
        domain.grant(world.setup, user=world.max, role=giver, hospital=world.a.hospital)
    with scope_of(world.max):
        given = domain.grant(world.max, user=world.dan, role=weak, hospital=world.a.hospital)
        assert given.granted_by == world.max
        for refused in (
            {"role": strong, "hospital": world.a.hospital},
            {"role": weak, "hospital": world.b.hospital},
            {"role": weak, "consortium": world.consortium},
        ):
            with pytest.raises(PermissionDenied):
                domain.grant(world.max, user=world.dan, **refused)


@pytest.mark.parametrize("shape", ["unit", "team", "place", "own", "department"])
def test_narrowed_giver_cannot_give_the_whole_hospital(world, shape):
    giver = make.role(world.consortium, p.GRANT_CHANGE, p.UNIT_VIEW)
    part = {
        "unit": world.a.ward,
        "team": world.a.team,
        "place": world.a.building,
        "own": True,
        "department": "maintenance",
    }[shape]
    user = UserFactory()
    with scope([world.a.id]):
        domain.grant(world.setup, user=user, role=giver, hospital=world.a.hospital, **{shape: part})
    with scope_of(user):
        with pytest.raises(PermissionDenied):
            domain.grant(user, user=user, role=giver, hospital=world.a.hospital)
        if shape != "own":
            domain.grant(user, user=world.dan, role=giver, hospital=world.a.hospital, **{shape: part})


def test_administrator_can_hand_out_every_shipped_role_at_the_own_hospital_only(world):
    """But the office's: to publish months and to decide appeals is no hospital's to give."""
    office = Role.objects.get(consortium=world.consortium, key="office")
    with scope_of(world.ada):
        assert not domain.may_hand_out(world.ada, office.permissions, Grant(role=office, hospital=world.a.hospital))
        for role in Role.objects.filter(consortium=world.consortium).exclude(pk=office.pk):
            here = Grant(user=world.dan, role=role, hospital=world.a.hospital)
            everywhere = Grant(user=world.dan, role=role, consortium=world.consortium)
            assert domain.may_hand_out(world.ada, role.permissions, here), role.key
            assert not domain.may_hand_out(world.ada, role.permissions, everywhere), role.key


def test_revoke_ends_at_once(world):
    given = Grant.objects.filter(user=world.dan).first()
    with scope_of(world.ada):
        domain.revoke(world.ada, given)
    given.refresh_from_db()
    assert given.ends_on < TODAY()


def test_revoke_of_a_grant_elsewhere_is_refused(world):
    given = Grant.objects.filter(user=world.dan_b).first()
    with scope_of(world.ada), pytest.raises(PermissionDenied):
        domain.revoke(world.ada, given)


def test_sync_roles_leaves_edited_ones_and_retires_gone_ones(db, monkeypatch):
    ship = {"x": RoleDef("x", "X", frozenset({p.UNIT_VIEW}))}
    monkeypatch.setattr("tenancy.domain.hospitals.shipped", lambda: ship)
    consortium = make.consortium()
    ship["x"] = RoleDef("x", "X", frozenset({p.UNIT_VIEW, p.UNIT_CHANGE}))
    ship["y"] = RoleDef("y", "Y", frozenset({p.UNIT_VIEW}))
    roles = domain.sync_roles(consortium)
    assert roles["x"].permissions == [p.UNIT_CHANGE, p.UNIT_VIEW]
    domain.edit_role(make.setup(), roles["y"], name="Mine", wanted=[p.TEAM_VIEW])
    ship["y"] = RoleDef("y", "Y", frozenset({p.UNIT_VIEW, p.PLACE_VIEW}))
    del ship["x"]
    roles = domain.sync_roles(consortium)
    assert roles["y"].permissions == [p.TEAM_VIEW]
    assert roles["x"].retired


def test_edit_role_with_unknown_permission(world):
    with scope([world.a.id]), pytest.raises(ValidationError) as error:
        domain.edit_role(world.setup, make.role(world.consortium), name="", wanted=["no.such.thing"])
    assert fields_of(error) == {"permissions"}


def test_engagement_decides_whether_the_firm_sees_anything(world):
    yesterday = TODAY() - timedelta(days=1)
    with scope([world.a.id]):
        world.a.engagement.starts_on = TODAY() - timedelta(days=9)
        world.a.engagement.save()
        domain.end_engagement(world.setup, world.a.engagement, on=yesterday)
    with scope_of(world.cleo) as facts:
        assert [h["code"] for h in facts["hospitals"]] == ["B"]


def test_door_is_made_once_and_anew_after_revoking(inside):
    first = domain.door_for(place=inside.a.room)
    assert domain.door_for(place=inside.a.room) == first
    domain.revoke_door(inside.setup, first)
    assert domain.door_for(place=inside.a.room) != first
    kind = Kind.objects.create(consortium=inside.consortium, name="Pump")
    pump = Asset.objects.create(hospital=inside.a.hospital, kind=kind, place=inside.a.room, code="P1", name="Pump")
    assert domain.door_for(place=inside.a.room, asset_id=pump.pk) != domain.door_for(place=inside.a.room)


def test_code_for_who_may_more_is_refused(world):
    with scope_of(world.ada):
        dan = Membership.objects.get(user=world.dan)
        kim = Membership.objects.get(user=world.kim)
        assert len(domain.give_code(world.ada, dan)) == 6
        with pytest.raises(PermissionDenied):
            domain.give_code(world.ada, kim)
        with pytest.raises(PermissionDenied):
            domain.edit_person(world.ada, kim, email="mine@example.org")


def test_hospital_code_is_fixed(inside):
    with pytest.raises(TypeError):
        domain.edit_hospital(inside.setup, inside.a.hospital, code="ZZ")
    assert Hospital.objects.get(pk=inside.a.id).code == "A"


def test_place_with_open_work_is_not_closed_but_merged(world):
    with scope_of(world.ada):
        service = Service.objects.get(hospital=world.a.hospital, key="maintenance.water")
        order = open_order(world.ada, place=world.a.room, service=service, unit=world.a.ward)

        with pytest.raises(ValidationError) as refused:
            domain.close_place(world.ada, world.a.floor)
        domain.merge_places(world.ada, world.a.room, into=world.a.other_room)

        order.refresh_from_db()
        world.a.room.refresh_from_db()
        assert "1" in refused.value.messages[0]
        assert order.place_id == world.a.other_room.pk
        assert world.a.room.merged_into_id == world.a.other_room.pk
        assert world.a.room.closed_on is not None
