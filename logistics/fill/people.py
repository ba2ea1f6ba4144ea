"""Who works at a hospital: crews, wards, desk, heads; seats that one person left and another took over; sign-ins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.utils import timezone

from accounts.models import User
from logistics.fill import words
from logistics.fill.organisation import Built, Laid, keys_for, morning
from logistics.fill.plan import Plan
from tenancy.models import Consortium, Contractor, Grant, Membership, Role, Team, Unit
from tenancy.pinyin import initials

DOMAIN = "fill.example"
LEFT = 0.12  # of the seats, how many changed hands
OVERLAP = timedelta(days=60)  # who leaves finishes what they have in hand
FOREVER = date(9999, 1, 1)


@dataclass
class Seat:
    """A place in a crew, ward or desk; from `changed` on the second person does the work."""

    first: User
    second: User
    changed: date


@dataclass
class Staff:
    """The seats of one hospital."""

    crews: dict[int, list[Seat]] = field(default_factory=dict)  # by team
    wards: list[list[Seat]] = field(default_factory=list)  # by unit
    desk: list[Seat] = field(default_factory=list)


class Hiring:
    """Accounts, memberships and grants of one hospital, gathered and then laid down at once."""

    def __init__(self, actor: Any, plan: Plan, built: Built, roles: dict[str, Role]) -> None:
        self.plan, self.built, self.roles = plan, built, roles
        self.dice = plan.dice(f"people {built.number}")
        self.laid = Laid(actor, built.hospital.pk, morning(plan))
        self.since = plan.since - timedelta(days=30)
        self.users: list[User] = []
        self.members: list[Membership] = []
        self.grants: list[Grant] = []

    def hire(
        self, name: str, post: str, since: date, until: date | None = None, *, email: str = "", **seat: Any
    ) -> User:
        user = User(
            name=name, email=email or None, created_at=_at(since),
            password=UNUSABLE_PASSWORD_PREFIX + "".join(self.dice.choices("abcdefghijkmnpqrstuvwxyz23456789", k=40)),
        )  # fmt: skip
        self.users.append(user)
        self.join(user, name, post, since, until, **seat)
        return user

    def join(self, user: User, name: str, post: str, since: date, until: date | None = None, **seat: Any) -> None:
        number = len(self.members) + 1
        self.members.append(
            Membership(
                hospital=self.built.hospital, user=user, staff_number=f"{1000 + number}", name=name,
                initials=initials(name), phone=f"13{self.dice.randrange(10**8, 10**9)}", post=post, starts_on=since,
                ends_on=until, **seat,
            )
        )  # fmt: skip

    def allow(self, user: User, role: str, since: date, until: date | None = None, **narrow: Any) -> None:
        where = {} if "consortium" in narrow else {"hospital": self.built.hospital}
        self.grants.append(
            Grant(user=user, role=self.roles[role], starts_on=since, ends_on=until, granted_at=_at(since), **where, **narrow)
        )  # fmt: skip

    def save(self) -> None:
        fresh = [user for user in self.users if user.pk is None]
        for rows, model in ((fresh, User), (self.members, Membership), (self.grants, Grant)):
            for row, key in zip(rows, keys_for(model, len(rows)), strict=True):
                row.pk = key
        for member in self.members:
            member.user = member.user  # the account has its key now
        for given in self.grants:
            given.user = given.user
        for member in self.members:
            self.laid.note(member, "joined", at=_at(member.starts_on))
        for given in self.grants:
            facts = {"user": given.user_id, "name": given.user.name, "role": given.role.key}
            self.laid.note(given, "granted", facts, _at(given.starts_on))
            if given.ends_on:
                self.laid.note(given, "revoked", {**facts, "on": str(given.ends_on)}, _at(given.ends_on))
        for member in self.members:
            if member.ends_on:
                self.laid.note(member, "left", {"on": str(member.ends_on)}, _at(member.ends_on))
        self.laid.save(fresh, self.members, self.grants)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))


def _seat(hiring: Hiring, role: str, post: str, *, woman: bool, narrow: dict[str, Any], **seat: Any) -> Seat:
    """One seat; some changed hands in the course of the years."""
    dice, plan = hiring.dice, hiring.plan
    changed = FOREVER
    if dice.random() < LEFT:
        changed = plan.since + timedelta(days=int(dice.uniform(0.1, 0.85) * 365 * plan.years))
    today = timezone.localdate(plan.until)
    leaves = changed < FOREVER and changed + OVERLAP < today
    if not leaves:
        changed = FOREVER
    first = _worker(hiring, role, post, hiring.since, changed + OVERLAP if leaves else None, woman, narrow, seat)
    if not leaves:
        return Seat(first, first, changed)
    return Seat(first, _worker(hiring, role, post, changed - timedelta(days=7), None, woman, narrow, seat), changed)


def _worker(
    hiring: Hiring, role: str, post: str, since: date, until: date | None, woman: bool, narrow: Any, seat: Any
) -> User:
    user = hiring.hire(words.person(hiring.dice, woman=woman), post, since, until, **seat)
    hiring.allow(user, "staff", since, until)
    hiring.allow(user, role, since, until, **narrow)
    return user


def staff(
    actor: Any, plan: Plan, built: Built, roles: dict[str, Role], shared: dict[str, User], firm: Contractor
) -> Staff:
    """Everybody of one hospital. Whoever works in several of them stands in `shared`."""
    hiring, found = Hiring(actor, plan, built, roles), Staff()
    wanted = max(30, round(plan.people * plan.hospitals * built.share))
    crew = max(2, round(wanted * 0.3 / len(built.teams)))
    for team in built.teams:
        found.crews[team.pk] = [_crew(hiring, team) for _ in range(crew)]
        found.crews[team.pk].append(_leader(hiring, team))
    ward = max(2, round(wanted * 0.6 / len(built.units)))
    found.wards = [[_nurse(hiring, unit) for _ in range(ward)] for unit in built.units]
    found.desk = [
        _seat(hiring, "desk", "调度员", woman=True, narrow={})
        for _ in range(2 + round(3 * built.share / plan.shares()[0]))
    ]
    _heads(hiring)
    if built.number == 0:
        _named(hiring, found)
    _across(hiring, shared, built.hospital.consortium, firm)
    hiring.save()
    return found


def _crew(hiring: Hiring, team: Team) -> Seat:
    woman = team.department in ("cleaning", "catering")
    return _seat(hiring, "worker", "组员", woman=woman, narrow={"team": team}, team=team, contractor=team.contractor)


def _leader(hiring: Hiring, team: Team) -> Seat:
    user = hiring.hire(
        words.person(hiring.dice, woman=False), "班组长", hiring.since, team=team, contractor=team.contractor, is_leader=True
    )  # fmt: skip
    hiring.allow(user, "staff", hiring.since)
    hiring.allow(user, "leader", hiring.since, team=team)
    return Seat(user, user, FOREVER)


def _nurse(hiring: Hiring, unit: Unit) -> Seat:
    post = "护士" if unit.kind == "clinical" else "职员"
    return _seat(hiring, "requester", post, woman=True, narrow={"unit": unit}, unit=unit)


def _heads(hiring: Hiring) -> None:
    jobs: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("head", "维修科主任", {"department": "maintenance"}),
        ("manager", "后勤科长", {}),
        ("administrator", "系统管理员", {}),
    )
    for role, post, narrow in jobs:
        user = hiring.hire(words.person(hiring.dice, woman=False), post, hiring.since)
        hiring.allow(user, role, hiring.since, **narrow)


def _named(hiring: Hiring, found: Staff) -> None:
    """The largest hospital's desk, and a technician whose two grants reach one building and one floor elsewhere."""
    since, built = hiring.since, hiring.built
    desk = hiring.hire("刘静", "调度员", since, email=f"desk@{DOMAIN}")
    hiring.allow(desk, "staff", since)
    hiring.allow(desk, "desk", since)
    found.desk.insert(0, Seat(desk, desk, FOREVER))
    tech = hiring.hire("张师傅", "水电工", since, email=f"tech@{DOMAIN}", team=built.teams[0])
    hiring.allow(tech, "worker", since, place=built.buildings[0])
    other = next(floor for floor in built.floors if floor.parent_id == built.buildings[1].pk)
    hiring.allow(tech, "worker", since, place=other)
    found.crews[built.teams[0].pk].insert(0, Seat(tech, tech, FOREVER))


def _across(hiring: Hiring, shared: dict[str, User], consortium: Consortium, firm: Contractor) -> None:
    """The consortium's office, and the manager of a firm in three hospitals: one account, a membership in each."""
    since, number = hiring.since, hiring.built.number
    if number == 0:
        office = hiring.hire("梁主任", "医联体后勤管理办公室", since, email=f"office@{DOMAIN}")
        hiring.allow(office, "office", since, consortium=consortium)
        shared["manager"] = hiring.hire("周经理", "项目经理", since, email=f"contractor@{DOMAIN}", contractor=firm)
    elif number < 3:
        hiring.join(shared["manager"], shared["manager"].name, "项目经理", since, contractor=firm)
    if number < 3:
        hiring.allow(shared["manager"], "contractor_manager", since, contractor=firm)


def set_passwords(password: str) -> None:
    """One password for every account with a sign-in, worked out once: working it out is slow on purpose."""
    User.objects.filter(email__endswith=f"@{DOMAIN}").update(password=make_password(password))
