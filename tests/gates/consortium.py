"""The consortium that the gates are read from: always the same rows with the same keys, at the same hour.

Hospitals A, B and C; Cleo's firm cleans in all three. It grows in stages: with `add(1)` there is one order in hand at A,
one order for the firm, one asset, one notice for everybody; `add(2)` and `add(3)` bring another of each, with places,
units, people and pieces of equipment of their own; `deepen` gives the first of each more to tell; `years` lays 400 days
of history under it, so that the planner has something to choose from.
"""

from __future__ import annotations

import io
from copy import copy
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from PIL import Image

from accounts.models import SignIn
from assets.duties import enter
from assets.meters import add_meter
from assets.models import Asset, Kind
from exchange.models import Job
from flow.models import Event
from hazards import domain as hazards
from hazards.machine import HAZARDS
from hazards.models import Hazard
from indicators.models import Return
from inspections import working
from inspections.models import Item
from kpi import measure
from notices.models import Announcement, Delivery, Notice, Robot
from tenancy import domain as organisation
from tenancy.models import Engagement, Grant, Membership, Place, Refusal, Unit
from tenancy.scope import scope
from tests.factories import checklists, inspections, requests, rounds
from tests.factories import indicators as reports
from tests.factories import tenancy as make
from tests.factories.accounts import PASSWORD
from tests.factories.orders import unsaved
from tests.gates.moments import NOW
from tests.world import MODULES, Site, arrange, build, role
from workorders import catalogue, domain, hearing
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder
from workorders.rates import set_rate
from workorders.states import ACCEPTED, ARRIVED, CANCELLED, CLOSED, DISPATCHED, DONE, REPORTED, SIGNED, WAITING

DAYS, ORDERS_A_DAY = 400, 3  # of each hospital
OPEN_STATES = (REPORTED, DISPATCHED, ACCEPTED, ARRIVED, WAITING, DONE, SIGNED)
PEOPLE = ("desk", "technician", "contractor", "office")
LAST = "administrator"  # is asked where none of the four gets in


def found() -> SimpleNamespace:
    """The organisation and its people; nothing has been reported yet."""
    world = build()
    world.c = Site(hospital=make.hospital(world.consortium, "C", beds=80, area=7000, modules=MODULES))
    sites = (world.a, world.b, world.c)
    made = SimpleNamespace(world=world, sites=sites, hospitals=[site.id for site in sites])
    with scope([*world.hospitals(), world.c.id]):
        arrange(world.c, world.setup, world.firm)
        _firm_at_c(world)
        for site in sites:
            catalogue.install(site.hospital)
        made.technician = _technician(world)
        people = (world.dan, made.technician, world.cleo, world.kim, world.ada)
        made.people = dict(zip((*PEOPLE, LAST), people, strict=True))
        _named(made)
    return made


def _firm_at_c(world: Any) -> None:
    person = {"staff_number": "2003", "name": "Cleo", "email": "cleo@example.org"}
    organisation.add_person(world.setup, hospital=world.c.hospital, contractor=world.firm, **person)


def _technician(world: Any) -> Any:
    """Tia has two grants, each narrowed to a building, beside what every colleague may."""
    here = world.a
    grants = [{"role": role(world, "worker"), "place": place} for place in (here.building, here.other_building)]
    return organisation.add_person(
        world.setup, hospital=here.hospital, staff_number="1010", name="Tia", email="tia@example.org",
        password=PASSWORD, team=here.team, grants=[{"role": role(world, "staff")}, *grants],
    ).user  # fmt: skip


def _named(made: Any) -> None:
    """What the addresses of the organisation are filled with."""
    world, here = made.world, made.world.a.hospital
    made.service = Service.objects.get(hospital=here, key="maintenance.water")
    made.problem = made.service.problems.first()
    made.door = organisation.door_for(place=world.a.room)
    made.engagement = Engagement.objects.get(hospital=here)
    made.member = Membership.objects.get(hospital=here, user=world.rita)
    made.firm_member = Membership.objects.get(hospital=here, user=world.cleo)
    made.leaver = Membership.objects.get(hospital=here, user=world.lea)
    made.grant = Grant.objects.get(user=world.rita, role__key="requester")
    made.role = role(world, "desk")
    made.rate = set_rate(world.max, hospital=here, price=Decimal(60), valid_from=NOW.date())


