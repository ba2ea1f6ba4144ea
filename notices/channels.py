"""What goes out and what may go wrong with it; nothing here touches the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from notices.models import Robot
from notices.rules import rule_of

PATIENCE = 10  # seconds a receiver gets to answer, at each step
PAUSE = timedelta(minutes=1)  # before a receiver that could not be reached is asked again


class Failure(Exception):
    """It did not arrive. `rest`: the whole channel pauses that long; `lasting`: trying again would not help."""

    def __init__(self, words: str, *, rest: timedelta = timedelta(0), lasting: bool = False, counts: bool = True):
        super().__init__(words)
        self.rest, self.lasting, self.counts = rest, lasting, counts


@dataclass(frozen=True)
class Line:
    """One notice inside a message; its words are made in the reader's language."""

    subject: str
    verb: str
    title: str
    data: dict[str, Any]
    url: str

    @property
    def sentence(self) -> str:
        rule = rule_of(self.subject)
        return rule.sentence(self.verb, self.data) if rule else self.verb


@dataclass(frozen=True)
class Parcel:
    """One message on its way: what to send where, read from the database beforehand."""

    hospital_id: int
    hospital: str
    deliveries: tuple[int, ...]
    message_id: str
    claimed_by: str
    language: str
    email: str = ""
    robot: Robot | None = None
    lines: tuple[Line, ...] = field(default_factory=tuple)
