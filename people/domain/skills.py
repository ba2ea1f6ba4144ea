"""The hospital's list of skills, who has which until when, and which service needs which."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from people import permissions as perm
from people.domain._common import lock, need, same_hospital
from people.models import PersonSkill, ServiceSkill, Skill
from people.states import SUGGESTED
from tenancy.models import Hospital, Membership


@transaction.atomic
def add_skill(actor: Any, hospital: Hospital, *, key: str = "", name: str = "") -> Skill:
    """Take a suggested skill (by key) into the hospital's list, or add one of its own (by name)."""
    need(actor, perm.SKILL_CHANGE, Skill(hospital=hospital))
    Hospital.objects.select_for_update().get(pk=hospital.pk)
    if key and key not in SUGGESTED:
        raise ValidationError({"key": _("This skill is not among the suggestions.")})
    name = name.strip()
    if not key and not name:
        raise ValidationError({"name": _("Please give it a name.")})
    have = Skill.objects.filter(hospital=hospital)
    if any(str(skill) == name for skill in have):
        raise ValidationError({"name": _("This skill is in the list already.")})
    if skill := have.filter(key=key).first():
        return skill if skill.active else edit_skill(actor, skill, active=True)
    skill = Skill(hospital=hospital, key=key or f"own.{secrets.token_hex(8)}", own_name="" if key else name)
    skill.full_clean(exclude=["hospital"])
    skill.save()
    flow.record(skill, "added", actor)
    return skill


@transaction.atomic
def edit_skill(actor: Any, skill: Skill, **new: Any) -> Skill:
    """Rename a skill, take it out of use or back. Out of use it is neither asked for nor counted."""
    need(actor, perm.SKILL_CHANGE, skill)
    old = {name: getattr(skill, name) for name in new}
    for name, value in new.items():
        setattr(skill, name, value)
    if not str(skill).strip() or (skill.key not in SUGGESTED and not skill.own_name.strip()):
        raise ValidationError({"own_name": _("Please give it a name.")})
    skill.full_clean(exclude=["hospital"])
    skill.save()
    flow.edited(skill, actor, old, new)
    return skill


@transaction.atomic
def give_skill(
    actor: Any, member: Membership, skill: Skill, *, level: int | None = None, valid_until: date | None = None
) -> PersonSkill:
    """Write down that somebody masters a skill; again: with a new level or a new last day."""
    member = lock(member)
    new = PersonSkill(hospital_id=member.hospital_id, member=member, skill=skill, level=level, valid_until=valid_until)
    need(actor, perm.SKILL_CHANGE, new)
    same_hospital("skill", member, skill)
    new.full_clean(exclude=["hospital", "member", "skill"], validate_constraints=False)
    facts = {"hospital_id": member.hospital_id, "level": level, "valid_until": valid_until}
    given, _made = PersonSkill.objects.update_or_create(member=member, skill=skill, defaults=facts)
    said = {"text": str(skill), "level": level, "until": str(valid_until or "")}
    flow.record(member, "skill_given", actor, data=said)
    return given


@transaction.atomic
def take_skill(actor: Any, given: PersonSkill) -> None:
    """Take a skill out of somebody's list; history keeps that it was there."""
    need(actor, perm.SKILL_CHANGE, given)
    flow.record(given.member, "skill_taken", actor, data={"text": str(given.skill)})
    given.delete()


@transaction.atomic
def need_skills(actor: Any, hospital: Hospital, service_key: str, department: str, skills: Iterable[Skill]) -> None:
    """Say which skills a service needs: all of them, in one person."""
    row, wanted = ServiceSkill(hospital=hospital, department=department), {skill.pk: skill for skill in skills}
    need(actor, perm.SKILL_CHANGE, row)
    same_hospital("skills", row, *wanted.values())
    have = ServiceSkill.objects.filter(hospital=hospital, service_key=service_key)
    have.exclude(skill__in=wanted).delete()
    kept = set(have.values_list("skill_id", flat=True))
    for skill in wanted.values():
        if skill.pk not in kept:
            facts = {"service_key": service_key, "department": department, "skill": skill}
            ServiceSkill.objects.create(hospital=hospital, **facts)
