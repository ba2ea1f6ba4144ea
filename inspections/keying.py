"""A sheet of paper keyed in at a desk: with tab and numbers, once, with the time that stands on the paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inspections import permissions as perm
from inspections import working
from inspections.models import Item, Point, Round
from inspections.round_forms import crew
from inspections.round_papers import items_of, places_of
from inspections.states import CHECK, CHOICE, DUE, IN_USE, METER, NOT_FOUND, OPEN, PAPER, PHOTO, VALUE
from tenancy.access import can
from ui.forms import DateTimeInput, Form

OLDEST = timedelta(days=60)
STATES = ((OPEN, _("Checked")), (IN_USE, _("In use, not checked")), (NOT_FOUND, _("Not found")))
CHECKED = (("", "—"), ("1", _("1 Passed")), ("0", _("0 Failed")))


def may_key_in(user: Any, round: Round) -> bool:
    """Who does it, or who says who does it, while it is due: a sheet is keyed in whole."""
    mine = round.assignee_id in (None, user.pk) or can(user, perm.ROUND_ASSIGN, round)
    return bool(round.state == DUE and mine and can(user, perm.ROUND_WORK, round))


class SheetForm(Form):
    """One row a point, one column an item."""

    at = forms.DateTimeField(label=_("Day and time on the sheet"), widget=DateTimeInput)
    who = forms.ModelChoiceField(User.objects.none(), label=_("Who did it"), empty_label=None)

    def prepare(self) -> None:
        people = crew(self.obj) if can(self.actor, perm.ROUND_ASSIGN, self.obj) else {self.actor.pk}
        who: Any = self.fields["who"]
        who.queryset = User.objects.filter(pk__in=people).order_by("name")
        who.label_from_instance = lambda user: user.name
        self.items = [item for item in items_of(self.obj) if item.kind != PHOTO]
        self.lay(places_of(self.obj))

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"at": timezone.localtime(), "who": obj.assignee_id or self.actor.pk}

    def lay(self, points: list[tuple[int, str, str]]) -> None:
        """The boxes of every point, named by its number on the sheet and the item."""
        self.points = points
        for order, name, _where in points:
            self._add(f"state-{order}", forms.ChoiceField(choices=STATES, required=False, label=name))
            for item in self.items:
                self._add(f"{order}-{item.pk}", field_of(item, f"{name}: {item.words}"))

    def _add(self, name: str, field: forms.Field) -> None:
        field.widget.attrs |= {"aria-label": field.label}
        self.dress(field)
        self.fields[name] = field

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "order": order,
                "name": name,
                "where": where,
                "state": self[f"state-{order}"],
                "cells": [(item.words, self[f"{order}-{item.pk}"]) for item in self.items],
            }
            for order, name, where in self.points
        ]

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if not timezone.now() - OLDEST <= at <= timezone.now():
            raise ValidationError(_("A time within the last 60 days, please."))
        if at < self.obj.opens_at - timedelta(minutes=1):  # the sheet tells no seconds
            opens = f"{timezone.localtime(self.obj.opens_at):%Y-%m-%d %H:%M}"
            raise ValidationError(_("It is too early: this round opens on %(at)s."), params={"at": opens})
        return at


def field_of(item: Item, label: str) -> forms.Field:
    if item.kind == CHECK:
        return forms.ChoiceField(choices=CHECKED, required=False, label=label)
    if item.kind == CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *item.choices], required=False, label=label)
    widget = forms.TextInput(attrs={"inputmode": "decimal"}) if item.kind in (VALUE, METER) else forms.TextInput()
    return forms.CharField(max_length=500, required=False, label=label, widget=widget)


@transaction.atomic
def key_in(actor: Any, round: Round, form: SheetForm) -> Round:
    """Begin the round as it was begun on paper, write down what stands on the sheet, and end it.

    Raises ValidationError by the name of the box; then nothing of it was done.
    """
    if not may_key_in(actor, round):
        raise PermissionDenied(perm.ROUND_WORK)
    at = max(form.cleaned_data["at"], round.opens_at)
    if round.state == DUE:
        round = working.start(actor, round, who=form.cleaned_data["who"], paper=True, at=at)
    wrong: dict[str, Any] = {}
    for point in Point.objects.filter(round=round).select_related("round", "place", "asset").order_by("order"):
        try:
            _point(actor, form, point, at)
        except ValidationError as error:
            by_box = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            wrong |= {f"{point.order}-{key}" if key else f"state-{point.order}": said for key, said in by_box.items()}
    if wrong:
        raise ValidationError(wrong)
    return working.finish(actor, round, at=at)


def _point(actor: Any, form: SheetForm, point: Point, at: datetime) -> None:
    state = form.cleaned_data.get(f"state-{point.order}") or OPEN
    if state != OPEN:
        working.leave_out(actor, point, state, at=at)
        return
    said = {item.pk: form.cleaned_data.get(f"{point.order}-{item.pk}") or "" for item in form.items}
    given = {pk: raw for pk, raw in said.items() if raw}
    if given:
        working.reach(actor, point, PAPER, at)
        working.answer(actor, point, given, at=at)
