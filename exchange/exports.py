"""Large workbooks: asked for, written part by part by whichever worker is free, kept some days, then removed.

Every part is a short transaction in the scope of the person who asked, with what they may see at that moment, and moves
the export on by itself: a worker that is killed loses one part, two workers never write the same one.
"""

from __future__ import annotations

import logging
import secrets
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import IO, Any

from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from exchange import sheets
from exchange.lists import Export, ExportPart
from exchange.saved import clean
from exchange.states import DONE, FAILED, QUEUED, RUNNING
from flow import domain as flow
from flow.machine import moved
from tenancy.access import can, hospitals, hospitals_with
from tenancy.models import Hospital
from tenancy.scope import scope, scope_of
from ui import paging
from ui.listing import Asker, Listing, list_of

log = logging.getLogger(__name__)
PART = 10_000  # rows of one transaction
BUDGET = 60  # seconds after which a task hands over to the next one
SILENT = timedelta(minutes=3)  # no task lives longer than two minutes: who is silent for three was killed
ATTEMPTS = 5
KEPT = timedelta(days=7)
CHUNK = 4 << 20  # bytes of the file in one row
MOST_AT_ONCE = 3  # unfinished ones of one person


class Over(Exception):
    """Not ours any more: finished, failed, or taken over by another worker."""


def ask(actor: Any, listing: Listing) -> Export:
    """Ask for a list as a workbook. Raises ValidationError when the person has several on the way already."""
    crud = listing.crud
    if not can(actor, crud.view):
        raise PermissionDenied(crud.view)
    waiting = Export.objects.filter(asked_by=actor, state__in=(QUEUED, RUNNING))
    query, columns = _asked(listing), list(listing.columns)
    same = waiting.filter(list_name=crud.name, query=query, columns=columns)
    first: Export | None = same.first()
    if first is not None:
        return first  # a second tap
    if waiting.count() >= MOST_AT_ONCE:
        raise ValidationError(_("%d workbooks of yours are being written; please wait for them.") % MOST_AT_ONCE)
    here = [listing.hospital["id"]] if listing.hospital else sorted(hospitals_with(actor, crud.view))
    export: Export = Export.objects.create(
        consortium_id=next(h["consortium"] for h in hospitals(actor) if h["id"] in here), hospitals=here,
        list_name=crud.name, title=str(crud.title), query=query, columns=columns,
        hospital=listing.hospital["id"] if listing.hospital else None, language=translation.get_language() or "",
        asked_by=actor, asked_at=timezone.now(),
    )  # fmt: skip
    _hint(export)
    return export


def _asked(listing: Listing) -> str:
    """Filters, and the order as it is now: what may be sorted by depends on how many rows there are."""
    query = listing.query.copy()
    query.pop("sort", None)
    if listing.ordering[0] != listing.crud.table.order:
        query["sort"] = listing.ordering[0]
    return clean(query)


def _hint(export: Export) -> None:
    send = partial(current_app.send_task, "exchange.tasks.run_export", [list(export.hospitals), export.pk])
    transaction.on_commit(send, robust=True)


def waiting(now: Any) -> list[tuple[list[int], int]]:
    """(hospitals, export) of everything to be written: queued, or without a sign of life."""
    found = Export.objects.filter(state=QUEUED) | Export.objects.filter(state=RUNNING, beat_at__lt=now - SILENT)
    return list(found.order_by("id").values_list("hospitals", "id"))


def run(hospital_ids: list[int], export_id: int, budget: float = BUDGET) -> None:
    """Write parts until the file stands or the time is up; the rest is for the next task."""
    started, runner = time.monotonic(), secrets.token_hex(8)
    with scope(hospital_ids):
        export = _claim(export_id, runner)
    if export is None:
        return
    try:
        with translation.override(export.language):
            while (left := _step(export.asked_by_id, export_id, runner)) is not None:
                if time.monotonic() - started > (budget if left else budget / 4):  # the file itself takes a while
                    return _hand_over(hospital_ids, export_id, runner)
    except Over:
        return
    except PermissionDenied:
        _fail(hospital_ids, export_id, runner, export.language, refused=True)
    except Exception:
        log.exception("export %s failed", export_id)
        _fail(hospital_ids, export_id, runner, export.language)


def _claim(export_id: int, runner: str) -> Export | None:
    now = timezone.now()
    export: Export | None = Export.objects.select_for_update(skip_locked=True).filter(pk=export_id).first()
    if export is None or not (
        export.state == QUEUED or (export.state == RUNNING and (export.beat_at or now) < now - SILENT)
    ):
        return None
    export.state, export.runner, export.beat_at, export.attempts = RUNNING, runner, now, export.attempts + 1
    if export.attempts > ATTEMPTS:
        with translation.override(export.language):
            _end(export, _("This was started %(times)s times and never came to an end.") % {"times": ATTEMPTS})
        return None
    export.save(update_fields=["state", "runner", "beat_at", "attempts"])
    return export


def _mine(export_id: int, runner: str) -> Export:
    """The export, locked, while this worker is the one who writes it. Raises Over, or PermissionDenied where the person
    no longer reaches all it is about."""
    export: Export | None = Export.objects.select_for_update().filter(pk=export_id).first()
    if export is None:
        raise PermissionDenied
    if export.state != RUNNING or export.runner != runner:
        raise Over
    return export


