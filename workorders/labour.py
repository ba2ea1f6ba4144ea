"""What the minutes of an order cost: reckoned when the work is finished, at the rate of that day, and kept.

An order keeps its labour in pieces: who, how many minutes, at which rate, on which day. Work sent back and finished
again adds the minutes that came on top; what was reckoned before stays as it was, whatever becomes of the rates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.models import Membership, Team
from workorders.models import LabourRate, Line, WorkOrder

CENT = Decimal("0.01")
MOST_COST = Decimal(10) ** 10  # yuan; what the column of an order holds
Piece = dict[str, Any]  # line (None: the worker), who, minutes, price (None: no rate), amount, on


def worth(minutes: int, price: Decimal) -> Decimal:
    """Yuan for so many minutes at a price per hour, to the cent, half a cent up."""
    return (price * minutes / 60).quantize(CENT, ROUND_HALF_UP)


class Rates:
    """The rates of a hospital that hold on a day."""

    def __init__(self, hospital_id: int, day: date) -> None:
        key = ("department", "team_id", "contractor_id")
        rows = LabourRate.objects.filter(hospital_id=hospital_id, valid_from__lte=day)
        newest = rows.order_by(*key, "-valid_from").distinct(*key).values_list(*key, "price")
        self.prices = {tuple(where): price for *where, price in newest}

    def of(self, team: Team | None, department: str) -> Decimal | None:
        """The team's own rate, else its firm's; our own people's, else the department's, else the hospital's.

        A firm without a rate of its own is paid by its bills: it costs nothing by the hour.
        """
        if team is None:
            return self._first((department, None, None), ("", None, None))
        own = (team.department, team.pk, None)
        if team.contractor_id is not None:
            return self._first(own, (team.department, None, team.contractor_id))
        return self._first(own, (team.department, None, None), ("", None, None))

    def _first(self, *keys: tuple[Any, ...]) -> Decimal | None:
        return next((self.prices[key] for key in keys if key in self.prices), None)


def reckon(order: WorkOrder, at: datetime) -> None:
    """Bring the order's labour and its cost up to the minutes that stand on it now; the caller saves the order."""
    lines = list(Line.objects.filter(order=order, minutes__gt=0).select_related("person").order_by("id"))
    helpers = [line for line in lines if not line.amount]  # a line with an amount of its own is paid by it
    kept, fresh = _kept(order.labour, order.minutes - sum(line.minutes for line in lines), helpers)
    if fresh or any(line.pk not in {piece["line"] for piece in kept} for line in helpers):
        day = timezone.localdate(at)
        rates = Rates(order.hospital_id, day)
        kept += _pieces_of_helpers(order, helpers, kept, rates, day)
        if fresh:
            who = order.assignee.name if order.assignee else ""
            kept.append(_piece(None, who, fresh, rates.of(order.team, order.department), day))
    before, order.labour = order.labour_cost, kept
    order.labour_cost = sum((Decimal(piece["amount"]) for piece in kept), Decimal(0))
    order.cost += order.labour_cost - before
    if order.cost >= MOST_COST:
        raise ValidationError({"minutes": _("Together with the other lines this is too much for one order.")})


def _kept(pieces: Iterable[Piece], own: int, helpers: list[Line]) -> tuple[list[Piece], int]:
    """The pieces that still hold, and how many minutes of the worker are not reckoned yet.

    A line that was taken out goes with its piece; minutes corrected downwards shorten the latest pieces first.
    """
    there = {line.pk for line in helpers}
    mine = [piece for piece in pieces if piece["line"] is None]
    left, short = max(own, 0), []
    for piece in mine:
        minutes = min(piece["minutes"], left)
        left -= minutes
        short.append(piece if minutes == piece["minutes"] else _shortened(piece, minutes))
    theirs = [piece for piece in pieces if piece["line"] in there]
    return [piece for piece in short if piece["minutes"]] + theirs, left


def _shortened(piece: Piece, minutes: int) -> Piece:
    price = None if piece["price"] is None else Decimal(piece["price"])
    return _piece(piece["line"], piece["who"], minutes, price, date.fromisoformat(piece["on"]))


def _pieces_of_helpers(
    order: WorkOrder, helpers: list[Line], kept: list[Piece], rates: Rates, day: date
) -> list[Piece]:
    """Each helper at the rate of their own team here; without one at that of the order's."""
    known = {piece["line"] for piece in kept}
    new = [line for line in helpers if line.pk not in known]
    people = {line.person_id for line in new if line.person_id}
    here = Membership.objects.filter(hospital=order.hospital_id, user__in=people, team__isnull=False)
    teams = {member.user_id: member.team for member in here.select_related("team")} if people else {}
    return [
        _piece(
            line.pk,
            line.person.name if line.person else line.text,
            line.minutes,
            rates.of(teams.get(line.person_id, order.team), order.department),
            day,
        )
        for line in new
    ]


def _piece(line: int | None, who: str, minutes: int, price: Decimal | None, day: date) -> Piece:
    amount = Decimal("0.00") if price is None else worth(minutes, price)
    told = None if price is None else str(price)
    return {"line": line, "who": who, "minutes": minutes, "price": told, "amount": str(amount), "on": str(day)}


def shown(order: WorkOrder, lines: Iterable[Line]) -> list[Piece]:
    """The worker's labour for the record; that of a helper is put beside their line as `labour`."""
    pieces = [
        {**piece, "price": Decimal(piece["price"]), "amount": Decimal(piece["amount"])}
        for piece in order.labour
        if piece["price"] is not None
    ]
    of_line = {piece["line"]: piece for piece in pieces}
    for line in lines:
        line.labour = of_line.get(line.pk)  # type: ignore[attr-defined]
    return [piece for piece in pieces if piece["line"] is None]
