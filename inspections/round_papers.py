"""A round on paper: every point with its items, boxes to tick, and a code that opens the page to key it in."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inspections.judging import limits
from inspections.models import Edition, Item, PlanPoint, Point, Round
from inspections.states import CHECK, CHOICE, CURRENT, ROUTE
from ui import formats
from ui.pdf import Document, Signature

FORM, VERSION = "IN-1", "1"
BOX = "□"


def paper(round: Round) -> bytes:
    """The sheet as PDF, in the hospital's language; of a round that is not begun, as its plan stands now."""
    with translation.override("zh-hans"):
        url = f"{settings.BASE_URL}{reverse('inspections:round_key_in', args=[round.pk])}"
        sheet = Document(
            round.plan.name, hospital_name=round.hospital.name, form_number=FORM, version=VERSION, qr_url=url
        )
        sheet.facts(
            [
                (_("Checklist"), str(round.checklist)),
                (_("Due"), formats.exact(round.due_at)[:16]),
                (_("Place"), round.place.full_name),
                (_("Team"), round.team.name),
                (_("Day and time"), " "),
                (pgettext("on a sheet of paper", "Who does it"), round.assignee.name if round.assignee else " "),
            ]
        )
        items = items_of(round)
        for order, name, where in places_of(round):
            sheet.heading(f"{order}. {name}")
            sheet.paragraph(
                f"{where}    {BOX} {_('In use, not checked')}  {BOX} {_('Not found')}    {_('Time')} ______"
            )
            sheet.table(
                [_("What is looked at"), _("Wanted"), pgettext("to an item", "Answer"), _("Note")],
                [[item.words, limits(item), boxes(item), ""] for item in items],
                widths=[6, 3, 4, 4],
            )
        lines = [Signature(_("Technician"))]
        if round.needs_signature:
            lines.append(Signature(_("Signed for the unit")))
        sheet.signatures(lines)
        return bytes(sheet.render())


def items_of(round: Round) -> list[Item]:
    """The items of the edition the round was begun with, else of the one in force."""
    edition = round.edition_id or (
        Edition.objects.filter(checklist=round.checklist_id, state=CURRENT).values_list("pk", flat=True).first()
    )
    return list(Item.objects.filter(edition=edition).order_by("order"))


def places_of(round: Round) -> list[tuple[int, str, str]]:
    """(number, name, where) of every point."""
    if round.started_at:
        rows = list(Point.objects.filter(round=round).select_related("asset", "place").order_by("order"))
    elif round.rest_of_id:
        rest = Point.objects.filter(round=round.rest_of_id, state="open")
        rows = list(rest.select_related("asset", "place").order_by("order"))
    elif round.plan.subject == ROUTE:
        rows = list(PlanPoint.objects.filter(plan=round.plan_id).select_related("asset", "place").order_by("order"))
    else:
        rows = [PlanPoint(order=1, place=round.place, asset=round.asset)]
    return [
        (row.order, f"{row.asset.name} {row.asset.code}" if row.asset else row.place.name, row.place.full_name)
        for row in rows
    ]


def boxes(item: Item) -> str:
    """What is ticked or written."""
    if item.kind == CHECK:
        return f"{BOX} {pgettext('an item', 'Passed')}  {BOX} {pgettext('an item', 'Failed')}"
    if item.kind == CHOICE:
        return "  ".join(f"{BOX} {label}" for _value, label in item.choices)
    return f"____________ {item.unit}".strip()
