"""Who acts when it is not a signed-in person: a job of the platform, or somebody who came in through a door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from tenancy.models import Door


@dataclass(frozen=True)
class System:
    """A named job of the platform, with the permissions it declares. It reaches what the scope reaches."""

    name: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    pk: None = None
    is_authenticated: bool = False


@dataclass(frozen=True)
class Visitor:
    """A patient or relative without an account. May do what the door allows, at the door's place, and no more."""

    door: Door
    permissions: frozenset[str] = field(default_factory=frozenset)
    name: str = ""
    pk: None = None
    is_authenticated: bool = False


Actor = "User | System | Visitor"


def kind_of(actor: User | System | Visitor) -> str:
    """`user`, `system` or `visitor`: how history names the actor."""
    return {System: "system", Visitor: "visitor"}.get(type(actor), "user")
