"""Hospital A with one word in everything it calls by a name: whoever reads that word has read something of A's."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone
from PIL import Image

from assets.duties import enter
from assets.meters import add_meter
from assets.models import Asset, Kind
from exchange.models import Export, ExportPart, Job, SavedView
from flow import store
from hazards import domain as register
from hazards.machine import HAZARDS
from indicators.models import Return, ReturnDue
from inspections import editions, working
from inspections.machine import ROUNDS
from inspections.models import Finding, Item, Point
from notices import announcing
from notices.models import Delivery, Notice, Robot
from people.models import Absence, Shift, WorkedShift
from reporting.domain import open_report
from reporting.screens import make_screen
from tenancy import domain as organisation
from tenancy.models import Engagement, Grant, Hospital, Membership, Place, Team, Unit
from tenancy.scope import scope
from tests.factories import checklists as make
from tests.factories import requests, rounds
from tests.factories.assessment import loop
from tests.factories.indicators import returns
from tests.factories.workorders import order
from tests.snapshot import laid
from tests.world import build, role
from ui.excel import workbook
from workorders import catalogue, domain, handovers
from workorders.machine import ORDERS
from workorders.models import CalendarDay, Problem, Service, WorkOrder
from workorders.rates import set_rate

WORD = "Qz7Siegel"
OF_ALL = ("Kim", "Audrey", "Cleo")  # they work across the consortium and are known at B
NAMED = (
    (Place, "name"),
    (Place, "full_name"),
    (Unit, "name"),
    (Team, "name"),
    (Service, "own_name"),
    (Problem, "own_name"),
)


def photo(name: str = f"{WORD}.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def filled() -> SimpleNamespace:
    """One of everything at A, laid down; the photo is in the store of this test."""
    made = laid(_filled, lambda made: made.world.hospitals())
    store.keep(photo())
    return made


def _filled() -> SimpleNamespace:
    made = fill(build())
    with scope(made.world.hospitals()):
        WorkOrder.objects.update(number=Concat("number", Value("-Z")))  # no counter gives these
    return made


def fill(world: Any) -> SimpleNamespace:
    """One of everything at A, and orders in every state; the word is in all names."""
    with scope(world.hospitals()):
        for site in (world.a, world.b, world.outside):
            catalogue.install(site.hospital)
        mark(world)
        made = SimpleNamespace(world=world, clients={}, **_orders(world), **_hazards(world), **_others(world))
        made.view, made.export = _kept(world)
        made.notice = Notice.objects.filter(user=world.rita).first()
        vars(made).update(_told(world))
        reported = returns(world.consortium, world.kim, world.a.hospital, world.b.hospital)
        made.indicator, made.return_file = reported.indicator, reported.file
        vars(made).update(_asked(world))
        vars(made).update(_rounds(world))
        assessed = loop(world, f"{WORD}漏水", WORD, office=world.kim)
        vars(made).update({f"assessed_{name}": row for name, row in vars(assessed).items()})
        wall = {"consortium": world.consortium, "hospital": world.a.hospital, "language": "en", "seconds": 20}
        made.report = open_report(world.a.hospital, date(2026, 1, 1))
        made.screen, made.screen_token = make_screen(world.ada, name=f"{WORD}屏", **wall)
        made.checklist = make.checklist(world.a.hospital, name=f"{WORD}检查表", assesses=False)
        made.checklist_draft = editions.draft(world.hal, made.checklist)
    return made


def mark(world: Any) -> None:
    here = world.a.hospital
    for model, column in NAMED:
        model.objects.filter(hospital=here).update(**{column: Concat(Value(WORD), column)})
    for member in Membership.objects.filter(hospital=here).exclude(name__in=OF_ALL).select_related("user"):
        member.name = member.user.name = f"{WORD}{member.name}"
        member.save()
        member.user.save()
    Hospital.objects.filter(pk=here.pk).update(name=f"{WORD}院", short_name=WORD)
    for name in ("rita", "dan", "tom", "lea", "hal", "max", "ada"):
        getattr(world, name).refresh_from_db()
    for name in ("hospital", "room", "ward", "team", "other_team", "floor"):
        getattr(world.a, name).refresh_from_db()


def _orders(world: Any) -> dict[str, Any]:
    title = {"title": f"{WORD}漏水", "description": WORD}
    states = {"reported": "", "dispatched": "dispatch", "accepted": "accept", "arrived": "arrive", "done": "finish"}
    made = {state: order(world, until, **title) for state, until in states.items()}
    made["handover"] = handovers.hand_over(world.dan, world.a.hospital, "", WORD)
    made["special_day"] = CalendarDay.objects.filter(hospital=world.a.hospital).order_by("day")[0]
    made["just_signed"] = order(world, "sign", **title)
    bad = ORDERS.move(order(world, "finish", **title), "sign", world.rita, attitude=1)
    made["complaint"] = bad.children.get()
    made["lea_here"] = world.lea.memberships.get(hospital=world.a.hospital)
    made["closed"] = order(world, "close", **title)
    made["followed"] = order(world, "finish", follow_token=f"{world.a.id}-a-long-token", **title)
    domain.comment(made["reported"], world.rita, f"{WORD}!")
    made["line"] = domain.add_line(made["arrived"], world.tom, kind="part", text=f"{WORD}密封圈")
    made["file"] = domain.attach(made["reported"], world.rita, photo(), kind="before")
    return made


def _hazards(world: Any) -> dict[str, Any]:
    """One that was found, one that Tom has to rectify, one that he has rectified."""
    facts = {"place": world.a.room, "unit": world.a.ward, "department": "maintenance", "description": WORD}
    titles = ("通道堵塞", "电线裸露", "地面湿滑")
    found, given, gone = (register.report(world.rita, title=f"{WORD}{title}", **facts) for title in titles)
    gone = HAZARDS.move(gone, "rectify", world.tom, measures=WORD, photos=[photo()])
    due = {"responsible": world.tom, "due_on": timezone.localdate() + timedelta(days=3)}
    return {
        "hazard": found,
        "to_verify": gone,
        "to_rectify": HAZARDS.move(given, "assign", world.ada, interim=WORD, **due),
    }


def _rounds(world: Any) -> dict[str, Any]:
    """A round that is due, one under way with a failed answer, one done that its ward signs, one that may be skipped."""
    checklist = rounds.edition(world, ({"text": f"{WORD}外观", "kind": "check"},)).checklist
    checklist.home = world.a.hospital  # one of A's own: B knows nothing of it
    checklist.save(update_fields=["home"])
    made = rounds.plan(world, checklist, f"{WORD}周检", unit=world.a.ward, needs_signature=True)
    due, skipping, going, done = (
        rounds.due(world, made, due_at=timezone.now() + timedelta(minutes=minutes)) for minutes in (10, 20, 30, 40)
    )
    going, done = (working.start(world.tom, one) for one in (going, done))
    stops = {one.pk: one for one in Point.objects.filter(round__in=[going, done]).select_related("round")}
    item, now = Item.objects.get(edition=going.edition_id), timezone.now()
    for point in stops.values():
        failed = "0" if point.round_id == going.pk else "1"
        working.answer(world.tom, point, {item.pk: failed}, notes={item.pk: WORD}, at=now)
    return {
        "round": due,
        "skipping": ROUNDS.move(skipping, "ask_skip", world.tom, skip_reason="closed", skip_note=WORD),
        "going": going,
        "round_done": working.finish(world.tom, done),
        "finding": Finding.objects.get(round=going),
        "plan": rounds.plan(world, checklist, f"{WORD}巡视", subject="route"),
    }


def _kept(world: Any) -> tuple[SavedView, Export]:
    """A view that A's administrator shares with the hospital, and a workbook that waits for her."""
    here = {"consortium": world.consortium, "hospitals": [world.a.id], "list_name": "administration:unit"}
    view = SavedView.objects.create(
        name=f"{WORD}view", owner=world.ada, owner_name=world.ada.name, audience="hospital", query="kind=ward", **here
    )
    export = Export.objects.create(
        title=f"{WORD}list", asked_by=world.ada, asked_at=timezone.now(), language="zh-hans", state="done", **here
    )
    content = workbook(WORD, [WORD], [[WORD]])
    facts = {"consortium": world.consortium, "hospitals": [world.a.id]}
    ExportPart.objects.create(export=export, is_file=True, number=0, content=content, **facts)
    return view, export


