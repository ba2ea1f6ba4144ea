"""Which column of a file is which quantity, said on a page: for every title one choice; the answer is a mapping."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.parsing import is_blank
from indicators import domain, spans
from indicators import mapping as mapping_of
from indicators.models import Quantity, ReturnFile
from indicators.states import CHECKED
from indicators.views import Change
from ui.excel import Table
from ui.forms import Form
from ui.pages import go, whole

NEW = "new"
HEAD = {"code": _("Code of the hospital"), "name": _("Name of the hospital"), "group": _("Peer group")}
QUANTITY = "quantity:"
EXAMPLES = 3  # lines of the file shown beside each title


@dataclass(frozen=True)
class Line:
    """A title of the file on the page: what stands below it, and the boxes that say what it is."""

    title: str
    examples: list[str]
    is_double: bool
    means: forms.BoundField
    unit: forms.BoundField


class ColumnsForm(Form):
    """A choice for each title; `mapping` is what `indicators.mapping` reads."""

    def __init__(self, *args: Any, table: Table, row: int, quantities: list[Quantity], **kwargs: Any):
        self.table, self.row, self.quantities = table, row, {one.key: one for one in quantities}
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        assigned = self._assigned()
        known = [(f"{QUANTITY}{key}", one.label) for key, one in self.quantities.items()]
        offered = [
            ("", "—"),
            (_("Hospital"), list(HEAD.items())),
            (_("Quantities"), [(NEW, _("A new quantity, called like the column")), *known]),
        ]
        for n, title in enumerate(self.table.header):
            self._add(
                f"means-{n}", forms.ChoiceField(label=title, choices=offered, required=False), assigned.get(title)
            )
            unit = forms.CharField(label=pgettext_lazy("of measurement", "Unit"), max_length=20, required=False)
            self._add(f"unit-{n}", unit, None)
        titles = [("", "—"), *((str(n), title) for n, title in enumerate(self.table.header) if title)]
        self._add("bad_from", forms.ChoiceField(label=_("Damaged from column"), choices=titles, required=False), None)
        self._add("bad_to", forms.ChoiceField(label=_("to column"), choices=titles, required=False), None)
        words = _("For the file of the next year.")
        keep = forms.CharField(label=_("Keep the mapping as"), max_length=60, required=False, help_text=words)
        self._add("remember_as", keep, None)

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        field.initial = initial
        self.dress(field)
        self.fields[name] = field

    def _assigned(self) -> dict[str, str]:
        """Title → what it is: as the file has it now; else a quantity that is called exactly so."""
        found = {str(one.label): f"{QUANTITY}{one.key}" for one in self.quantities.values()}
        mapping = self.obj.mapping
        found |= {mapping[key]: key for key in HEAD if mapping.get(key)}
        for key, facts in mapping.get("quantities", {}).items():
            found |= dict.fromkeys(mapping_of.titles(facts), f"{QUANTITY}{key}" if key in self.quantities else NEW)
        return found

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    @property
    def lines(self) -> list[Line]:
        times = Counter(self.table.header)
        return [
            Line(title, self._examples(n), times[title] > 1, self[f"means-{n}"], self[f"unit-{n}"])
            for n, title in enumerate(self.table.header) if title
        ]  # fmt: skip

    def _examples(self, column: int) -> list[str]:
        found = (row.values[column] for row in self.table.rows[:EXAMPLES] if column < len(row.values))
        return [str(value)[:40] for value in found if not is_blank(value)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        means = {n: cleaned.get(f"means-{n}") for n in range(len(self.table.header))}
        times = Counter(what for what in means.values() if what and what != NEW)
        for n, what in means.items():
            if what and times[what] > 1:
                self.add_error(f"means-{n}", _("This was chosen for another column too."))
        if "code" not in times:
            self.add_error(None, _("Please say in which column the code of the hospital stands."))
        if not any(what == NEW or str(what).startswith(QUANTITY) for what in means.values()):
            self.add_error(None, _("Please say for at least one column which quantity it is."))
        if bool(cleaned.get("bad_from")) != bool(cleaned.get("bad_to")):
            name = "bad_to" if cleaned.get("bad_from") else "bad_from"
            self.add_error(name, _("Please choose the other end of the damaged part too."))
        return cleaned

    def mapping(self) -> dict[str, Any]:
        """What was chosen, as it is kept for the next file."""
        given, header = self.cleaned_data, self.table.header
        made: dict[str, Any] = {"header_row": self.row, "quantities": {}}
        for n, title in enumerate(header):
            what = given[f"means-{n}"]
            if what in HEAD:
                made[what] = title
            elif what == NEW:
                facts = {"column": title, "name": title[:120], "unit": given[f"unit-{n}"].strip()}
                made["quantities"][f"column_{hashlib.sha256(title.encode()).hexdigest()[:10]}"] = facts
            elif what:
                one = self.quantities[what.removeprefix(QUANTITY)]
                made["quantities"][one.key] = {"column": title, "name": one.name, "unit": one.unit}
        if given["bad_from"]:
            made["damaged"] = [[header[int(given["bad_from"])], header[int(given["bad_to"])]]]
        return made


class Columns(Change):
    """Say which column is which; the file is checked at once."""

    def find(self, pk: int) -> ReturnFile:
        return get_object_or_404(ReturnFile, pk=pk, consortium=self.consortium, state=CHECKED)

    def form(self, file: ReturnFile, row: int, *data: Any) -> ColumnsForm:
        table = domain.table_of(bytes(file.content), file.name, {"header_row": row})
        known = Quantity.objects.filter(consortium=self.consortium).order_by("name", "key")
        return ColumnsForm(*data, actor=self.request.user, obj=file, table=table, row=row, quantities=list(known))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = self.find(pk)
        row = whole(request.GET.get("row")) or file.mapping.get("header_row", 1)
        try:
            return self.show(file, self.form(file, min(row, mapping_of.MOST_TITLES)))
        except ValidationError as error:
            return self.show(file, self.form(file, 1), 422, " ".join(error.messages))

    def show(self, file: ReturnFile, form: ColumnsForm, status: int = 200, wrong: str = "") -> HttpResponse:
        facts = {"file": file, "form": form, "period": spans.written(file.first, file.last), "wrong": wrong}
        return TemplateResponse(self.request, "indicators/columns.html", facts, status=status)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = self.find(pk)
        row = min(whole(request.POST.get("row")) or 1, mapping_of.MOST_TITLES)
        try:
            form = self.form(file, row, request.POST)
        except ValidationError as error:
            return self.show(file, self.form(file, 1), 422, " ".join(error.messages))
        if form.is_valid():
            try:
                made = form.mapping()
                domain.assign(request.user, file, made)
                if name := form.cleaned_data["remember_as"].strip():
                    domain.keep_mapping(request.user, self.consortium, name=name, mapping=made)
                return go(request, reverse("indicators:file", args=[file.pk]))
            except ValidationError as error:
                form.add_error(None, error.messages)
        return self.show(file, form, 422)