def add(made: Any, nth: int) -> None:
    """One more of everything that is listed."""
    world, here = made.world, made.world.a
    with scope(made.hospitals):
        room = organisation.add_place(
            world.setup, parent=here.floor, kind="room", name=f"病房 {nth}", code=f"B1-4{nth}"
        )
        unit = organisation.add_unit(
            world.setup, hospital=here.hospital, code=f"N{nth}", name=f"护理 {nth}", place=room
        )
        organisation.add_person(
            world.setup, hospital=here.hospital, staff_number=f"11{nth}", name=f"Nurse {nth}", unit=unit
        )
        organisation.add_team(world.setup, hospital=here.hospital, department="maintenance", name=f"班 {nth}")
        kind = Kind.objects.create(consortium=world.consortium, name=f"水泵 {nth}", family="building")
        asset = Asset.objects.create(
            hospital=here.hospital, kind=kind, place=room, custodian=unit, code=f"P-{nth}", name=f"循环泵 {nth}"
        )
        order = _in_hand(made, nth, room, unit, asset)
        duty = enter(
            world.max, asset, kind="other", name=f"检测 {nth}", due_on=timezone.localdate() + timedelta(days=nth)
        )
        meter = add_meter(world.max, asset, name=f"运行小时 {nth}")
        hazard = _hazard(made, nth, room, unit, asset)
        plan = inspections.plan(world, asset=asset, subject="asset", place=room, step="week", began=NOW)
        inspections.rounds_until(plan, NOW)
        firm = _for_the_firm(made, nth)
        for who in made.people.values():
            _notice(made, who, order if who in (world.dan, made.technician) else firm)
        told = _told(made, nth, order)
        checked = _inspected(made, nth)
        _forget(made)
        job = _job(made, nth)
        checklist = checklists.checklist(here.hospital, name=f"发电机检查 {nth}")
        if nth == 1:
            reported = reports.returns(world.consortium, world.kim, *(site.hospital for site in made.sites))
            made.indicator, made.return_file = reported.indicator, reported.file
            vars(made).update(_asked(made))
        else:
            reports.another(made, nth)
            _asked(made, nth)
        if nth == 1:
            made.checklist = checklist
            made.asset, made.reported, made.cleaning, made.job = asset, order, firm, job
            made.meter = meter
            made.dispatched = made.accepted = made.arrived = order
            made.hazard, made.duty, made.plan = hazard, duty, plan
            made.robot, made.failed, made.announcement = told
            made.round, made.going, made.checklist = *checked, plan.checklist
            made.line, made.file = order.lines.get(), _photo(order, made.technician, 1)
            made.notice = Notice.objects.filter(user=world.dan).latest("id")


def _asked(made: Any, nth: int = 1) -> dict[str, Any]:
    """Returns that the office asks for: of hospital A two periods, the older one handed in."""
    world = made.world
    asked = requests.request(world, f"能耗月报 {nth}", valid_from=NOW.date() - timedelta(days=62))
    older, newer = requests.dues(world, asked, today=NOW.date())[:2]
    handed = requests.handed_in(world, older)
    value = Return.objects.filter(due=handed).order_by("id").first()
    return {"return_request": asked, "return_due": newer, "return_handed": handed, "returned_value": value}


def _inspected(made: Any, nth: int) -> tuple[Any, ...]:
    """A round that is due and one under way in which something failed."""
    world = made.world
    checklist = rounds.edition(world, key=f"maintenance.pump-{nth}").checklist
    plan = rounds.plan(world, checklist, f"水泵周检 {nth}", unit=world.a.ward, needs_signature=True)
    due, going = (rounds.due(world, plan, due_at=NOW + timedelta(minutes=minutes)) for minutes in (10, 20))
    going = working.start(world.tom, going)
    point, items = going.stops.get(), Item.objects.filter(edition=going.edition).order_by("order")
    working.answer(world.tom, point, dict(zip((item.pk for item in items), ("0", "0.4"), strict=True)), at=NOW)
    return due, going


