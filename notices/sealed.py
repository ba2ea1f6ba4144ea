"""Keys of group robots as they lie in the database: encrypted, so that a copy of the tables opens nobody's group.

The key of the encryption is derived from SECRET_KEY. When that changes, the old one is named in SECRET_KEY_FALLBACKS until
`manage.py seal_again` has been run: what was sealed with it can be read meanwhile, and is written with the new one.
"""

from __future__ import annotations

import base64
import logging
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

SHOWN = 4  # characters at the end of a key that tell one from another
ENOUGH = 12  # a shorter key shows none of them
log = logging.getLogger(__name__)


def box() -> MultiFernet:
    """Seals with SECRET_KEY, opens with that or any of its predecessors."""
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"notices.sealed").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)


def seal(text: str) -> str:
    return box().encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """The text; nothing where no key that is known opens it."""
    if not token:
        return ""
    try:
        return box().decrypt(token.encode()).decode()
    except InvalidToken:
        log.error("A robot's key cannot be read: was SECRET_KEY changed without SECRET_KEY_FALLBACKS?")
        return ""


def ending(text: str) -> str:
    """What may be shown of a key."""
    return f"…{text[-SHOWN:]}" if len(text) >= ENOUGH else "…" if text else ""


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A text that only the application can read. Nothing can be looked for in it."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(super().get_prep_value(value) or "")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return unseal(value or "")

    def get_lookup(self, lookup_name: str) -> None:
        """The same text is sealed differently each time: no comparison would find it."""
        return None
