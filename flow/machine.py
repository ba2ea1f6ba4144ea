"""A state machine is a table. One function moves a row along it, and writes one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow import domain
from flow.models import Event
from flow.states import State
from tenancy.access import can

moved = Signal()  # sender=model, obj=, event=; inside the transaction; receivers neither veto nor write the subject
BESIDE = (
    "commented",
    "attached",
    "alarmed",
    "escalated",
    "unwatched",
)  # what may be written beside a step without standing in the way of its undo
UNDO_WITHIN = timedelta(seconds=12)  # ten on the button, two for the way


@dataclass(frozen=True)
class Transition:
    """One way from some states to another: who may, under which name, what is asked, what is set."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    label: str | Promise
    icon: str = "arrow-right"
    tone: str = "blue"
    prepare: Callable[..., dict[str, Any] | None] | None = None  # (obj, actor, at, **data): sets fields or raises
    form: str = ""  # dotted path of the form that asks for `data`; empty: one tap
    applies: Callable[[Any, Any], bool] | None = None  # (obj, actor): is it offered at all?
    hands_over: bool = False  # may lead out of the actor's reach
    undoable: bool = False
    main: bool = False  # the next step: the large button


@dataclass(frozen=True)
class Machine:
    """All states of a model and all ways between them."""

    states: dict[str, State]
    transitions: tuple[Transition, ...]
    select: tuple[str, ...] = ()  # relations that permission checks and `prepare` read
    snapshot: tuple[str, ...] = ()  # fields that an undo restores
    by_name: dict[str, Transition] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {t.name: t for t in self.transitions})

    @property
    def words(self) -> dict[str, Any]:
        """What each step is called."""
        return {t.name: t.label for t in self.transitions}

    def available(self, obj: Any, actor: Any) -> list[Transition]:
        """What this actor may do with it now. Buttons are drawn from this and from nothing else."""
        return [t for t in self.transitions if self._open(t, obj, actor) and can(actor, t.permission, obj)]

    @staticmethod
    def _open(transition: Transition, obj: Any, actor: Any) -> bool:
        return obj.state in transition.sources and (not transition.applies or transition.applies(obj, actor))

    def lock(self, obj: Any) -> Any:
        manager = type(obj).objects
        return manager.select_for_update(of=("self",)).select_related(*self.select).get(pk=obj.pk)

    @transaction.atomic
    def move(self, obj: Any, name: str, actor: Any, /, *, at: datetime | None = None, **data: Any) -> Any:
        """Lock the row, check permission and state, set its fields, save, write one event, tell who listens.

        Raises PermissionDenied, or ValidationError: "stale" when somebody was faster, others from `prepare`.
        """
        transition, row = self.by_name[name], self.lock(obj)
        if not can(actor, transition.permission, row):
            raise PermissionDenied(transition.permission)
        if not self._open(transition, row, actor):
            raise stale(row)
        at = at or timezone.now()
        before = {f: _plain(getattr(row, f)) for f in self.snapshot}
        source = row.state
        facts = (transition.prepare(row, actor, at, **data) if transition.prepare else None) or {}
        row.state = transition.target
        row.save()
        if not transition.hands_over and not can(actor, transition.permission, row):
            raise PermissionDenied("out of reach")
        changed = {f: v for f, v in before.items() if _plain(getattr(row, f)) != v}
        event = domain.record(row, name, actor, at=at, source=source, data={**facts, "before": changed})
        moved.send(type(row), obj=row, event=event)
        return row

    @transaction.atomic
    def undo(self, obj: Any, actor: Any) -> Any:
        """Take back the actor's own last step, within ten seconds.

        Raises ValidationError "stale" when it is too late or somebody has gone on: moved it, or changed its facts.
        """
        row = self.lock(obj)
        last = Event.objects.filter(subject=domain.subject_of(row), subject_id=row.pk).exclude(verb__in=BESIDE).last()
        step = self.by_name.get(last.verb) if last else None
        mine = last and last.actor_id == actor.pk and timezone.now() - last.at <= UNDO_WITHIN
        if not (last and step and step.undoable and mine and row.state == last.target):
            raise ValidationError(_("It is too late to take this back."), code="stale")
        for name, value in last.data["before"].items():
            setattr(row, name, row._meta.get_field(name).to_python(value))
        row.state = last.source
        row.save()
        event = domain.record(row, "undo", actor, source=last.target, data={"undone": last.pk})
        moved.send(type(row), obj=row, event=event)
        return row


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float, str, list)) else str(value)


def stale(row: Any) -> ValidationError:
    """What the one who was too late is told: who did what, and when."""
    last = (
        Event.objects.filter(subject=domain.subject_of(row), subject_id=row.pk, target__gt="").order_by("-id").first()
    )
    return ValidationError(
        _("%(name)s was faster: this has moved on at %(at)s."),
        code="stale",
        params={
            "name": last.actor_name if last else "—",
            "at": timezone.localtime(last.at).strftime("%H:%M:%S") if last else "—",
            "state": row.state,
        },
    )


def sources(*states: Iterable[str] | str) -> frozenset[str]:
    """A set of states, written without braces."""
    return frozenset(s for state in states for s in ([state] if isinstance(state, str) else state))
