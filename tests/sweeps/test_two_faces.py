"""The permission rule has two faces, `can` for a row and `for_user` for a table. Random grants never tell them apart."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from accounts.models import User
from assessment.models import Action, Appeal, Exclusion, FrozenFigure, MonthClose, PublishedFigure, Reply, Rules
from assets.models import Asset, AssetDuty, AssetState, DutyTerm, Kind, Meter
from flow.models import ChainSetting
from hazards.models import Hazard
from inspections.models import Checklist, Plan, Round
from notices.models import Announcement, Robot
from people.models import (
    Absence,
    DayChange,
    Duty,
    Pattern,
    PersonSkill,
    ServiceSkill,
    Shift,
    ShiftSkill,
    Skill,
    SkillTerm,
    WorkedShift,
)
from tenancy import domain
from tenancy import permissions as p
from tenancy.access import can, reaches, where
from tenancy.models import Contractor, Engagement, Grant, Hospital, Membership, Place, Role, Team, Unit
from tenancy.queries import explain
from tenancy.scope import scope, scope_of
from tests.factories import tenancy as make
from workorders.models import LabourRate, Service, WorkOrder

MODELS = [
    Hospital,
    Announcement,
    Robot,
    Place,
    Unit,
    Team,
    Engagement,
    Membership,
    Grant,
    Contractor,
    Role,
    Kind,
    Asset,
    Service,
    WorkOrder,
]
MODELS += [LabourRate, Skill, PersonSkill, ServiceSkill, Shift, Pattern, DayChange, Duty, Absence]
MODELS += [ShiftSkill, SkillTerm, WorkedShift]
MODELS += [Hazard, Checklist, Plan, Round, Meter, ChainSetting, AssetState, DutyTerm]
MODELS += [MonthClose, FrozenFigure, Reply, Appeal, Exclusion, Action, Rules, PublishedFigure]
HELD, OTHER = p.UNIT_VIEW, p.TEAM_VIEW
DAILY = (2, 10)  # seed, people: ten with 17 grants in force
HAMMER = [pytest.param(seed, 25, marks=pytest.mark.hammer) for seed in range(3)]
DAY = timedelta(days=1)


def maybe(dice, *values, empty=None):
    """Nothing more often than something: narrow grants all the way only now and then."""
    return dice.choice(values) if dice.random() < 0.22 else empty


def enrich(world, dice):
    """Firms engaged now, before and later; assets and orders with every mixture of attributes."""
    today = timezone.localdate()
    with scope(world.hospitals()):
        world.firms = [world.firm]
        for name, start, end in (("Past", -9, -1), ("Last day", -9, 0), ("First day", 0, 9), ("Later", 1, None)):
            firm = domain.add_contractor(world.setup, consortium=world.consortium, name=name)
            domain.engage_contractor(
                world.setup,
                hospital=dice.choice([world.a, world.b]).hospital,
                contractor=firm,
                department=dice.choice(["maintenance", "cleaning"]),
                starts_on=today + start * DAY,
                ends_on=None if end is None else today + end * DAY,
            )
            world.firms.append(firm)
        for site in (world.a, world.b, world.outside):
            fill(world, site, dice)


def fill(world, site, dice):
    kind = Kind.objects.create(consortium=site.hospital.consortium, name=f"Kind {site.hospital.code}")
    service = Service.objects.filter(hospital=site.hospital).first() or Service.objects.create(
        hospital=site.hospital, key="other", department="maintenance"
    )
    places = [site.root, site.building, site.room, site.other_room]
    units, teams = [None, site.ward, site.other_ward], [None, site.team, site.other_team, site.cleaners]
    people = [None, *world.people]
    now = timezone.now()
    for n in range(25):
        place, unit = dice.choice(places), dice.choice(units)
        Asset.objects.create(hospital=site.hospital, kind=kind, code=f"Z{n}", name="x", place=place, custodian=unit)
        _inspected(site, dice, n, people)
        assessed(site, dice, n, people)
        Robot.objects.create(
            hospital=site.hospital,
            kind="wecom",
            name="x",
            department=dice.choice(["", "cleaning"]),
            team=dice.choice(teams),
        )
        Announcement.objects.create(
            hospital=site.hospital,
            text="x",
            place=dice.choice([None, *places]),
            department=dice.choice(["", "maintenance"]),
            made_by=world.dan,
            starts_at=now,
            ends_at=now + DAY,
        )
        LabourRate.objects.create(
            hospital=site.hospital,
            department=dice.choice(["", "maintenance", "cleaning"]),
            team=dice.choice(teams) if n % 2 else None,
            contractor=dice.choice([None, *world.firms]) if not n % 2 and site is not world.outside else None,
            price=n,
            valid_from=timezone.localdate() + n * DAY,
        )
        WorkOrder.objects.create(
            hospital=site.hospital,
            number=f"Z-{n}",
            title="x",
            service=service,
            department=dice.choice(["maintenance", "cleaning"]),
            place=place,
            unit=unit,
            team=dice.choice(teams),
            contractor=dice.choice([None, *world.firms]) if site is not world.outside else None,
            reporter=dice.choice(people),
            assignee=dice.choice(people),
            channel="web",
            reported_at=now,
            respond_by=now,
            due_at=now,
        )


def _inspected(site, dice, n, people):
    """A hazard, a meter, a checklist of the hospital's or of all, a plan and a round of it."""
    here, now = {"hospital": site.hospital}, timezone.now()
    part = {
        **here,
        "department": dice.choice(["maintenance", "cleaning"]),
        "place": dice.choice([site.root, site.building, site.room, site.other_room]),
        "unit": dice.choice([None, site.ward, site.other_ward]),
        "team": dice.choice([site.team, site.other_team, site.cleaners]),
    }
    Hazard.objects.create(
        number=f"Z-{n}", title="x", found_at=now, due_on=now.date(), found_by=dice.choice(people),
        responsible=dice.choice(people), **part,
    )  # fmt: skip
    ChainSetting.objects.create(key=f"k{n}", **here)
    asset = Asset.objects.get(code=f"Z{n}", **here)
    Meter.objects.create(asset=asset, name="h", **here)
    duty = AssetDuty.objects.create(asset=asset, kind="gauge", due_on=now.date(), **here)
    DutyTerm.objects.create(duty=duty, valid_from=now.date(), valid_until=now.date(), **here)
    checklist = Checklist.objects.create(
        consortium=site.hospital.consortium, home=dice.choice([None, site.hospital]), key=f"own.{site.hospital.code}-{n}",
        department=part["department"],
    )  # fmt: skip
    plan = Plan.objects.create(name=f"x{n}", checklist=checklist, subject="place", starts_on=now.date(), **part)
    Round.objects.create(
        plan=plan, checklist=checklist, due_at=now, opens_at=now, late_from=now, assignee=dice.choice(people), **part
    )


