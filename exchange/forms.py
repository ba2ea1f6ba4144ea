"""Handing in a file, and saying which of its columns is which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exchange.importers import Importer
from exchange.reading import guess, indexes
from tenancy.access import hospitals_with
from tenancy.models import Hospital
from ui.excel import Table
from ui.forms import Form


class UploadForm(Form):
    """Where to, and which file."""

    hospital = forms.ModelChoiceField(Hospital.objects.none(), label=_("Hospital"), empty_label=_("Choose"))
    file = forms.FileField(
        label=_("Excel or CSV file"),
        help_text=_(
            "The first line holds the titles of the columns. Nothing is written before you have seen the result."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )

    def __init__(self, *args: Any, importer: Importer, **kwargs: Any):
        self.importer = importer
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        field: Any = self.fields["hospital"]
        field.queryset = Hospital.objects.filter(pk__in=hospitals_with(self.actor, self.importer.permission))
        here = self.hospital["id"] if self.hospital else None
        self.initial.setdefault("hospital", here)
        if field.queryset.count() == 1:
            field.initial = field.queryset.first()


class ColumnsForm(Form):
    """One choice per fact: the title of the column it stands in. Importers with settings of their own build on it."""

    remember_as = forms.CharField(
        label=_("Keep this assignment as"),
        help_text=_("For the next file of the same system, for example: old repair system."),
        max_length=60,
        required=False,
    )

    def __init__(
        self, *args: Any, importer: Importer, table: Table, known: dict[str, Any] | None = None, **kwargs: Any
    ):
        self.importer, self.table, self.known = importer, table, known or {}
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        columns = guess(self.importer, self.table.header) | {
            key: title
            for key, title in self.known.get("columns", {}).items()
            if indexes(self.table.header, {key: title})
        }
        titles = [("", _("— not in this file"))] + [(title, title) for title in self.table.header if title]
        for column in self.importer.columns:
            name = f"column_{column.key}"
            self.fields[name] = forms.ChoiceField(
                label=column.label, choices=titles, required=column.required, help_text=column.help
            )
            self.initial.setdefault(name, columns.get(column.key, ""))
            self.dress(self.fields[name])
        self.order_fields([f"column_{column.key}" for column in self.importer.columns])

    def title_of(self, key: str) -> str:
        """The column assigned to a fact now: as sent, else as it is offered."""
        name = f"column_{key}"
        return str(self.data.get(name, "") if self.is_bound else self.initial.get(name, ""))

    def columns(self) -> dict[str, str]:
        sent = {c.key: self.cleaned_data.get(f"column_{c.key}", "") for c in self.importer.columns}
        return {key: title for key, title in sent.items() if title}

    def options(self) -> dict[str, Any]:
        """Settings of the importer, by words that stay true elsewhere: codes and names, never ids."""
        return {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        taken: dict[str, str] = {}
        for key, title in self.columns().items():
            if title in taken:
                words = _("“%(title)s” is assigned twice.") % {"title": title}
                self.add_error(f"column_{key}", ValidationError(words))
            taken[title] = key
        return cleaned
