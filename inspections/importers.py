"""A hospital's checklists as they come from Excel: each becomes a draft of its own, to be looked at and published."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exchange.importers import Bad, Column, Importer, Record, register
from exchange.parsing import Options, Unfit, fold, one_of, text
from inspections import editions
from inspections.builder import choices
from inspections.judging import decimal
from inspections.models import Checklist
from inspections.permissions import CHECKLIST_CHANGE
from inspections.states import CHECK, CHOICE, KINDS, VALUE
from tenancy.access import can
from tenancy.models import Hospital
from tenancy.modules import choices as departments


@dataclass
class Lists:
    """What every line is compared with."""

    actor: Any
    hospital: Hospital
    names: set[str]
    departments: dict[str, str] = field(default_factory=dict)  # checklist of this file → its department


def number(value: Any, options: Options) -> Decimal:
    found = decimal(str(value).strip())
    if found is None:
        raise Unfit(gettext("a figure such as 0.45"))
    return found


def kind(value: Any, options: Options) -> str:
    return one_of({key: state.label for key, state in KINDS.items()})(value, options)


def department(value: Any, options: Options) -> str:
    return one_of(dict(departments()))(value, options)


def prepare(actor: Any, hospital: Hospital, options: dict[str, Any]) -> Lists:
    there = Checklist.objects.filter(consortium=hospital.consortium_id, home=hospital, active=True)
    return Lists(actor, hospital, {fold(str(checklist)) for checklist in there})


def check(context: Lists, record: Record) -> Bad:
    """Is the checklist new, may the person write it, do kind, limits and choices fit each other?"""
    name, of = record["checklist"], record["department"]
    if name and fold(name) in context.names:
        yield "checklist", gettext("a name that no checklist of the hospital has yet")
    if name and of and context.departments.setdefault(fold(name), of) != of:
        yield "department", gettext("the same department in all lines of a checklist")
    made = Checklist(consortium_id=context.hospital.consortium_id, home=context.hospital, department=of or "")
    if of and not can(context.actor, CHECKLIST_CHANGE, made):
        yield "department", gettext("a department whose checklists you may write")
    low, high, asked = record["low"], record["high"], record["kind"] or CHECK
    if low is not None and high is not None and high < low:
        yield "high", gettext("a limit that is not below the lower one")
    if asked != VALUE and (low is not None or high is not None):
        yield "kind", gettext("a measured value, as there are limits")
    if asked == CHOICE and len(set(_choices(record)[0])) < 2:
        yield "options", gettext("at least two different choices")
    if record["points"] is not None and record["points"] < 0:
        yield "points", gettext("a number that is not negative")


def _choices(record: Record) -> tuple[list[str], list[str]]:
    """One a line, or parted by a slash or semicolon; a star before those that pass."""
    return choices(re.sub(r"[/;；／、]", "\n", record["options"] or ""))


def write(context: Lists, records: list[Record]) -> dict[str, int]:
    by_name: dict[str, list[Record]] = {}
    for record in records:
        by_name.setdefault(record["checklist"], []).append(record)
    for name, lines in by_name.items():
        made = editions.write(
            context.actor, home=context.hospital, name=name, department=lines[0]["department"],
            assesses=any(line["points"] for line in lines),
        )  # fmt: skip
        editions.set_items(context.actor, made.editions.get(), [_item(line) for line in lines])
    return {
        ngettext("checklist", "checklists", len(by_name)): len(by_name),
        ngettext("item to check", "items to check", len(records)): len(records),
    }


def _item(record: Record) -> dict[str, Any]:
    facts = {name: record[name] or "" for name in ("section", "text", "unit", "hint")}
    options, passing = _choices(record)
    return {
        **facts, "kind": record["kind"] or CHECK, "low": record["low"], "high": record["high"], "options": options,
        "passing": passing, "points": record["points"] or Decimal(0),
    }  # fmt: skip


CHECKLISTS = register(
    Importer(
        key="checklists",
        label=_("Checklists"),
        text=_("Checklists that the hospital has in Excel, an item a line. Each becomes a draft to be looked at."),
        icon="list-check",
        permission=CHECKLIST_CHANGE,
        list_url="inspections:checklist_list",
        prepare=prepare,
        check=check,
        write=write,
        columns=(
            Column("checklist", _("Checklist"), required=True, parse=text(60), example="发电机月检",
                   aliases=("checklist", "检查表", "表名", "檢查表")),
            Column("department", _("Department"), required=True, parse=department, example="维修",
                   aliases=("department", "部门", "部門")),
            Column("section", _("Section"), parse=text(60), example="机组", aliases=("section", "分组", "类别", "分組")),
            Column("text", _("What is looked at"), required=True, parse=text(200), example="蓄电池电压",
                   aliases=("text", "检查内容", "检查项目", "檢查內容")),
            Column("hint", _("How it is done"), parse=text(300), aliases=("hint", "检查方法", "檢查方法")),
            Column("kind", _("Kind of answer"), parse=kind, example="测量值", aliases=("kind", "填写方式", "填寫方式")),
            Column("unit", _("Unit of measurement"), parse=text(12), example="V", aliases=("unit", "单位", "單位")),
            Column("low", _("At least"), parse=number, example="24", aliases=("low", "下限", "最小值")),
            Column("high", _("At most"), parse=number, example="28.5", aliases=("high", "上限", "最大值")),
            Column("options", _("Choices to offer"), parse=text(300), aliases=("options", "选项", "選項"),
                   help=_("Parted by a slash; a * before those that pass.")),
            Column("points", _("Points"), parse=number, aliases=("points", "分值", "分數")),
        ),
    )
)  # fmt: skip
