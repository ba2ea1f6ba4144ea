"""On the page of a figure: who froze it when, with which value, and where its rows stand."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import queries
from assessment.shown import written
from kpi.explaining import Asked, Fact


def explain(asked: Asked) -> Iterator[Fact]:
    """The newest revision of each hospital for exactly this period; nothing where none was frozen or may be seen."""
    rows = queries.frozen(asked.user).filter(key=asked.key, first=asked.first, last=asked.last)
    found = list(queries.newest(rows.filter(hospital__in=asked.hospitals)))
    if not found:
        return
    if len(asked.hospitals) > 1:
        counts = {"count": len(found), "of": len(asked.hospitals)}
        yield Fact(_("Frozen"), _("at %(count)s of %(of)s hospitals") % counts)
        return
    one = found[0]
    at = f"{timezone.localtime(one.frozen_at):%Y-%m-%d %H:%M}"
    by = one.frozen_name if one.frozen_by_id else _("the platform")
    facts = {"value": written(one, one.value), "version": one.version, "revision": one.revision}
    second = _("value %(value)s, version %(version)s, revision %(revision)s") % facts
    yield Fact(_("Frozen"), f"{at} · {by}", reverse("assessment:figure", args=[one.pk]), second)
