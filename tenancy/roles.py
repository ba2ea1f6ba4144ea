"""Shipped roles: declared by the platform and by departments, copied into a consortium, editable there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tenancy.permissions import Label


@dataclass(frozen=True)
class RoleDef:
    """A role as it is shipped: what it is called and what it may do."""

    key: str
    label: Label
    permissions: frozenset[str]


_shipped: dict[str, RoleDef] = {}


def ship(role: RoleDef) -> RoleDef:
    if role.key in _shipped:
        raise ValueError(f"role {role.key!r} shipped twice")
    _shipped[role.key] = role
    return role


def extend(key: str, *permissions: str) -> None:
    """Give a shipped role what a room above the roles lets it do."""
    _shipped[key] = replace(_shipped[key], permissions=_shipped[key].permissions | set(permissions))


def shipped() -> dict[str, RoleDef]:
    return dict(_shipped)


def label_of(key: str) -> Label:
    return _shipped[key].label if key in _shipped else key
