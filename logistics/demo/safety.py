"""Hazards of the demonstration in every state, certificates and inspections of equipment that run out."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from assets import duties
from assets.states import DUTY_LAWS
from flow.origin import PAGE, coming
from hazards import domain
from hazards.machine import HAZARDS
from logistics.demo.build import Built
from people.models import PersonSkill, Skill, SkillTerm

# What, found how many days ago, grade, in how many days from now it is due, how far it came.
FOUND: tuple[tuple[str, int, str, int, str], ...] = (
    ("消防通道堆放纸箱", 26, "general", -19, "verify"),
    ("治疗室插座烧焦", 20, "major", -18, "verify"),
    ("走廊扶手松动", 12, "general", -5, "assign"),
    ("吊顶板有坠落风险", 9, "general", 2, "refuse"),
    ("配电间门锁损坏", 6, "general", 1, "rectify"),
    ("地砖翘起", 4, "general", 3, "assign"),
    ("氧气接头异响", 1, "major", 0, "assign"),
    ("窗户限位器脱落", 0, "general", 7, ""),
)
SPECIAL = ("电梯", "热水锅炉")
DUTIES = ((-1, "periodic"), (20, "periodic"), (70, "periodic"))  # days from now, kind
HELD_SINCE = 700  # days
CERTIFICATES = (("electrician_low", 5), ("heights", 60))


def keep(built: Built, now: datetime) -> None:
    """Everything of one hospital."""
    if "tech" not in built.named:
        return
    with coming(PAGE, "10.21.0.31"):
        for number, story in enumerate(FOUND):
            _hazard(built, now, number, *story)
        _equipment(built, now)
    hospital, today = built.hospital, now.date()
    member = built.named["tech"].memberships.get(hospital=hospital)
    for key, days in CERTIFICATES:
        skill, _new = Skill.objects.get_or_create(hospital=hospital, key=key)
        facts = {"valid_until": today + timedelta(days=days)}
        PersonSkill.objects.update_or_create(hospital=hospital, member=member, skill=skill, defaults=facts)
        since = {"valid_from": today - timedelta(days=HELD_SINCE), "document": f"T4403{member.pk:06}"}
        SkillTerm.objects.update_or_create(hospital=hospital, member=member, skill=skill, defaults={**facts, **since})


def _photo(text: str, colour: str) -> SimpleUploadedFile:
    image, out = Image.new("RGB", (320, 240), colour), io.BytesIO()
    ImageDraw.Draw(image).rectangle((60, 60, 260, 180), outline="white", width=6)
    image.save(out, "PNG")
    return SimpleUploadedFile(f"{text}.png", out.getvalue(), "image/png")


def _hazard(built: Built, now: datetime, number: int, title: str, ago: int, grade: str, due: int, until: str) -> None:
    ward, people = built.units[number % len(built.units)], built.named
    at, last = now - timedelta(days=ago, minutes=40 + number), now.date() + timedelta(days=due)
    first = last - timedelta(days=4) if until == "refuse" else last
    hazard = domain.report(
        built.nurses[ward.pk][0], place=built.rooms[ward.pk][0], unit=ward, title=title, department="maintenance",
        grade=grade, at=at, photos=[_photo(f"现场{number}", f"hsl({number * 40}, 45%, 45%)")],
        source=("report", "round", "campaign")[number % 3],
    )  # fmt: skip
    steps: tuple[tuple[str, Any, dict[str, Any]], ...] = (
        ("assign", people["head"], {"responsible": people["tech"], "due_on": first, "interim": "已围挡"}),
        ("rectify", people["tech"], {"measures": "已处理并恢复原状", "photos": [_photo(f"整改{number}", "seagreen")]}),
        ("verify", people["head"], {"note": "现场查看合格"}),
    )  # fmt: skip
    names = {"": 0, "assign": 1, "rectify": 2, "refuse": 2, "verify": 3}
    for step, (name, who, facts) in enumerate(steps[: names[until]], 1):
        hazard = HAZARDS.move(hazard, name, who, at=min(now, at + timedelta(hours=5 * step)), **facts)
    if until == "refuse":
        again = {"reason": "仍有一处未固定", "due_on": last}
        hazard = HAZARDS.move(hazard, "refuse", people["head"], at=min(now, at + timedelta(hours=20)), **again)


def _equipment(built: Built, now: datetime) -> None:
    plant = [asset for asset in built.assets if asset.name.startswith(SPECIAL)]
    for number, (asset, (days, kind)) in enumerate(zip(plant, DUTIES, strict=False), 1):
        due_on, (law, clause, _months, before) = now.date() + timedelta(days=days), DUTY_LAWS[kind]
        apply_by = due_on - timedelta(days=before) if before else None
        duties.enter(
            built.named["manager"], asset, kind=kind, due_on=due_on, apply_by=apply_by, law=law, clause=clause,
            applied_on=apply_by if days < 0 else None, document=f"检-2025-{number:03d}",
        )  # fmt: skip
