"""Who hears of a large workbook: the one person who asked for it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from notices.rules import Rule, register

SUBJECT = "exchange.export"


def _sentence(verb: str, facts: dict[str, Any]) -> str:
    return _("Your workbook is ready.") if verb == "exported" else _("Your workbook could not be written.")


def plug_in() -> None:
    register(
        SUBJECT,
        Rule(
            audience=lambda export, event: {export.asked_by_id},
            url=lambda pk: reverse("lists:export", args=[pk]),
            facts=lambda export, event: {},
            sentence=_sentence,
        ),
    )
