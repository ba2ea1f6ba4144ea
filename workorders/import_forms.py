"""Settings of an older system's history: which service its kinds of work are, where, and what its machines are."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assets.models import Kind
from exchange.forms import ColumnsForm
from exchange.parsing import fold, shown
from exchange.reading import indexes
from tenancy.models import Place
from workorders.models import Service

FORMATS = (
    ("", _("Year, month, day")),
    ("%d/%m/%Y", _("Day/month/year")),
    ("%m/%d/%Y", _("Month/day/year")),
    ("%d.%m.%Y", _("Day.month.year")),
    ("%Y%m%d", "20261121"),
)
MOST_TYPES = 30


class OrdersForm(ColumnsForm):
    """Columns first, then what applies to all lines, then one service for each kind of work found in the file."""

    date_format = forms.ChoiceField(label=_("How days are written"), choices=FORMATS, required=False)
    service = forms.ChoiceField(
        label=_("Service"), help_text=_("For every kind of work that has none of its own below.")
    )
    place = forms.ChoiceField(
        label=_("Place of the others"), required=False, help_text=_("Where line and asset name none.")
    )
    make_assets = forms.ChoiceField(
        label=_("Assets that are not in the register"), required=False, help_text=_("Entered with their code as name.")
    )
    types_of = forms.CharField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        super().prepare()
        hospital, known = self.obj.hospital, self.known.get("options", {})
        self.services = [
            (s.key, str(s)) for s in Service.objects.filter(hospital=hospital, active=True).order_by("key")
        ]
        self._offer("service", self.services, known.get("service") or self._usual())
        wide = Place.objects.filter(hospital=hospital, closed_on=None).exclude(kind=Place.Kind.ROOM).order_by("path")
        places = [("" if p.parent_id is None else p.code or p.full_name, str(p)) for p in wide]
        self._offer("place", places, known.get("place", ""))
        kinds = Kind.objects.filter(consortium=hospital.consortium_id)
        refuse = [("", _("Name them as wrong cells"))]
        self._offer("make_assets", refuse + [(k.name, str(k)) for k in kinds], known.get("make_assets", ""))
        self.initial["date_format"] = known.get("date_format", "")
        self._offer_types(known.get("services", {}))
        columns = (f"column_{column.key}" for column in self.importer.columns)
        self.order_fields([*columns, "date_format", "place", "make_assets", "service", *self.types, "remember_as"])

    def _usual(self) -> str:
        return next((key for key, _name in self.services if key.endswith(".other")), "")

    def _offer(self, name: str, choices: list[tuple[Any, Any]], initial: str) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        self.initial.setdefault(name, initial)

    def _offer_types(self, known: dict[str, str]) -> None:
        """A choice for each kind of work in the file, the most frequent first."""
        title = self.title_of("type")
        self.types: dict[str, str] = {}
        self.initial["types_of"] = title
        where = indexes(self.table.header, {"type": title})
        if not where:
            return
        services = {fold(kind): key for kind, key in known.items()}
        counts = Counter(shown(row.values[where["type"]]) for row in self.table.rows)
        for index, (kind, count) in enumerate(counts.most_common(MOST_TYPES)):
            if not kind:
                continue
            name = f"type_{index}"
            self.types[name] = kind
            choices = [("", _("As above")), *self.services]
            label = _("%(kind)s (%(count)s times)") % {"kind": kind, "count": count}
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.initial.setdefault(name, services.get(fold(kind), ""))
            self.dress(self.fields[name])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.types and cleaned.get("types_of") != self.title_of("type"):
            self.data = self.data.copy()
            self.data["types_of"] = self.title_of("type")
            self.add_error(None, ValidationError(_("Please look over the kinds of work of this column, below.")))
        return cleaned

    def options(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        names = ("date_format", "service", "place", "make_assets")
        services = {kind: cleaned[name] for name, kind in self.types.items() if cleaned.get(name)}
        return {**{name: cleaned[name] for name in names if cleaned.get(name)}, "services": services}