def _in_hand(made: Any, nth: int, room: Place, unit: Unit, asset: Asset) -> WorkOrder:
    """Dan took the call, Tia has arrived."""
    world, tia = made.world, made.technician
    service = Service.objects.filter(hospital=world.a.hospital, department="maintenance").order_by("id")[nth - 1]
    order = domain.open_order(
        world.dan, title=f"循环泵漏水 {nth}", place=room, unit=unit, asset=asset, service=service, channel="phone"
    )
    domain.open_order(world.dan, title=f"灯不亮 {nth}", place=room, unit=unit, service=service, channel="phone")
    order = ORDERS.move(order, "dispatch", world.dan, team=world.a.team, assignee=tia)
    order = ORDERS.move(ORDERS.move(order, "accept", tia), "arrive", tia)
    domain.add_line(order, tia, kind="part", text="密封圈")
    return order


def _hazard(made: Any, nth: int, room: Place, unit: Unit, asset: Asset) -> Hazard:
    """Found by Dan, to be rectified by Tia."""
    facts = {"department": "maintenance", "place": room, "unit": unit, "asset": asset, "at": NOW}
    hazard = hazards.report(made.world.dan, title=f"灯罩松动 {nth}", **facts)
    due = {"responsible": made.technician, "due_on": timezone.localdate() + timedelta(days=nth)}
    return HAZARDS.move(hazard, "assign", made.world.dan, **due)


def _for_the_firm(made: Any, nth: int) -> WorkOrder:
    """Each in another hospital; the desk there sent it to the firm's team."""
    world, site = made.world, made.sites[nth - 1]
    reporter = (world.dan, world.dan_b, world.setup)[nth - 1]
    service = Service.objects.filter(hospital=site.hospital, department="cleaning").order_by("id").first()
    order = domain.open_order(reporter, title=f"地面有水 {nth}", place=site.room, unit=site.ward, service=service)
    return ORDERS.move(order, "dispatch", reporter, team=site.cleaners)


def _photo(order: WorkOrder, who: Any, nth: int) -> Any:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (60 * nth, 0, 0)).save(out, "PNG")
    return domain.attach(order, who, SimpleUploadedFile(f"{nth}.png", out.getvalue(), "image/png"), kind="before")


def _notice(made: Any, who: Any, order: WorkOrder) -> None:
    event = Event.objects.filter(subject="workorders.workorder", subject_id=order.pk).latest("id")
    Notice.objects.get_or_create(
        user=who, event_id=event.pk,
        defaults={"hospital_id": order.hospital_id, "subject": event.subject, "subject_id": order.pk,
                  "verb": event.verb, "title": order.title, "data": hearing.facts(order, event)},
    )  # fmt: skip


def _told(made: Any, nth: int, order: WorkOrder) -> tuple[Robot, Delivery, Announcement]:
    """A group, a message that did not arrive there, and an announcement that is over."""
    here = made.world.a.hospital
    robot = Robot.objects.create(
        hospital=here, kind="wecom", name=f"群 {nth}", base_url="https://example.org", key="k", is_on=False
    )
    failed = Delivery.objects.create(
        hospital=here, channel="wecom", robot=robot, subject="workorders.workorder", subject_id=order.pk, verb="reported",
        title=order.title, state="given_up", attempts=6,
    )  # fmt: skip
    over = Announcement.objects.create(
        hospital=here, text=f"停水 {nth}", starts_at=NOW - timedelta(hours=2), ends_at=NOW - timedelta(hours=1),
        made_by=made.world.dan, made_by_name="Dan",
    )  # fmt: skip
    return robot, failed, over


def _job(made: Any, nth: int) -> Job:
    who = made.world.dan
    return Job.objects.create(
        hospital=made.world.a.hospital, kind="units", name=f"units-{nth}.csv", content=b"code,name\n1,x\n", lines=1,
        sha256=str(nth), asked_by=who, asked_by_name=who.name, asked_at=timezone.now(),
    )  # fmt: skip