def _asked(world: Any) -> dict[str, Any]:
    """Returns that the office asks for: one that A has to fill in, one that it has handed in."""
    asked = requests.request(world, valid_from=timezone.localdate() - timedelta(days=62))
    older, newer = (due for due in requests.dues(world, asked)[:2])
    handed = requests.handed_in(world, older)
    ReturnDue.objects.filter(hospital=world.a.id).update(notes={"power": WORD})
    value = Return.objects.filter(due=handed).first()
    return {"return_request": asked, "return_due": newer, "return_handed": handed, "returned_value": value}


def _told(world: Any) -> dict[str, Any]:
    here, now = world.a.hospital, timezone.now()
    facts = {"hospital": here, "base_url": "https://example.org", "key": WORD}
    robot = Robot.objects.create(kind="wecom", name=f"{WORD}群", **facts)
    failed = Delivery.objects.filter(user=world.rita).first()
    failed.state, failed.last_error = "given_up", f"550 {WORD}"
    failed.save()
    water = {"text": f"{WORD}停水", "starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    return {"robot": robot, "failed": failed, "announcement": announcing.announce(world.dan, hospital=here, **water)}


def _others(world: Any) -> dict[str, Any]:
    here = world.a.hospital
    Grant.objects.create(user=world.kim, role=role(world, "administrator"), consortium=world.consortium)
    kind = Kind.objects.create(consortium=world.consortium, name="水泵", family="building")
    asset = Asset.objects.create(hospital=here, kind=kind, place=world.a.room, code=f"{WORD}-1", name=f"{WORD}泵")
    job = {"hospital": here, "kind": "units", "name": f"{WORD}.csv", "content": b"code,name\n1,x\n", "lines": 1}
    job |= {"asked_by": world.ada, "asked_by_name": world.ada.name, "asked_at": timezone.now()}
    history = {**job, "kind": "orders", "sha256": "3", "content": "日期,内容\n2020-01-01,x\n".encode()}
    water = Service.objects.get(hospital=here, key="maintenance.water")
    tom, today = Membership.objects.get(hospital=here, user=world.tom), timezone.localdate()
    night = Shift.objects.create(hospital=here, team=world.a.team, name="夜", starts="22:00", ends="07:00")
    of_tom = {"member": tom, "person": world.tom, "team": world.a.team, "department": "maintenance"}
    facts = {"worked_on": today, "certified": False, "lacks": WORD}
    return {
        "tom_here": tom,
        "today": today,
        "worked": WorkedShift.objects.create(hospital=here, shift=night, **of_tom, **facts),
        "shift": Shift.objects.create(hospital=here, team=world.a.team, name="早", starts="07:00", ends="15:00"),
        "rate": set_rate(world.max, hospital=here, price=Decimal(60), valid_from=today),
        "absence": Absence.objects.create(hospital=here, member=tom, first_day=today, last_day=today, note=WORD),
        "asset": asset,
        "meter": add_meter(world.max, asset, name=f"{WORD}小时"),
        "duty": enter(world.max, asset, kind="other", name=f"{WORD}检测", due_on=today),
        "job": Job.objects.create(sha256="1", **job),
        "history": Job.objects.create(**history),
        "running": Job.objects.create(sha256="2", state="queued", **job),
        "door": organisation.door_for(place=world.a.room),
        "service": water,
        "problem": water.problems.first(),
        "grant": Grant.objects.filter(user=world.rita, role__key="requester").get(),
        "engagement": Engagement.objects.get(hospital=here),
        "member": Membership.objects.get(hospital=here, user=world.rita),
        "leaver": Membership.objects.get(hospital=here, user=world.lea),
        "role": Grant.objects.filter(user=world.dan).select_related("role").last().role,
    }
