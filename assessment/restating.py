"""A new revision of a frozen figure: what was frozen stays, the new value stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import chain, freezing
from assessment.freezing import Frozen
from assessment.models import Appeal, Exclusion, FrozenFigure, FrozenRows
from assessment.states import ANEW, APPEAL
from indicators.library import definitions

COPIED = (
    "hospital_id", "key", "label", "kind", "month", "first", "last", "unit", "good", "factor", "needs", "minimum", "target",
    "floor", "stretch", "version", "definition",
)  # fmt: skip


def restate(actor: Any, appeal: Appeal, *, way: str, target: Decimal | None, reason: str) -> FrozenFigure:
    """Freeze the appealed figure once more, without the records that were approved not to count.

    `way`: from the frozen records, or counted anew from the records as they stand. With a `target`: judged by that one.
    """
    old = appeal.figure
    freezing.lock(old.hospital_id)
    if FrozenFigure.objects.filter(
        hospital=old.hospital_id, key=old.key, month=old.month, revision__gt=old.revision
    ).exists():
        raise ValidationError(_("This figure has been restated in the meantime."), code="stale")
    left_out = freezing.approved(old.hospital_id, old.month).get(old.key, [])
    made = _anew(old, left_out) if way == ANEW else _without(old, left_out)
    figure = made.figure
    if target is not None:
        figure.target = target
    figure.revision, figure.cause, figure.appeal_number, figure.reason = (
        old.revision + 1,
        APPEAL,
        appeal.pk,
        reason[:500],
    )
    figure.frozen_at, figure.frozen_by_id, figure.frozen_name = timezone.now(), actor.pk, actor.name
    return freezing.write([made])[0]


def _anew(old: FrozenFigure, left_out: Sequence[Exclusion]) -> Frozen:
    """As the records stand, by the definition of today; judged as it was judged."""
    one = definitions(old.hospital.consortium_id).get(old.key)
    if one is None:
        raise ValidationError(
            {"way": _("This indicator is no longer in use: only the frozen records can be restated.")}
        )
    reported = freezing.reported([one], old.hospital_id, old.month) if one.quantities else {}
    made = freezing.count(one, old.hospital, old.month, left_out, reported, {})  # judged by the targets it had
    for name in ("target", "floor", "stretch", "label"):
        setattr(made.figure, name, getattr(old, name))
    return made


def _without(old: FrozenFigure, left_out: Sequence[Exclusion]) -> Frozen:
    """The frozen records, less those that do not count."""
    before = [chain.kept(row) for row in FrozenRows.objects.filter(figure=old).order_by("pk")]
    out: dict[str, set[int]] = {}
    for one in left_out:
        out.setdefault(one.subject, set()).add(one.subject_id)
    rows = [row.without(out.get(row.subject, set())) for row in before]
    figure = FrozenFigure(**{name: getattr(old, name) for name in COPIED})
    there = {(row.subject, pk) for row in before for pk in row.ids}
    known = {row["id"] for row in old.exclusions}
    hit = [one for one in left_out if (one.subject, one.subject_id) in there or one.pk in known]
    if old.kind == "computed":
        pair = freezing.summed(old.definition["below"], rows)
    else:
        pair = (old.numerator, old.denominator)
    freezing.fill(figure, pair, rows, hit)
    return Frozen(figure, rows)
