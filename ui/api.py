"""Lists and records of the API: rows out of `values()`, the same filters and pages as the lists people see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, serializers
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from tenancy.api import ScopedViewSet
from ui import paging
from ui.filters import FilterSet

PER_PAGE, MOST_PER_PAGE = 50, 200
Facts = dict[str, Any]


def plain(value: Any, zone: tzinfo | None = None) -> Any:
    """As it stands in an answer: times with their offset, money as text."""
    if isinstance(value, datetime):
        return value.astimezone(zone or timezone.get_current_timezone()).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


class Made(serializers.Field):
    """A fact made of others in Python, such as a name in the reader's language. `kind` is what the schema says."""

    def __init__(self, *needs: str, make: Callable[[Facts], Any], kind: serializers.Field, **options: Any):
        super().__init__(read_only=True, **options)
        self.needs, self.make, self.kind = needs, make, kind


class Row(serializers.Serializer[Any]):
    """What one row of a resource says, declared once: the columns of `values()`, the answer and the schema."""

    @classmethod
    @cache
    def parts(cls) -> tuple[list[tuple[str, str]], list[tuple[str, Callable[[Facts], Any]]]]:
        """(facts as they stand in the database by their look-up, facts made of others)."""
        copied, made = [], []
        for name, field in cls._declared_fields.items():
            if isinstance(field, Made):
                made.append((name, field.make))
            else:
                copied.append((name, (field.source or name).replace(".", "__")))
        return copied, made

    @classmethod
    @cache
    def columns(cls) -> tuple[str, ...]:
        """Each once, always in this order: the same question reaches the database in the same words."""
        copied, _made = cls.parts()
        needed = [need for field in cls._declared_fields.values() if isinstance(field, Made) for need in field.needs]
        return tuple(dict.fromkeys([*(column for _name, column in copied), *needed]))

    def to_representation(self, row: Facts) -> Facts:
        copied, made = self.parts()
        zone = timezone.get_current_timezone()
        facts = {name: plain(row[column], zone) for name, column in copied}
        for name, make in made:
            facts[name] = plain(make(row), zone)
        return facts


class Keyset(BasePagination):
    """Pages by key; the count goes no further than 1,001, where `count_capped` says "and more"."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Any, view: Any = None) -> list[Facts]:
        ordering = view.ordering_of(request)
        cursor, size = request.query_params.get("cursor", ""), _size(request.query_params.get("page_size", ""))
        if cursor and paging.decode(cursor, ordering, queryset.model)[1] is None:
            raise ValidationError({"cursor": _("This cursor does not belong to this list.")})
        columns = set(view.get_serializer_class().columns())
        self.page = paging.paginate(queryset, ordering, cursor, columns, size)
        short = not cursor and not self.page.next
        self.count = len(self.page.rows) if short else queryset.order_by()[: paging.CAP].count()
        self.address = request.build_absolute_uri()
        return view.dress(self.page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        def address(cursor: str) -> str | None:
            return replace_query_param(self.address, "cursor", cursor) if cursor else None

        return Response(
            {
                "count": self.count,
                "count_capped": self.count >= paging.CAP,
                "next": address(self.page.next),
                "previous": address(self.page.previous),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: Facts) -> Facts:
        link = {"type": "string", "format": "uri", "nullable": True}
        capped = {"type": "boolean", "description": "true: there are more than the 1,001 that were counted"}
        fields = {
            "count": {"type": "integer"},
            "count_capped": capped,
            "next": link,
            "previous": link,
            "results": schema,
        }
        return {"type": "object", "required": list(fields), "properties": fields}

    def get_schema_operation_parameters(self, view: Any) -> list[Facts]:
        size = {"type": "integer", "default": PER_PAGE, "minimum": 1, "maximum": MOST_PER_PAGE}
        sort = {"type": "string", "enum": list(view.sorts), "default": next(iter(view.sorts))}
        return [
            {"name": "cursor", "in": "query", "schema": {"type": "string"}, "description": "from `next` or `previous`"},
            {"name": "page_size", "in": "query", "schema": size},
            *([{"name": "sort", "in": "query", "schema": sort}] if len(view.sorts) > 1 else []),
        ]


def _size(asked: str) -> int:
    if not asked:
        return PER_PAGE
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= MOST_PER_PAGE):
        raise ValidationError({"page_size": _("A number between 1 and %d, please.") % MOST_PER_PAGE})
    return int(asked)


class AskedFilters(DjangoFilterBackend):
    """Narrows a list by the parameters of its filter set that stand in the request."""

    def get_filterset(self, request: Any, queryset: QuerySet[Any], view: Any) -> FilterSet:
        return view.filterset_class(request.query_params, queryset, request=request, drawn=())


class Resource(mixins.ListModelMixin, ScopedViewSet):
    """List and record of what the person may see. `sorts`: the orders offered, the first by default."""

    pagination_class = Keyset
    filter_backends = (AskedFilters,)
    lookup_value_regex = "[0-9]+"
    sorts: ClassVar[dict[str, tuple[str, ...]]]

    def ordering_of(self, request: Any) -> tuple[str, ...]:
        asked = request.query_params.get("sort") or next(iter(self.sorts))
        if asked not in self.sorts:
            raise ValidationError({"sort": _("One of %s, please.") % ", ".join(self.sorts)})
        return self.sorts[asked]

    def dress(self, rows: list[Facts]) -> list[Facts]:
        """Add to the rows what lies in other tables, in one statement for all of them."""
        return rows

    def row(self, pk: Any, queryset: QuerySet[Any] | None = None) -> Facts:
        """One row; 404 for what the person may not see."""
        rows = self.get_queryset() if queryset is None else queryset
        columns: Iterable[str] = self.get_serializer_class().columns()
        found = list(rows.filter(pk=pk).values(*sorted({"pk", *columns})))
        if not found:
            raise Http404
        return self.dress(found)[0]

    def retrieve(self, request: Any, pk: str) -> Response:
        return Response(self.get_serializer(self.row(pk)).data)