def assessed(site, dice, n, people):
    """A closed month with a figure, what was published of it, the answer, an appeal, an exclusion, an action."""
    here, today, of = {"hospital": site.hospital}, timezone.localdate(), {"consortium": site.hospital.consortium}
    month = {"month": today.replace(day=1) - 31 * n * DAY, **here}
    MonthClose.objects.create(figures=1, head="", by_name="x", **month)
    words = {"label": "x", "version": "x", "good": "up", "factor": 1, "first": today, "last": today, "key": f"k{n}"}
    figure = FrozenFigure.objects.create(
        kind="computed", definition={}, inputs={}, rows_sha256="", frozen_at=timezone.now(), frozen_name="x", digest="",
        seal="", **words, **month,
    )  # fmt: skip
    PublishedFigure.objects.create(
        revision=1, cause="closing", frozen_id=figure.pk, digest="", published_name="x", **words, **month, **of
    )
    Reply.objects.create(due_on=today, **month)
    named = {"key": "k", "label": "x", **month}
    Appeal.objects.create(
        figure=figure, reason="rule", filed_by=dice.choice(people), filed_name="x", decide_by=today, **named
    )
    Exclusion.objects.create(
        subject="x",
        subject_id=n,
        name="x",
        reason="rule",
        asked_by=dice.choice(people),
        asked_name="x",
        decide_by=today,
        **named,
    )
    Action.objects.create(
        figure=figure, state="wanted", due_on=today, owner=dice.choice(people),
        department=dice.choice(["", "maintenance", "cleaning"]), **named,
    )  # fmt: skip
    Rules.objects.get_or_create(**of)


def rosters(site, member, dice, n):
    """What people/ keeps of somebody: in a team or in none, of a firm or not."""
    here, today = {"hospital": site.hospital}, timezone.localdate() + n * DAY
    skill, _made = Skill.objects.get_or_create(key="welder", **here)
    PersonSkill.objects.create(member=member, skill=skill, **here)
    SkillTerm.objects.create(member=member, skill=skill, valid_from=today, **here)
    ServiceSkill.objects.create(
        service_key=f"x{n}", department=dice.choice(["maintenance", "cleaning"]), skill=skill, **here
    )
    team = dice.choice([site.team, site.other_team, site.cleaners])
    shift = Shift.objects.create(team=team, name="x", starts="07:00", ends="15:00", **here)
    ShiftSkill.objects.create(shift=shift, skill=skill, first_day=today, **here)
    WorkedShift.objects.create(
        member=member, person_id=member.user_id, shift=shift, worked_on=today, team=team, department=team.department,
        contractor_id=member.contractor_id, certified=False, **here,
    )  # fmt: skip
    Pattern.objects.create(member=member, weekday=n % 7, starts_on=today, shift=shift, **here)
    DayChange.objects.create(member=member, day=today, shift=None, **here)
    Absence.objects.create(member=member, first_day=today, last_day=today, **here)
    of_team = dice.random() < 0.6
    Duty.objects.create(
        member=member, day=today, team=team if of_team else None, department=team.department if of_team else "cleaning",
        **here,
    )  # fmt: skip
    Duty.objects.create(member=member, day=today, line="officer", **here)


