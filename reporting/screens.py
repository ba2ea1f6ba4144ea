"""Wall screens: made, revoked, and who may open one. The secret is told once; only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from reporting.models import Screen
from reporting.permissions import SCREEN_CHANGE, SCREEN_VIEW
from tenancy.access import can
from tenancy.models import Consortium, Hospital

ASKS_A_MINUTE, WRONG_A_MINUTE = 30, 20
SEEN_EVERY = timedelta(minutes=1)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_screen(
    actor: Any,
    *,
    name: str,
    consortium: Consortium,
    hospital: Hospital | None,
    language: str,
    seconds: int,
    form_key: UUID | None = None,
) -> tuple[Screen, str]:
    """A new screen and the secret of its address, which is told this once: the same form again answers the screen alone.

    Raises PermissionDenied or ValidationError.
    """
    screen = Screen(name=name.strip(), consortium=consortium, hospital=hospital, language=language, seconds=seconds)
    screen.form_key = form_key
    if not can(actor, SCREEN_CHANGE, screen):
        raise PermissionDenied(SCREEN_CHANGE)
    if hospital is not None and hospital.consortium_id != consortium.pk:
        raise ValidationError({"hospital": _("This hospital belongs to another consortium.")})
    token = secrets.token_urlsafe(32)
    screen.digest, screen.made_by_id, screen.made_by_name = digest_of(token), actor.pk, actor.name
    screen.clean_fields(exclude=["made_by", "consortium", "hospital", "revoked_at", "seen_at"])
    try:
        with transaction.atomic():
            screen.save()
    except IntegrityError:
        made = Screen.objects.filter(consortium=consortium, form_key=form_key, made_by=actor.pk).first()
        if made is None:
            raise
        return made, ""
    _note(screen, "added", actor)
    return screen, token


def revoke_screen(actor: Any, screen: Screen) -> None:
    """From now on its address opens nothing; doing it again changes nothing. Raises PermissionDenied."""
    if not can(actor, SCREEN_CHANGE, screen):
        raise PermissionDenied(SCREEN_CHANGE)
    if Screen.objects.filter(pk=screen.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _note(screen, "revoked", actor)


def _note(screen: Screen, verb: str, actor: Any) -> None:
    """In the history of each hospital whose figures it shows."""
    for hospital in of_screen(screen):
        flow.note(hospital, screen, verb, actor, {"name": screen.name})


def opened(token: str) -> Screen | None:
    """The screen of this secret, revoked ones too; None for any other."""
    found: Screen | None = (
        Screen.objects.select_related("hospital", "consortium").filter(digest=digest_of(token)).first()
    )
    return found


def seen(screen: Screen) -> None:
    """It lives: written down once a minute."""
    now = timezone.now()
    if screen.seen_at is None or now - screen.seen_at >= SEEN_EVERY:
        Screen.objects.filter(pk=screen.pk).update(seen_at=now)


def too_many(key: str, most: int) -> bool:
    """More questions within a minute than a screen asks."""
    key = f"wall:{key}"
    if cache.add(key, 1, timeout=60):
        return False
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it ran out between the two
        return False


def of_screen(screen: Screen) -> list[int]:
    """The hospitals it shows."""
    if screen.hospital_id is not None:
        return [screen.hospital_id]
    open_ones = Hospital.objects.filter(consortium=screen.consortium_id, is_open=True)
    return list(open_ones.order_by("code").values_list("pk", flat=True))


def listed(user: Any) -> Any:
    """The screens this person may arrange, those in use first."""
    rows = Screen.objects.for_user(user, SCREEN_VIEW).select_related("hospital")
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "name", "pk")
