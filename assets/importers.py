"""The register as it comes from Excel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assets.domain import add_asset, add_kind
from assets.models import Asset, Kind
from assets.permissions import ASSET_CHANGE
from assets.states import CRITICALITY, KEEPER
from exchange.importers import Bad, Column, Importer, Record, register
from exchange.parsing import amount, day, fold, one_of, text
from tenancy import modules
from tenancy.access import can
from tenancy.models import Hospital, Place, Unit

FACTS = (
    "maker",
    "model",
    "serial",
    "supplier",
    "bought_on",
    "warranty_until",
    "value",
    "criticality",
    "note",
    "department",
)
FAMILIES = dict(Kind.Family.choices)
LEVELS = {key: level.label for key, level in CRITICALITY.items()}


@dataclass
class Register:
    """What every line is compared with."""

    actor: Any
    hospital: Hospital
    places: dict[str, Place]
    units: dict[str, Unit]
    kinds: dict[str, Kind]
    codes: set[str]
    seen: dict[str, int] = field(default_factory=dict)  # code → line of this file


def prepare(actor: Any, hospital: Hospital, options: dict[str, Any]) -> Register:
    places = Place.objects.filter(hospital=hospital, closed_on=None)
    units = Unit.objects.filter(hospital=hospital, closed_on=None)
    return Register(
        actor,
        hospital,
        {fold(name): place for place in places for name in (place.full_name, place.code) if name},
        {fold(name): unit for unit in units for name in (unit.name, unit.code)},
        {fold(kind.name): kind for kind in Kind.objects.filter(consortium=hospital.consortium_id)},
        set(Asset.objects.filter(hospital=hospital).values_list("code", flat=True)),
    )


def check(context: Register, record: Record) -> Bad:
    """Is the code free, do kind, place and unit exist, may the person arrange assets there?"""
    code, place = record["code"], context.places.get(fold(record["place"] or ""))
    if code in context.codes:
        yield "code", gettext("a code that no asset has yet")
    elif code in context.seen:
        yield "code", gettext("a code of its own; line %(line)s has the same") % {"line": context.seen[code]}
    elif code:
        context.seen[code] = record.line
    if record["kind"] and fold(record["kind"]) not in context.kinds and not record["family"]:
        yield "kind", gettext("a kind of equipment that exists, or the family of a new one in its own column")
    if record["place"] and place is None:
        yield "place", gettext("the code or the full name of a place")
    elif place and not can(context.actor, ASSET_CHANGE, _meant(context, record, place)):
        yield "place", gettext("a place where you may arrange assets")
    if record["custodian"] and fold(record["custodian"]) not in context.units:
        yield "custodian", gettext("the code or the name of a unit")
    if record["bought_on"] and record["warranty_until"] and record["warranty_until"] < record["bought_on"]:
        yield "warranty_until", gettext("a day that is not before the day it was bought")


def _meant(context: Register, record: Record, place: Place) -> Asset:
    """Where it would stand, and whose it would be."""
    kind = context.kinds.get(fold(record["kind"] or ""))
    department = record["department"] or (kind.department if kind else KEEPER)
    return Asset(hospital=context.hospital, place=place, department=department)


def write(context: Register, records: list[Record]) -> dict[str, int]:
    """Enter the assets, and the kinds that are new."""
    before = len(context.kinds)
    for record in records:
        custodian = context.units[fold(record["custodian"])] if record["custodian"] else None
        facts = {name: record[name] for name in FACTS if record[name] is not None}
        add_asset(
            context.actor, kind=_kind(context, record), place=context.places[fold(record["place"])],
            code=record["code"], name=record["name"], custodian=custodian, **facts,
        )  # fmt: skip
    made = {ngettext("asset", "assets", len(records)): len(records)}
    if new := len(context.kinds) - before:
        made[ngettext("new kind", "new kinds", new)] = new
    return made


def _kind(context: Register, record: Record) -> Kind:
    key = fold(record["kind"])
    if key not in context.kinds:
        context.kinds[key] = add_kind(
            context.actor,
            consortium=context.hospital.consortium,
            name=record["kind"],
            family=record["family"],
            department=record["department"] or KEEPER,
        )
    return context.kinds[key]


ASSETS = register(
    Importer(
        key="assets",
        label=_("Assets"),
        text=_("The register: building systems, medical devices and everything else that has a number of its own."),
        icon="packages",
        permission=ASSET_CHANGE,
        list_url="assets:asset_list",
        prepare=prepare,
        check=check,
        write=write,
        columns=(
            Column("code", _("Asset code"), required=True, parse=text(30), example="DT-01",
                   aliases=("code", "number", "资产编号", "固定资产编号", "编号", "資產編號")),
            Column("name", _("Name"), required=True, parse=text(80), example="1 号客梯",
                   aliases=("name", "资产名称", "设备名称", "名称", "資產名稱")),
            Column("kind", _("Kind"), required=True, parse=text(60), example="电梯", aliases=("设备类别", "类别", "類別")),
            Column("family", _("Family"), parse=one_of(FAMILIES), aliases=("family", "大类", "大類"),
                   help=_("Only for a new kind: building systems, medical devices or others.")),
            Column("place", _("Place"), required=True, parse=text(300), example="门诊楼 / 3 层 / 护士站",
                   help=_("Its code, or its full name with all steps."), aliases=("location", "地点", "存放地点", "地點")),
            Column("custodian", _("Custodian unit"), parse=text(60), aliases=("unit", "保管科室", "使用科室", "科室")),
            Column("department", _("Kept by the department"), parse=one_of(modules.names),
                   help=_("Empty: the department that keeps this kind of thing."), aliases=("归口部门", "管理部门", "歸口部門")),
            Column("criticality", _("Criticality"), parse=one_of(LEVELS), aliases=("重要程度",)),
            Column("maker", _("Maker"), parse=text(60), aliases=("manufacturer", "生产厂家", "品牌", "廠牌")),
            Column("model", _("Model"), parse=text(60), aliases=("规格型号", "型号", "型號")),
            Column("serial", _("Serial number"), parse=text(60), aliases=("S/N", "出厂编号", "序列号", "序號")),
            Column("supplier", _("Supplier"), parse=text(80), aliases=("供应商", "供應商")),
            Column("bought_on", _("Bought on"), parse=day, example="2021-06-30", aliases=("购置日期", "購置日期")),
            Column("warranty_until", _("Warranty until"), parse=day, aliases=("保修截止", "保固期限")),
            Column("value", _("Value, yuan"), parse=amount, example="380000", aliases=("原值", "价值", "金额", "價值")),
            Column("note", _("Note"), parse=text(1000), aliases=("备注", "備註")),
        ),
    )
)  # fmt: skip
