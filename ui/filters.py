"""The base of every list's filters: search, period, place, choices. A few stand open, the rest behind a button."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from functools import cache, cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenancy.models import Place
from tenancy.permissions import PLACE_VIEW
from tenancy.search import MOST, found, words_of
from ui.forms import Form
from ui.pages import ASIDE, whole
from ui.rendering import Select

AT_HAND = 6  # so many behind the button are drawn with the page; more are fetched when somebody opens it


class PeriodWidget(django_filters.widgets.DateRangeWidget):
    """From and until, by the device's own calendar."""

    template_name = "ui/partials/period.html"

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date", "class": "form-control"})
        for widget, words in zip(self.widgets, (_("From"), _("Until")), strict=True):
            widget.attrs = {**widget.attrs, "aria-label": words}


class PeriodFilter(django_filters.DateFromToRangeFilter):
    """Days from and until, both included, in the hospital's own time."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("widget", PeriodWidget())
        super().__init__(*args, **kwargs)


class PlaceFilter(django_filters.ModelChoiceFilter):
    """Everything at a place and below it. `field_name` is the look-up of the place's path on the row."""

    kinds = (Place.Kind.CAMPUS, Place.Kind.BUILDING, Place.Kind.FLOOR)

    def __init__(self, field_name: str = "place__path", **kwargs: Any):
        kwargs.setdefault("label", _("Place"))
        kwargs.setdefault("queryset", self.offered)
        kwargs.setdefault("widget", Select())
        super().__init__(field_name=field_name, **kwargs)

    def offered(self, request: Any) -> QuerySet[Place]:
        places = Place.objects.for_user(request.user, PLACE_VIEW).filter(kind__in=self.kinds, closed_on=None)
        if hospital := getattr(request, "hospital", None):
            places = places.filter(hospital_id=hospital["id"])
        return places.order_by("path")

    def filter(self, qs: QuerySet[Any], value: Place | None) -> QuerySet[Any]:
        return qs.filter(Place.within(value.path, self.field_name)) if value else qs


class ChoiceFilter(django_filters.ChoiceFilter):
    """One value of a short list."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("empty_label", _("All"))
        kwargs.setdefault("widget", Select())
        super().__init__(*args, **kwargs)


class Prepared(dict[str, Any]):
    """Filters of which a request has its own; what it does not change (rules, labels, widgets) is not copied along."""

    def __deepcopy__(self, memo: Any) -> dict[str, Any]:
        return {name: self._own(one) for name, one in self.items()}

    @staticmethod
    def _own(one: Any) -> Any:
        own = copy(one)
        own.extra = dict(one.extra)
        own.method = one.method  # it asks the filter set by its filter
        vars(own).pop("_field", None)
        return own


class Fresh(dict[str, Any]):
    """The fields of a form class that is made for one request and used once: nobody else's, so not copied again."""

    def __deepcopy__(self, memo: Any) -> Fresh:
        return self


class Kept(django_filters.CharFilter):
    """A part of a figure's address; all of them filter together, in `behind`."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.HiddenInput(), **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs


class FilterSet(django_filters.FilterSet):
    """`main`: the filters that always stand open, at most five. Of the search: `indexed` says that the table has a search
    function (`tenancy/search.py`); small tables without one name the columns it looks through in `search_in`.

    Only those are prepared that narrow the list or are drawn: `drawn` names the latter, by default the main ones, all with
    ?filters=all. Preparing thirty takes longer than the rows.
    """

    search = django_filters.CharFilter(method="find", label=_("Search"))
    search_in: tuple[str, ...] = ()
    indexed = False
    main: tuple[str, ...] = ()
    hospital_id: int | None = None  # what the switch narrows the list to
    capped = False  # more rows have the words than the search looks at

    def __init__(self, data: Any = None, *args: Any, drawn: Collection[str] | None = None, **kwargs: Any):
        asked, every = data or {}, type(self).base_filters
        self.fetches = drawn is None and asked.get("filters") != "all" and len(self.behind_button()) > AT_HAND
        if drawn is None:
            drawn = ("search", *self.main) if self.fetches else every
        keys = self.keys()
        self.base_filters = Prepared(
            (n, f) for n, f in every.items() if n in drawn or any(asked.get(key) for key in keys[n])
        )
        super().__init__(data, *args, **kwargs)

    @classmethod
    @cache
    def keys(cls) -> dict[str, tuple[str, ...]]:
        """What each filter reads of an address."""
        suffixes = {name: getattr(f.extra.get("widget"), "suffixes", ()) for name, f in cls.base_filters.items()}
        return {name: tuple(f"{name}_{one}" for one in parts) or (name,) for name, parts in suffixes.items()}

    @classmethod
    @cache
    def behind_button(cls) -> frozenset[str]:
        """Those that people choose from and that do not stand open."""
        hidden = {n for n, f in cls.base_filters.items() if isinstance(f.extra.get("widget"), forms.HiddenInput)}
        return frozenset(cls.base_filters) - hidden - {"search", *cls.main}

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = words_of(value)
        if self.indexed:
            if not words:
                return rows
            ids = self.ids(rows.model, words)
            self.capped = len(ids) > MOST
            return rows.filter(pk__in=ids[:MOST])
        for word in words:
            q = Q(pk__in=[])
            for column in self.search_in:
                q |= Q(**{f"{column}__icontains": word})
            rows = rows.filter(q)
        return rows

    def ids(self, model: Any, words: list[str]) -> list[int]:
        """The newest rows that have the words."""
        return found(model, words, self.hospitals())

    def hospitals(self) -> list[int] | None:
        """The hospitals that other filters leave; None for all."""
        asked = whole(self.data.get("hospital", "")) or self.hospital_id
        return [asked] if asked else None

    def get_form_class(self) -> type[forms.Form]:
        form = super().get_form_class()
        form.base_fields = Fresh(form.base_fields)
        return form

    @cached_property
    def form(self) -> forms.Form:
        form = super().form
        for name, field in form.fields.items():
            if not isinstance(field.widget, forms.MultiWidget) and "class" not in field.widget.attrs:
                Form.dress(field)
            if isinstance(field, forms.NullBooleanField):
                field.widget.choices = [("", _("All")), ("true", _("Yes")), ("false", _("No"))]
            if name == "search":
                field.widget.attrs |= {"type": "search", "data-search": "", "autocomplete": "off"}
        return form

    @cached_property
    def open_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.main]

    @cached_property
    def other_fields(self) -> list[forms.BoundField]:
        apart = {"search", *self.main}
        return [field for field in self.form.visible_fields() if field.name not in apart]

    @property
    def searches(self) -> bool:
        return bool(self.search_in) or self.indexed

    @property
    def in_use(self) -> bool:
        """Is anything filtered at all? An empty list says so differently."""
        return any(self.data.get(key) for key in self.data if key not in ASIDE)

    @property
    def others_in_use(self) -> int:
        """How many of those behind the button narrow the list: it says so, and the rows stay in sight."""
        return sum(field.value() not in (None, "", [], [None, None]) for field in self.other_fields)