def random_grant(world, dice, user, roles):
    site = dice.choice([world.a, world.a, world.b])
    at_consortium = dice.random() < 0.25
    part = {} if at_consortium else {
        "place": maybe(dice, site.campus, site.building, site.floor, site.room, site.other_building),
        "unit": maybe(dice, site.ward, site.other_ward),
        "team": maybe(dice, site.team, site.other_team, site.cleaners),
    }  # fmt: skip
    today = timezone.localdate()
    return Grant.objects.create(
        user=user,
        role=dice.choice(roles),
        consortium=world.consortium if at_consortium else None,
        hospital=None if at_consortium else site.hospital,
        department=maybe(dice, "maintenance", "cleaning", "security", empty=""),
        contractor=maybe(dice, *world.firms),
        own=dice.random() < 0.2,
        starts_on=today + dice.choice([-9, -1, 0, 0, 0, 1]) * DAY,
        ends_on=dice.choice([None, None, None, today, today + DAY, today - DAY]),
        **part,
    )


@pytest.mark.parametrize(("seed", "people"), [DAILY, *HAMMER])
def test_can_and_for_user_agree_for_every_grant_and_row(world, seed, people):
    dice = Random(seed)
    roles = [
        make.role(world.consortium, HELD),
        make.role(world.consortium, HELD, OTHER),
        make.role(world.consortium, OTHER),
    ]
    world.people = [User.objects.create_user(f"P{n}", email=f"p{seed}-{n}@example.org") for n in range(people)]
    enrich(world, dice)
    with scope(world.hospitals()):
        for n, user in enumerate(world.people):
            site = dice.choice([world.a, world.b])
            member = Membership.objects.create(
                hospital=site.hospital, user=user, staff_number=f"R{n}", name="x", unit=maybe(dice, site.ward),
                team=dice.choice([None, site.team, site.cleaners]), contractor=dice.choice([None, *world.firms]),
            )  # fmt: skip
            rosters(site, member, dice, n)
            for _ in range(dice.randint(0, 4)):
                random_grant(world, dice, user, roles)
        rows = {model: list(model.objects.all()) for model in MODELS}
        seen = {user.pk: faces(user, rows) for user in world.people}
    for user in world.people:
        behind_the_wall(user, seen[user.pk])
    hits = sum(len(found) for each in seen.values() for found in each.values())
    assert hits > 500, "the dice were too narrow to prove anything"


def faces(user, rows):
    """What the person sees of each model; every face must say the same."""
    found = {}
    for model, every in rows.items():
        by_row = {row.pk for row in every if can(user, HELD, row)}
        by_table = list(model.objects.for_user(user, HELD).values_list("pk", flat=True))
        assert by_row == set(by_table), (model, grants_of(user))
        assert len(by_table) == len(set(by_table)), "a join doubled rows"
        for reach in reaches(user):
            q = reach.q(model)
            covered = {row.pk for row in every if reach.covers(row)}
            assert covered == set(model.objects.filter(q).values_list("pk", flat=True) if q is not None else [])
        found[model] = by_row
    for row in _each_alike(user, rows):
        assert any(reason.reaches for reason in explain(user, HELD, row)) == can(user, HELD, row)
    return found


def _each_alike(user, rows):
    """Of all rows that stand in the same way, and that each grant of the person misses for the same reason, one."""
    held = reaches(user)
    alike = {
        (model.reach, *(reach.misses(row) for reach in held)): row for model, every in rows.items() for row in every
    }
    return alike.values()


def behind_the_wall(user, expected):
    """The person's own scope hides nothing that the grants allow."""
    with scope_of(user):
        for model in MODELS:
            assert set(model.objects.for_user(user, HELD).values_list("pk", flat=True)) == expected[model]


def grants_of(user):
    return list(Grant.objects.filter(user=user).values())


def test_the_whole_cast_agrees_on_every_shipped_role(world):
    with scope(world.hospitals()):
        rows = {model: list(model.objects.all()) for model in MODELS}
    for name in ("rita", "dan", "tom", "lea", "hal", "max", "ada", "kim", "audrey", "cleo", "olga"):
        user = getattr(world, name)
        held = {permission for reach in reaches(user) for permission in reach.permissions}
        asked = {}  # the same question has the same answer: it is put to the table once
        with scope(world.hospitals()):
            for permission in held:
                for model, every in rows.items():
                    rule = where(user, permission, model)
                    if (model, rule) not in asked:
                        asked[model, rule] = set(model.objects.filter(rule).values_list("pk", flat=True))
                    assert {row.pk for row in every if can(user, permission, row)} == asked[model, rule]