def deepen(made: Any) -> None:
    """Three comments, photos and lines, three orders and events where there was one; each by somebody else."""
    order, asset = made.reported, made.asset
    with scope(made.hospitals):
        for nth, who in ((2, made.technician), (3, made.world.lea)):
            domain.comment(order, who, f"备注 {nth}")
            _photo(order, who, nth)
            domain.add_line(order, who, kind="part", text=f"垫片 {nth}")
            domain.comment(made.cleaning, (made.world.dan, made.world.cleo)[nth - 2], f"备注 {nth}")
            WorkOrder.objects.filter(title=f"循环泵漏水 {nth}").update(asset=asset)


def _forget(made: Any) -> None:
    """The bell reads the announcements anew at each stage, as after any announcement."""
    cache.delete_many([f"announcements:{who.pk}" for who in made.people.values()])


def years(made: Any) -> None:
    """Orders of 400 days in every hospital, one in twenty-five of them open, every sixth the firm's; their figures too."""
    _forget(made)
    today = timezone.localdate()
    with scope(made.hospitals):
        for site in made.sites:
            orders = WorkOrder.objects.bulk_create(_history(made, site))
            Event.objects.bulk_create(_event(order) for order in orders)
            measure.measure(site.id, today - timedelta(days=DAYS), today)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM kpi_dirtyday WHERE hospital_id = %s", [site.id])


def _history(made: Any, site: Site) -> Any:
    services = list(Service.objects.filter(hospital=site.hospital, department="maintenance").order_by("id"))
    cleaning = Service.objects.filter(hospital=site.hospital, department="cleaning").order_by("id").first()
    rooms, units = list(Place.objects.filter(hospital=site.hospital).order_by("id")), (site.ward, site.other_ward)
    people = [made.technician, made.world.tom] if site is made.world.a else [None]
    for n in range(DAYS * ORDERS_A_DAY):
        firm = n % 6 == 0
        state = OPEN_STATES[n // 25 % 7] if n % 25 == 0 else CANCELLED if n % 40 == 1 else CLOSED
        given = state != REPORTED
        yield unsaved(
            site.hospital, cleaning if firm else services[n % len(services)], rooms[n % len(rooms)], state,
            at=NOW - timedelta(hours=3 + 8 * n), number=f"{site.hospital.code}-H-{n:06d}", unit=units[n % 2],
            reporter=made.world.dan if site is made.world.a and n % 3 == 0 else None, reporter_name="Dan",
            team=(site.cleaners if firm else site.team) if given else None,
            contractor=made.world.firm if firm and given else None,
            assignee=people[n % len(people)] if given and not firm else None,
        )  # fmt: skip


def _event(order: WorkOrder) -> Event:
    return Event(
        hospital_id=order.hospital_id, subject="workorders.workorder", subject_id=order.pk, verb="reported",
        at=order.reported_at, actor_name="Dan",
    )  # fmt: skip


def seen_by(made: Any, who: str) -> Any:
    """What the addresses are filled with for this person: the firm's manager opens the firm's own."""
    if who != "contractor":
        return made
    world, a = copy(made.world), copy(made.world.a)
    world.a, a.other_team = a, a.cleaners
    order = dict.fromkeys(("reported", "dispatched", "accepted", "arrived"), made.cleaning)
    return SimpleNamespace(**{**vars(made), **order, "world": world, "member": made.firm_member})


def refused_and_signed_in(made: Any) -> None:
    """Sixty lines for the pages of the log."""
    who, day = made.world.dan, NOW - timedelta(days=1)
    Refusal.objects.bulk_create(
        Refusal(user=who, path=f"/orders/{n}/", method="GET", status=404, at=day + timedelta(minutes=n))
        for n in range(60)
    )
    SignIn.objects.bulk_create(SignIn(user=who, login="dan", outcome=SignIn.Outcome.OK) for _ in range(60))
