"""Figures over time or side by side: what a chart draws and what its table twin says, from the same series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ui import formats

Words = str | Promise
LINE, BARS, SORTED_BARS, DOTS = "line", "bars", "sorted-bars", "dots"


@dataclass(frozen=True)
class Series:
    """One course of figures, in the order of the chart's labels; None where there is none."""

    name: Words
    values: Sequence[Any]
    own: bool = False  # marked among its peers


@dataclass(frozen=True)
class Bounds:
    """Between which values chance alone leaves each label's, and the middle of all; `marks`: labels that stand out, and why.

    Of a course the limits are lines; of dots side by side each has a band of its own.
    """

    lower: Sequence[Any]
    upper: Sequence[Any]
    middle: Any
    marks: Mapping[int, Words] = field(default_factory=dict)
    middle_name: Words = ""


@dataclass(frozen=True)
class Chart:
    """A question and its answer as a drawing. `title` is the question: 哪些科室的报修超时最多?

    `running`: the last label is a period that is not over; it is drawn dashed. `target`: a line to compare with.
    """

    key: str  # the id on the page
    title: Words
    kind: str
    labels: Sequence[Any]
    series: Sequence[Series]
    unit: Words = ""
    digits: int | None = None
    running: bool = False
    target: Any = None
    target_name: Words = ""
    note: Words = ""
    bounds: Bounds | None = None

    @property
    def data(self) -> dict[str, Any]:
        """What static/js/charts.js reads."""
        return {
            "kind": self.kind,
            "labels": [str(label) for label in self.labels],
            "series": [
                {"name": str(s.name), "own": s.own, "values": [None if v is None else float(v) for v in s.values]}
                for s in self.series
            ],
            "unit": str(self.unit),
            "running": self.running,
            "target": None if self.target is None else float(self.target),
            "targetName": str(self.target_name),
            "bounds": self._bounds,
        }

    @property
    def _bounds(self) -> dict[str, Any] | None:
        if self.bounds is None or self.bounds.middle is None:
            return None
        return {
            "lower": [None if v is None else float(v) for v in self.bounds.lower],
            "upper": [None if v is None else float(v) for v in self.bounds.upper],
            "middle": float(self.bounds.middle),
            "middleName": str(self.bounds.middle_name) or _("middle"),
            "marks": sorted(self.bounds.marks),
        }

    @property
    def heads(self) -> list[Words]:
        limits = [_("lower limit"), _("upper limit")] if self.bounds else []
        return [*(series.name for series in self.series), *limits]

    @property
    def lines(self) -> list[tuple[Any, list[str]]]:
        """The table twin: a label and its figures."""
        columns = [series.values for series in self.series]
        if self.bounds:
            columns += [self.bounds.lower, self.bounds.upper]
        return [
            (self._label(index), [formats.number(values[index], self.digits) for values in columns])
            for index in range(len(self.labels))
        ]

    def _label(self, index: int) -> Any:
        mark = self.bounds.marks.get(index) if self.bounds else None
        return f"{self.labels[index]} · {mark}" if mark else self.labels[index]

    @property
    def has_twin(self) -> bool:
        """Dots stand beside the table they are drawn from."""
        return self.kind != DOTS

    @property
    def is_empty(self) -> bool:
        return not any(value is not None for series in self.series for value in series.values)


def ranked(key: str, title: Words, rows: Sequence[tuple[Words, Any]], **options: Any) -> Chart:
    """Bars sorted from the largest: who has most, without a legend."""
    ordered = sorted((row for row in rows if row[1] is not None), key=lambda row: -row[1])
    values = Series(options.pop("name", ""), [value for _label, value in ordered])
    return Chart(key, title, SORTED_BARS, [label for label, _value in ordered], [values], **options)
