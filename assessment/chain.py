"""The chain of a hospital's frozen figures: each row is hashed with the digest of the one before it, and sealed.

The digests can be checked by anybody, for ever. The seal is made with the platform's secret: who owns the tables could
write a whole new chain, but not its seals.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import DecimalField
from django.utils.crypto import salted_hmac

from assessment.figure_models import KeptRows
from assessment.inputs import Rows, digest_of
from assessment.models import FrozenFigure

OUTSIDE = {"id", "digest", "seal"}  # everything else of the row is hashed
FIELDS = sorted(field.attname for field in FrozenFigure._meta.concrete_fields if field.attname not in OUTSIDE)
PLACES = {f.attname: f.decimal_places for f in FrozenFigure._meta.concrete_fields if isinstance(f, DecimalField)}


def settle(figure: FrozenFigure) -> None:
    """Give every number the digits that the table keeps, so that it hashes now as it will when it is read."""
    for name, places in PLACES.items():
        number = getattr(figure, name)
        if number is not None:
            setattr(figure, name, Decimal(number).quantize(Decimal(1).scaleb(-places)))


def _plain(name: str, fact: Any) -> Any:
    if name in PLACES and fact is not None:
        return f"{fact:.{PLACES[name]}f}"
    if isinstance(fact, datetime):
        return fact.astimezone(UTC).isoformat(timespec="microseconds")
    return fact.isoformat() if isinstance(fact, date) else fact


def digest(figure: FrozenFigure) -> str:
    """sha256 over the whole row, the digest of the hospital's figure before it included."""
    facts = {name: _plain(name, getattr(figure, name)) for name in FIELDS}
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal(found: str, secret: str = "") -> str:
    return salted_hmac("assessment.chain", found, secret=secret or settings.SECRET_KEY, algorithm="sha256").hexdigest()


def is_sealed(figure: FrozenFigure) -> bool:
    """Was it sealed by this platform: with its secret of now or one before?"""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(seal(figure.digest, secret), figure.seal) for secret in secrets)


def of_rows(rows: Iterable[Rows]) -> str:
    """sha256 over all rows of a figure: a line each of part, measure, subject, how many, and their sha256."""
    lines = sorted(f"{row.part} {row.measure} {row.subject} {len(row.ids)} {row.sha256}" for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def link(figure: FrozenFigure, previous: str) -> str:
    """Tie a figure that is about to be written to the one before it. Answers its digest."""
    settle(figure)
    figure.previous = previous
    figure.digest = digest(figure)
    figure.seal = seal(figure.digest)
    return figure.digest


def last_digest(hospital_id: int) -> str:
    found = FrozenFigure.objects.filter(hospital=hospital_id).order_by("-pk").values_list("digest", flat=True).first()
    return found or ""


def kept(row: KeptRows) -> Rows:
    """Stored rows as they were counted."""
    amounts = None if row.amounts is None else tuple(row.amounts)
    return Rows(row.part, row.measure, row.subject, tuple(row.ids), amounts)


def rows_hold(row: KeptRows) -> bool:
    """Do the stored ids and amounts still have the sha256 that stands beside them?"""
    pairs = kept(row).pairs
    return digest_of(pairs) == row.sha256
