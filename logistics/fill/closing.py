"""The last months, closed as hospitals close them: frozen from their records, published, answered, appealed, acted upon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from assessment import chain, freezing, queries
from assessment import states as loop
from assessment.models import (
    Action,
    Appeal,
    Exclusion,
    FrozenFigure,
    MonthClose,
    Publication,
    PublishedFigure,
    Reply,
    Rules,
)
from assessment.publishing import ASKS, peer_groups
from assessment.tasks import CLOSER
from flow.models import Event
from flow.origin import PAGE
from indicators.library import COMPUTED, Definition
from kpi.days import midnight, next_month
from kpi.figures import tone_of
from kpi.models import PeerMember
from kpi.periods import earlier
from kpi.registry import NUMERATOR
from logistics.fill.plan import Plan
from tenancy.actors import kind_of
from tenancy.holders import holders
from tenancy.models import Consortium, Hospital
from tenancy.scope import scope

MONTHS = 3
GROUPS = ("三级综合医院", "二级综合医院", "专科与社区")  # the largest, the middle, the rest
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTE = "请各院于截止日前确认或申诉"
APPEALED = ("停电期间无法施工,请剔除", "该单登记错误,属重复报修", "按指标规则应予剔除", "当日暴雨,属不可抗力")
UPHELD, REJECTED = "情况属实,同意剔除", "材料不足,维持原值"
COMMENTED = ("人手紧张,已增派一人", "备件到货延迟,下月恢复", "节假日集中报修所致", "已组织班组学习,持续观察")
PLANNED = ("优化夜班派单,先接单后到场", "建立常用备件最低库存", "每周晨会通报超时工单", "与外包公司约谈并限期整改")
FINISHED = ("已落实,下月见效", "已完成,数据回升", "已更换供应商")


@dataclass(frozen=True)
class Site:
    """A hospital and who answers for its figures."""

    hospital: Hospital
    manager: User
    office: User
    owners: list[tuple[User, str]]


def arrange(plan: Plan) -> None:
    """Groups of like hospitals, and the last months that were to be closed by the end."""
    hospitals = list(Hospital.objects.select_related("consortium").order_by("id"))
    with scope([hospital.pk for hospital in hospitals]), translation.override(settings.LANGUAGE_CODE):
        PeerMember.objects.bulk_create(
            PeerMember(hospital=hospital, group=GROUPS[min(2, 3 * n // len(hospitals))])
            for n, hospital in enumerate(hospitals)
        )
        sites = [_site(hospital) for hospital in hospitals]
        for month in months(plan):
            _Month(plan, month, sites).live()


def months(plan: Plan) -> list[date]:
    """The last whole months whose day of closing has come, the oldest first."""
    this = timezone.localdate(plan.until).replace(day=1)
    found = [month for n in range(1, MONTHS + 2) if closing(month := earlier(this, n)) <= plan.until]
    return [month for month in reversed(found[:MONTHS]) if month >= plan.since.replace(day=1)]


def closing(month: date) -> datetime:
    """When the platform closes a month by itself."""
    rules = Rules()
    return midnight(next_month(month).replace(day=rules.close_day)) + rules.close_hour * HOUR


def _site(hospital: Hospital) -> Site:
    managers = holders("manager", hospital)
    return Site(hospital, managers[0], (holders("office", hospital) or managers)[0], queries.owners(hospital))


class _Month:
    """One month of the consortium, from its closing to what is done about it. Nothing is later than the plan's end."""

    def __init__(self, plan: Plan, month: date, sites: list[Site]) -> None:
        self.plan, self.month, self.sites = plan, month, sites
        self.consortium: Consortium = sites[0].hospital.consortium
        self.rules, self.closed_at = Rules(), closing(month)
        self.published_at = midnight(timezone.localdate(self.closed_at) + DAY) + 9 * HOUR
        self.answer_by = timezone.localdate(self.published_at) + timedelta(days=self.rules.answer_days)
        self.events: list[Event] = []

    def live(self) -> None:
        frozen = {site.hospital.pk: self.close(site) for site in self.sites}
        if self.published_at <= self.plan.until:
            self.publish([figure for figures in frozen.values() for figure in figures])
            for site in self.sites:
                self.answer(
                    site, frozen[site.hospital.pk], self.plan.dice(f"answers {self.month} {site.hospital.code}")
                )
        Event.objects.bulk_create(self.events)

    def close(self, site: Site) -> list[FrozenFigure]:
        """Freeze what the month has; counted from the records, as the platform does."""
        here = site.hospital
        asked = freezing.due(here, self.month)
        given = freezing.reported(asked, here.pk, self.month)
        goals = freezing.goals_of(here, self.month)
        found = [freezing.count(one, here, self.month, [], given, goals) for one in asked]
        for one in found:
            one.figure.cause, one.figure.frozen_at, one.figure.frozen_name = loop.CLOSING, self.closed_at, CLOSER.name
        figures = freezing.write(found)
        MonthClose.objects.create(
            hospital=here, month=self.month, figures=len(figures), head=chain.last_digest(here.pk), by_name=CLOSER.name,
            closed_at=self.closed_at,
        )  # fmt: skip
        facts = {"month": f"{self.month:%Y-%m}", "figures": len(figures)}
        self.say(here, "tenancy.hospital", here.pk, "month_closed", None, self.closed_at, facts)
        return figures

    def publish(self, figures: list[FrozenFigure]) -> None:
        """The office publishes all hospitals at once."""
        office = self.sites[0].office
        made = Publication.objects.create(
            consortium=self.consortium, month=self.month, figures=len(figures), hospitals=len(self.sites), note=NOTE,
            answer_by=self.answer_by, by=office, by_name=office.name, published_at=self.published_at,
        )  # fmt: skip
        self.put_out(figures, office, self.published_at)
        facts = {"month": f"{self.month:%Y-%m}", "figures": len(figures), "hospitals": len(self.sites), "note": NOTE}
        for site in self.sites:
            self.say(site.hospital, "assessment.publication", made.pk, "published", office, self.published_at, facts)

    def put_out(self, figures: list[FrozenFigure], office: User, at: datetime) -> None:
        groups = peer_groups(site.hospital.pk for site in self.sites)
        PublishedFigure.objects.bulk_create(
            PublishedFigure(
                consortium=self.consortium, frozen_id=figure.pk, published_at=at, published_name=office.name,
                tone=_tone(figure), group=groups.get(figure.hospital_id, ""),
                **{name: getattr(figure, name) for name in PublishedFigure.COPIED},
            )
            for figure in figures
        )  # fmt: skip

    def answer(self, site: Site, figures: list[FrozenFigure], dice: Random) -> None:
        """One in three appeals; most accept, the others are silent; what is amber or red is answered, mostly."""
        off = [figure for figure in figures if _tone(figure) in ASKS and not figure.small]
        appealed = self.appeal(site, off, dice) if dice.random() < 0.35 else None
        self.reply(site, dice, seen=appealed is not None)
        for figure in off:
            self.ask(site, figure, dice, restated=figure is appealed)
        if good := [f for f in figures if f.value is not None and f.target is not None and f not in off]:
            self.improve(site, dice.choice(good), dice)

    def reply(self, site: Site, dice: Random, *, seen: bool) -> None:
        reply = Reply(hospital=site.hospital, month=self.month, due_on=self.answer_by)
        sight = self.published_at + dice.uniform(3, 30) * HOUR
        said = sight + dice.uniform(60, 110) * HOUR
        lapse = midnight(self.answer_by + DAY) + HOUR
        steps: list[tuple[str, str, str, User | None, datetime]] = []
        if seen or dice.random() < 0.75:
            steps.append(("see", loop.NEW, loop.SEEN, site.manager, sight))
            if dice.random() < 0.8:
                steps.append(("accept", loop.SEEN, loop.ACCEPTED, site.manager, said))
        if not steps or steps[-1][0] != "accept":
            steps.append(("lapse", loop.SEEN if steps else loop.NEW, loop.TACIT, None, lapse))
        steps = [step for step in steps if step[-1] <= self.plan.until]
        for verb, _source, reply.state, who, at in steps:
            if verb == "see":
                reply.seen_at, reply.seen_by = at, who
            else:
                reply.answered_at, reply.answered_by = at, who
        reply.save()
        about = {"month": f"{self.month:%Y-%m}", "due_on": self.answer_by.isoformat()}
        self.say(site.hospital, "assessment.reply", reply.pk, "published", site.office, self.published_at, about)
        for verb, source, target, who, at in steps:
            facts = {"due_on": self.answer_by.isoformat()} if verb == "lapse" else {}
            self.step(site.hospital, "assessment.reply", reply.pk, verb, who, at, facts, source, target)

    def appeal(self, site: Site, off: list[FrozenFigure], dice: Random) -> FrozenFigure | None:
        """Appeal against a figure for one of its records. Answers the figure, if it was restated for it."""
        figures = [figure for figure in off if figure.kind == COMPUTED and figure.records]
        filed = self.published_at + dice.uniform(30, 50) * HOUR
        if not figures or filed > self.plan.until:
            return None
        figure = dice.choice(figures)
        rows = figure.rows.exclude(part=NUMERATOR).first() or figure.rows.first()
        record, decided = dice.choice(rows.ids), filed + dice.uniform(70, 150) * HOUR
        row = Appeal(
            hospital=site.hospital, figure=figure, key=figure.key, label=figure.label, month=self.month,
            reason=dice.choice((loop.FORCE, loop.BY_RULE, loop.WRONG_RECORD)), text=dice.choice(APPEALED),
            records=[[rows.subject, record, str(record)]], filed_at=filed, filed_by=site.manager,
            filed_name=site.manager.name,
            decide_by=timezone.localdate(filed) + timedelta(days=self.rules.decide_days),
        )  # fmt: skip
        row.save()
        facts = {"reason": row.reason, "text": row.text, "records": 1}
        self.say(site.hospital, "assessment.appeal", row.pk, "filed", site.manager, filed, facts)
        if decided > self.plan.until or site.office.pk == site.manager.pk:
            return None
        upheld = dice.random() < 0.5
        row.state, row.decided_at, row.decided_by = loop.UPHELD if upheld else loop.REJECTED, decided, site.office
        row.decision, facts = (UPHELD, self.restate(site, row)) if upheld else (REJECTED, {})
        row.save()
        verb = "uphold" if upheld else "reject"
        facts = {"text": row.decision, **facts}
        self.step(site.hospital, "assessment.appeal", row.pk, verb, site.office, decided, facts, loop.FILED, row.state)
        return figure if upheld else None

    def restate(self, site: Site, appeal: Appeal) -> dict[str, Any]:
        """The figure once more, without the record; both values stay."""
        old, ((subject, pk, name),) = appeal.figure, appeal.records
        exclusion = Exclusion.objects.create(
            hospital=site.hospital, key=appeal.key, label=appeal.label, month=self.month, subject=subject, subject_id=pk,
            name=name, reason=appeal.reason, state=loop.APPROVED, asked_by=site.manager, asked_name=site.manager.name,
            asked_at=appeal.filed_at, decided_at=appeal.decided_at, decided_by=site.office, decided_name=site.office.name,
            decision=UPHELD, appeal=appeal, decide_by=appeal.decide_by,
        )  # fmt: skip
        one = _known(site.hospital, self.month)[appeal.key]
        again = freezing.count(
            one, site.hospital, self.month, [exclusion], {}, freezing.goals_of(site.hospital, self.month)
        )
        again.figure.revision, again.figure.cause, again.figure.appeal_number = old.revision + 1, loop.APPEAL, appeal.pk
        again.figure.reason, again.figure.frozen_at = UPHELD, appeal.decided_at
        again.figure.frozen_by, again.figure.frozen_name = site.office, site.office.name
        (appeal.restated,) = freezing.write([again])
        self.put_out([appeal.restated], site.office, appeal.decided_at)  # type: ignore[arg-type]
        values = [None if v is None else f"{v:f}" for v in (old.value, appeal.restated.value)]
        return {"left_out": 1, "way": loop.ANEW, "from": values[0], "to": values[1]}

    def ask(self, site: Site, figure: FrozenFigure, dice: Random, *, restated: bool) -> None:
        """Amber asks for a comment, red for a corrective action; older ones are done, some are overdue."""
        kind = ASKS[_tone(figure)]
        due = timezone.localdate(self.published_at) + timedelta(days=self.rules.comment_days)
        action = self.action(site, figure, kind, due, made_by=site.office, made_at=self.published_at, state=loop.WANTED)
        answered = self.published_at + dice.uniform(20, 100) * HOUR
        steps: list[tuple[str, str, str, User, datetime, dict[str, Any]]] = []
        if kind == loop.COMMENT and not restated and dice.random() < 0.75:
            action.note = dice.choice(COMMENTED)
            steps.append(("comment", loop.WANTED, loop.DONE, site.manager, answered, {"text": action.note}))
        elif kind == loop.CORRECTIVE and not restated and site.owners and dice.random() < 0.8:
            steps += self.planned(site, action, answered, dice)
        self.write(action, steps, ("wanted", site.office, {"kind": kind, "due_on": due.isoformat()}))

    def planned(self, site: Site, action: Action, at: datetime, dice: Random) -> list[Any]:
        """Somebody takes it on until a day; most have done it by then."""
        if at > self.plan.until:
            return []
        (action.owner, action.department), what = dice.choice(site.owners), dice.choice(PLANNED)
        action.what, action.due_on = what, timezone.localdate(at) + timedelta(days=dice.choice((14, 21, 30)))
        facts = {"to": action.owner.name, "due_on": action.due_on.isoformat(), "text": what}
        done = midnight(action.due_on) + dice.uniform(-60, 40) * HOUR
        steps = [("plan", loop.WANTED, loop.OPEN, site.manager, at, facts)]
        if dice.random() < 0.8 and done <= self.plan.until:
            action.note = dice.choice(FINISHED)
            steps.append(("finish", loop.OPEN, loop.DONE, action.owner, done, {"text": action.note}))
        return steps

    def improve(self, site: Site, figure: FrozenFigure, dice: Random) -> None:
        """What the hospital plans by itself."""
        at = self.published_at + dice.uniform(30, 90) * HOUR
        if not site.owners or at > self.plan.until:
            return
        owner, department = dice.choice(site.owners)
        due, what = timezone.localdate(at) + timedelta(days=dice.choice((30, 45, 60))), dice.choice(PLANNED)
        action = self.action(
            site, figure, loop.IMPROVEMENT, due, made_by=site.manager, made_at=at, state=loop.OPEN, owner=owner,
            department=department, what=what, expected=figure.target,
        )  # fmt: skip
        self.write(action, [], ("planned", site.manager, {"to": owner.name, "text": what, "due_on": due.isoformat()}))

    def action(self, site: Site, figure: FrozenFigure, kind: str, due: date, **facts: Any) -> Action:
        return Action(
            hospital=site.hospital, figure=figure, key=figure.key, label=figure.label, month=self.month, kind=kind,
            due_on=due, before=figure.value, **facts,
        )  # fmt: skip

    def write(self, action: Action, steps: list[Any], begun: tuple[str, User, dict[str, Any]]) -> None:
        """Save an action with what became of it by the end."""
        steps = [step for step in steps if step[4] <= self.plan.until]
        for _verb, _source, action.state, who, at, _facts in steps:
            if action.state == loop.DONE:
                action.done_at, action.done_by = at, who
        if action.state != loop.DONE:
            action.note = ""
        action.save()
        verb, who, facts = begun
        self.say(action.hospital, "assessment.action", action.pk, verb, who, action.made_at, facts)
        for verb, source, target, who, at, facts in steps:
            self.step(action.hospital, "assessment.action", action.pk, verb, who, at, facts, source, target)

    def step(
        self, hospital: Hospital, subject: str, pk: int, verb: str, who: User | None, at: datetime, data: dict[str, Any],
        source: str, target: str,
    ) -> None:  # fmt: skip
        """A step of a machine."""
        self.say(hospital, subject, pk, verb, who, at, {**data, "before": {}}, source, target)

    def say(
        self, hospital: Hospital, subject: str, pk: int, verb: str, who: User | None, at: datetime, data: dict[str, Any],
        source: str = "", target: str = "",
    ) -> None:  # fmt: skip
        by = {"actor": who, "actor_name": who.name, "channel": PAGE} if who else {"actor_name": CLOSER.name}
        kind = {} if who else {"actor_kind": kind_of(CLOSER)}
        facts = {"subject": subject, "subject_id": pk, "verb": verb, "source": source, "target": target, "at": at}
        self.events.append(Event(hospital=hospital, data=data, **facts, **by, **kind))


def _tone(figure: FrozenFigure) -> str:
    return tone_of(figure, figure.value, figure.target, figure.floor)  # type: ignore[arg-type]


def _known(hospital: Hospital, month: date) -> dict[str, Definition]:
    return {one.key: one for one in freezing.due(hospital, month)}
