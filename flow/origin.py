"""From where somebody acts: a page, the API, an import, a job of the platform; and from which network address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address

from django.utils.translation import gettext_lazy as _

from flow.states import State, table

PAGE, API, IMPORT, TASK, DOOR, COMMAND = "page", "api", "import", "task", "door", "command"
CHANNELS = table(
    State(PAGE, _("Page")),
    State(API, _("API")),
    State(IMPORT, _("Import")),
    State(TASK, _("The platform's own job")),
    State(DOOR, _("Visitor, by a QR code")),
    State(COMMAND, _("Command line")),
)


@dataclass(frozen=True)
class Origin:
    """The way in, and the address of the device; None where there is no network between."""

    channel: str
    address: str | None = None

    def facts(self, actor_kind: str) -> dict[str, str | None]:
        """What history keeps of it. Who has no account came in by a door, on whatever page."""
        return {"channel": DOOR if actor_kind == "visitor" else self.channel, "address": self.address}


UNKNOWN = Origin(COMMAND)  # neither a request nor a job of the platform is running
_current: ContextVar[Origin] = ContextVar("origin", default=UNKNOWN)


def current() -> Origin:
    return _current.get()


@contextmanager
def coming(channel: str, address: str | None = None) -> Iterator[None]:
    """Whatever happens inside came this way. Without an address the one that is known already stays."""
    token = _current.set(Origin(channel, _clean(address) or current().address))
    try:
        yield
    finally:
        _current.reset(token)


def _clean(address: str | None) -> str | None:
    try:
        return str(ip_address(address.strip())) if address else None
    except ValueError:
        return None
