"""The register's pages: list, record, form, steps."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from assets import domain
from assets import permissions as perm
from assets.filters import AssetFilters
from assets.forms import AssetForm
from assets.machine import ASSETS
from assets.models import Asset, Kind
from assets.tables import AssetTable
from ui.crud import Crud
from ui.search import Found


def _kind(actor: Any, place: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """The kind that was chosen, else the new one, made known to the consortium."""
    new, family = facts.pop("new_kind"), facts.pop("family")
    kind: Kind = facts["kind"] or domain.add_kind(
        actor, consortium=place.hospital.consortium, name=new, family=family, department=facts["department"]
    )
    return {**facts, "kind": kind}


def create(actor: Any, *, place: Any, **facts: Any) -> Asset:
    return domain.add_asset(actor, place=place, **_kind(actor, place, facts))


def update(actor: Any, asset: Asset, *, place: Any, **facts: Any) -> Asset:
    return domain.edit_asset(actor, asset, place=place, **_kind(actor, place, facts))


ASSET = Crud(
    name="assets:asset",
    title=_("Assets"),
    queryset=lambda: Asset.objects.select_related("hospital", "kind", "place", "custodian"),
    view=perm.ASSET_VIEW,
    table=AssetTable,
    filterset=AssetFilters,
    form=AssetForm,
    create=create,
    add=perm.ASSET_CHANGE,
    add_label=_("New asset"),
    update=update,
    change=perm.ASSET_CHANGE,
    machine=ASSETS,
    tabs=(
        (_("All"), ""),
        (_("Building systems and plant"), "family=building"),
        (_("Medical devices"), "family=medical"),
        (_("Out of order"), "state=broken"),
    ),
    empty=_("The register is empty. Enter the first asset, or bring them in from Excel."),
    icon="packages",
    found=Found(2, "code", ("state", "kind__name", "place__full_name"), straight=True, order="code"),
)