def _step(user_id: int, export_id: int, runner: str) -> bool | None:
    """One part, or the file when all parts stand. Are there more parts? None: it is done."""
    user = User.objects.get(pk=user_id)
    if not user.is_active:
        raise PermissionDenied
    with scope_of(user):
        export = _mine(export_id, runner)
        listing = listing_of(export, user)
        if export.total is None:
            export.total = listing.rows.order_by().count()
            export.beat_at = timezone.now()
            export.save(update_fields=["total", "beat_at"])
        elif export.cursor or not export.parts:
            _write_part(export, listing)
        else:
            _finish(export, listing)
        return None if export.state == DONE else bool(export.cursor or not export.parts)


def listing_of(export: Export, user: User) -> Listing:
    """The list as it was asked for, with what the person may see now. Raises PermissionDenied if that is nothing."""
    crud = list_of(export.list_name)
    if crud is None or not can(user, crud.view) or not set(export.hospitals) <= hospitals_with(user, crud.view):
        raise PermissionDenied
    here = next((h for h in hospitals(user) if h["id"] == export.hospital), None)
    listing = Listing(crud, Asker(user, here), QueryDict(export.query), export.columns)
    listing.sorts = frozenset(crud.table.sorts())  # it was settled when it was asked for
    return listing


def _write_part(export: Export, listing: Listing) -> None:
    most = min(PART, sheets.room(export.done))
    if export.cursor and paging.decode(export.cursor, listing.ordering, listing.rows.model)[1] is None:
        raise ValueError(f"export {export.pk} cannot be continued")
    page = listing.page(export.cursor, most)
    heads, lines = listing.table(page.rows).sheet()
    packed, widths = sheets.piece(heads, lines, export.done)
    facts = {"consortium_id": export.consortium_id, "hospitals": export.hospitals}
    ExportPart.objects.create(export=export, number=export.done, content=packed, **facts)
    export.widths = [max(pair) for pair in zip(export.widths or [0] * len(widths), widths, strict=True)]
    export.done, export.parts, export.cursor = export.done + len(page.rows), export.parts + 1, page.next
    export.beat_at, export.attempts = timezone.now(), 1
    export.save(update_fields=["widths", "done", "parts", "cursor", "beat_at", "attempts"])


def _finish(export: Export, listing: Listing) -> None:
    """Pour the parts into one file, cut it into rows of the database, throw the parts away."""
    heads = listing.table([]).sheet()[0]
    rows = ExportPart.objects.filter(export=export, is_file=False)

    def pieces(sheet: int) -> Iterator[bytes]:
        first = sheet * sheets.PER_SHEET
        here = rows.filter(number__gte=first, number__lt=first + sheets.PER_SHEET).order_by("number")
        for number in list(here.values_list("number", flat=True)):
            yield bytes(here.values_list("content", flat=True).get(number=number))

    facts = {"consortium_id": export.consortium_id, "hospitals": export.hospitals, "is_file": True}
    with tempfile.TemporaryFile() as file:
        sheets.pour(file, export.title, heads, export.done, export.widths, pieces)
        export.size = file.tell()
        file.seek(0)
        for number, content in enumerate(iter(lambda: file.read(CHUNK), b"")):
            ExportPart.objects.create(export=export, number=number, content=content, **facts)
    rows.delete()
    export.state, export.ended_at, export.until = DONE, timezone.now(), timezone.now() + KEPT
    export.save(update_fields=["size", "state", "ended_at", "until"])
    _tell(export, "exported", rows=export.done)


def _hand_over(hospital_ids: list[int], export_id: int, runner: str) -> None:
    with scope(hospital_ids):
        export = _mine(export_id, runner)
        export.state = QUEUED
        export.save(update_fields=["state"])
        _hint(export)


def _fail(hospital_ids: list[int], export_id: int, runner: str, language: str, refused: bool = False) -> None:
    """Say why there will be no file, and throw away what was written of it."""
    with scope(hospital_ids), translation.override(language):
        why = _("You may not see these lists any more.") if refused else _("Something unexpected happened.")
        try:
            _end(_mine(export_id, runner), why)
        except Over:
            return


def _end(export: Export, why: str) -> None:
    export.pieces.all().delete()
    export.state, export.error, export.ended_at = FAILED, why[:500], timezone.now()
    export.until = timezone.now() + KEPT
    export.save(update_fields=["state", "error", "ended_at", "until", "attempts"])
    _tell(export, "export_failed")


def _tell(export: Export, verb: str, **facts: Any) -> None:
    """In the history of one of its hospitals, and by the bell to who asked."""
    home = export.hospital or export.hospitals[0]
    event = flow.note(home, export, verb, export.asked_by, {"list": export.list_name, **facts})
    moved.send(sender=Export, obj=export, event=event)


def file_of(export: Export) -> IO[bytes]:
    """The file, copied out of the database: what is sent afterwards needs no scope any more."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    rows = ExportPart.objects.filter(export=export, is_file=True)
    for number in list(rows.order_by("number").values_list("number", flat=True)):
        file.write(rows.values_list("content", flat=True).get(number=number))
    file.seek(0)
    return file


def clear(now: Any) -> int:
    """Remove what nobody fetched in time. Answers how many."""
    with scope(Hospital.objects.values_list("pk", flat=True)):
        old = list(Export.objects.filter(until__lt=now).values_list("pk", flat=True))
        Export.objects.filter(pk__in=old).delete()
    return len(old)
