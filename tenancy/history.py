"""History of the organisation is written by a room above this one, which registers its writer at start-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenancy import scope
from tenancy.models import Hospital

Writer = Callable[[int, Any, str, Any, dict[str, Any]], object]
_writers: list[Writer] = []


def register(writer: Writer) -> None:
    """`writer(hospital_id, obj, verb, actor, data)` writes one line."""
    _writers.append(writer)


def note(obj: Any, verb: str, actor: Any, data: dict[str, Any] | None = None) -> None:
    """Write down what was done to `obj`, in the history of its hospital.

    What belongs to the consortium is noted in each of its hospitals within the scope: it concerns them all.
    """
    for hospital in _hospitals(obj):
        for write in _writers:
            write(hospital, obj, verb, actor, data or {})


def _hospitals(obj: Any) -> list[int]:
    if isinstance(obj, Hospital):
        return [obj.pk]
    if hospital := getattr(obj, "hospital_id", None):
        return [hospital]
    found = Hospital.objects.filter(consortium=obj.consortium_id, pk__in=scope.current() or [])
    return list(found.values_list("pk", flat=True))
