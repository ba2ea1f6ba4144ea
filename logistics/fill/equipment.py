"""The registers of equipment, laid down at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from assets.models import Asset, Kind
from assets.states import KEEPER
from logistics.fill import words
from logistics.fill.organisation import Built, Laid, keys_for, morning
from logistics.fill.plan import Plan
from tenancy.models import Consortium
from tenancy.pinyin import initials

PLANT = 2 * len(words.PLANT)  # what stands first in every register
STATES = ("in_use",) * 92 + ("standby",) * 4 + ("broken",) * 2 + ("sealed", "condemned")


def kinds(consortium: Consortium) -> list[Kind]:
    return [
        Kind.objects.create(consortium=consortium, name=name, family=family, department=words.KEPT_BY.get(name, KEEPER))
        for name, family, _criticality, _makers in (*words.PLANT, *words.KINDS)
    ]


def register(actor: Any, plan: Plan, built: Built, known: list[Kind]) -> list[tuple[Asset, int]]:
    """A hospital's equipment, each piece with the unit (by its number) that keeps it."""
    dice = plan.dice(f"assets {built.number}")
    wanted = max(30, round(plan.assets * built.share))
    laid, found = Laid(actor, built.hospital.pk, morning(plan)), []
    clinical = [i for i, unit in enumerate(built.units) if unit.kind == "clinical"]
    counts = [0] * len(known)
    short = [initials(kind.name) for kind in known]
    for number, key in enumerate(keys_for(Asset, wanted), 1):
        which = _which(number)
        kind, (_name, family, criticality, makers) = known[which], (*words.PLANT, *words.KINDS)[which]
        counts[which] += 1
        index = dice.choice(clinical) if family == "medical" else dice.randrange(len(built.units))
        bought = plan.since - timedelta(days=dice.randrange(30, 4000))
        asset = Asset(
            id=key, hospital=built.hospital, kind=kind, place=dice.choice(built.rooms[index]), custodian=built.units[index],
            code=f"{built.hospital.code}{number:06d}", name=f"{kind.name} {counts[which]} 号",
            initials=f"{short[which]}{counts[which]}h",
            state=dice.choice(STATES), criticality=criticality, department=kind.department, maker=dice.choice(makers),
            model=f"{dice.choice('ABCDKMX')}{dice.randrange(100, 999)}", serial=f"{dice.randrange(10**8):08d}",
            bought_on=bought, warranty_until=bought + timedelta(days=365 * dice.choice((1, 2, 3))),
            value=Decimal(dice.randrange(20, 4000)) * 100,
        )  # fmt: skip
        found.append((asset, index))
        laid.note(asset, "created")
    laid.save([asset for asset, _index in found])
    return found


def _which(number: int) -> int:
    """Which kind stands at a number of the register: the plant twice, then all others in turn."""
    if number <= PLANT:
        return (number - 1) % len(words.PLANT)
    return len(words.PLANT) + (number - PLANT - 1) % len(words.KINDS)
