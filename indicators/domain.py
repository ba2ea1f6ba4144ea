"""Returns come in: a file is checked by its mapping, then taken in as a whole. The same file again changes nothing."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import mapping as columns
from indicators import permissions as perm
from indicators.mapping import Line, Reading
from indicators.models import Indicator, Quantity, ReturnFile, SavedMapping
from indicators.states import CHECKED, TAKEN
from indicators.storing import Reported, one_at_a_time, write
from kpi.models import PeerMember
from tenancy import history
from tenancy import permissions as tenancy
from tenancy.access import can
from tenancy.domain import open_hospital
from tenancy.models import Consortium, Hospital
from tenancy.scope import current
from ui.excel import Table, TableError, read_table

FAULTS_KEPT = 200


def need(actor: Any, consortium: Consortium) -> None:
    """Raises PermissionDenied unless the actor may take in returns for the whole consortium."""
    if not can(actor, perm.RETURN_CHANGE, consortium):
        raise PermissionDenied(perm.RETURN_CHANGE)


def table_of(content: bytes, name: str, mapping: dict[str, Any]) -> Table:
    """The file as a table. Raises ValidationError saying why it is none."""
    try:
        delimiter, header = mapping.get("delimiter"), mapping.get("header_row", 1)
        table: Table = read_table(io.BytesIO(content), name, delimiter=delimiter, header_row=header)  # type: ignore[no-untyped-call]
    except TableError as error:
        raise ValidationError({"file": str(error)}) from error
    if not table.rows:
        raise ValidationError({"file": _("The file has titles but no lines below them.")})
    return table


@transaction.atomic
def hand_in(
    actor: Any, consortium: Consortium, *, content: bytes, name: str, mapping: Any, first: date, last: date
) -> ReturnFile:
    """Check a file of returns of a period (both days included); nothing of it counts until it is taken in.

    Without a mapping its columns are assigned on its page (`assign`). Raises ValidationError for a mapping that does not fit,
    naming every column, and for a file that is no table.
    """
    need(actor, consortium)
    if len(content) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1_000_000
        raise ValidationError({"file": _("The file is larger than %(limit)s MB.") % {"limit": limit}})
    if first > last:
        raise ValidationError({"last": _("The period must not end before it begins.")})
    mapping, reading = _read(content, name, mapping) if mapping is not None else ({}, Reading())
    if not mapping:
        table_of(content, name, mapping)
    return ReturnFile.objects.create(
        consortium=consortium, name=name[-120:], sha256=hashlib.sha256(content).hexdigest(), content=content,
        mapping=mapping, first=first, last=last, result=_result(consortium, reading),
        by_id=actor.pk, by_name=actor.name, at=timezone.now(),
    )  # fmt: skip


def _read(content: bytes, name: str, mapping: Any) -> tuple[dict[str, Any], Reading]:
    mapping = columns.check(mapping)
    return mapping, columns.read(table_of(content, name, mapping), mapping)


@transaction.atomic
def assign(actor: Any, file: ReturnFile, mapping: Any) -> ReturnFile:
    """Say which column of a file that was handed in is which quantity, and check it so. Raises ValidationError."""
    need(actor, file.consortium)
    row: ReturnFile = ReturnFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if row.state != CHECKED:
        raise ValidationError(_("This file has been taken in already."), code="stale")
    row.mapping, reading = _read(bytes(row.content), row.name, mapping)
    row.result = _result(row.consortium, reading)
    row.save(update_fields=["mapping", "result"])
    return row


def _result(consortium: Consortium, reading: Reading) -> dict[str, Any]:
    known = set(Hospital.objects.filter(consortium=consortium).values_list("code", flat=True))
    news = [line.code for line in reading.lines if line.code not in known]
    return {
        "right": len(reading.lines),
        "faults": reading.faults[:FAULTS_KEPT],
        "fault_count": len(reading.faults),
        "bad_lines": len({fault["line"] for fault in reading.faults}),
        "new_hospitals": news,
        "empty": reading.empty,
        "values": sum(len(line.values) for line in reading.lines),
    }


@transaction.atomic
def take_in(actor: Any, file: ReturnFile, *, skip_bad: bool = False) -> ReturnFile:
    """Make the file count: its hospitals, quantities, indicators and values. All or nothing; once.

    Raises ValidationError while bad cells are left and may not be left out, for a file that was taken in already, and for
    hospitals that are new where the actor may not open any.
    """
    need(actor, file.consortium)
    one_at_a_time(file.consortium_id)
    row: ReturnFile = ReturnFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if row.state != CHECKED:
        raise ValidationError(_("This file has been taken in already."), code="stale")
    mapping, reading = _read(bytes(row.content), row.name, row.mapping)
    refuse_faults(len(reading.faults), skip_bad=skip_bad)
    if not reading.lines:
        raise ValidationError(_("There is no line that could be brought in."))
    hospitals = _hospitals(actor, row.consortium, reading.lines)
    quantities = _quantities(row.consortium, mapping["quantities"])
    _indicators(row.consortium, mapping.get("indicators", {}))
    _groups(hospitals, reading.lines)
    counts = _store(actor, row, reading.lines, hospitals, quantities)
    row.state = TAKEN
    row.result = _result(row.consortium, reading) | counts
    row.save(update_fields=["state", "result"])
    facts = {"file": row.name, "sha256": row.sha256, "lines": len(reading.lines), "left_out": row.result["bad_lines"]}
    history.note(row, "brought_in", actor, facts)
    return row


def refuse_faults(faults: int, *, skip_bad: bool) -> None:
    """Bad cells are corrected, or their lines left out on purpose."""
    if faults and not skip_bad:
        raise ValidationError(_("There are cells to correct first; nothing was written."))


def _hospitals(actor: Any, consortium: Consortium, lines: list[Line]) -> dict[str, Hospital]:
    found = {h.code: h for h in Hospital.objects.filter(code__in=[line.code for line in lines])}
    if strangers := sorted(code for code, h in found.items() if h.consortium_id != consortium.pk):
        raise ValidationError(
            _("These codes belong to another consortium: %(codes)s") % {"codes": ", ".join(strangers)}
        )
    if lost := sorted(h.code for h in found.values() if h.pk not in (current() or ())):
        raise ValidationError(_("You may not write for these hospitals: %(codes)s") % {"codes": ", ".join(lost)})
    news = [line for line in lines if line.code not in found]
    if words := _unopened(actor, consortium, [line.code for line in news]):
        raise ValidationError(words)
    for line in news:
        name = (line.name or line.code)[:100]
        found[line.code] = open_hospital(actor, consortium=consortium, code=line.code, name=name, short_name=name[:20])
    return found


def _unopened(actor: Any, consortium: Consortium, news: list[str]) -> str:
    """What is said of hospitals that are new where the actor opens none; else nothing."""
    if not news or can(actor, tenancy.HOSPITAL_CHANGE, consortium):
        return ""
    codes = ", ".join(news[:20])
    return _("These hospitals are not here yet; an administrator opens them: %(codes)s") % {"codes": codes}


def strangers(actor: Any, file: ReturnFile) -> str:
    """Why a file that was checked cannot be taken in by this person: hospitals that somebody else must open first."""
    asked = file.result["new_hospitals"]
    if file.state != CHECKED or not asked:
        return ""
    there = set(Hospital.objects.filter(consortium=file.consortium_id, code__in=asked).values_list("code", flat=True))
    return _unopened(actor, file.consortium, [code for code in asked if code not in there])


def _quantities(consortium: Consortium, asked: dict[str, Any]) -> dict[str, Quantity]:
    Quantity.objects.bulk_create(
        [
            Quantity(
                consortium=consortium, key=key, unit=str(facts.get("unit", ""))[:20],
                name=str(facts.get("name") or columns.titles(facts)[0])[:120],
            )
            for key, facts in asked.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return {q.key: q for q in Quantity.objects.filter(consortium=consortium, key__in=asked)}


def _indicators(consortium: Consortium, asked: dict[str, Any]) -> None:
    """Those that are new; what people have arranged since stays."""
    Indicator.objects.bulk_create(
        [
            Indicator(
                consortium=consortium, key=key, name=str(facts.get("name") or key)[:120],
                numerator=facts["numerator"], denominator=facts["denominator"], factor=Decimal(str(facts.get("factor", 1))),
                unit=str(facts.get("unit", ""))[:20], good=facts.get("good", "watch"), side=facts.get("side", "F"),
                source=str(facts.get("source", ""))[:200],
            )
            for key, facts in asked.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _groups(hospitals: dict[str, Hospital], lines: list[Line]) -> None:
    members = [PeerMember(hospital=hospitals[line.code], group=line.group[:80]) for line in lines if line.group]
    if members:
        PeerMember.objects.bulk_create(
            members, update_conflicts=True, unique_fields=["hospital"], update_fields=["group"]
        )


def _store(
    actor: Any, file: ReturnFile, lines: list[Line], hospitals: dict[str, Hospital], quantities: dict[str, Quantity]
) -> dict[str, Any]:
    """Write the values; what a hospital has corrected since the last file of this period is listed with both values."""
    rows = [
        Reported(hospitals[line.code], quantities[key], value)
        for line in lines
        for key, value in line.values.items()
    ]  # fmt: skip
    changes = write(actor, rows, file.first, file.last, file=file)
    changed = [
        [one.hospital.code, one.key, str(one.before), str(one.after)] for one in changes if one.before is not None
    ]
    return {"written": len(changes), "changed": changed}


@transaction.atomic
def keep_mapping(actor: Any, consortium: Consortium, *, name: str, mapping: Any) -> SavedMapping:
    """Keep a mapping by name for the next year's file."""
    need(actor, consortium)
    if not name.strip():
        raise ValidationError({"remember_as": _("Please give it a name.")})
    row, _made = SavedMapping.objects.update_or_create(
        consortium=consortium, name=name.strip()[:60], defaults={"mapping": columns.check(mapping)}
    )
    return row
