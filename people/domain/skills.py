"""The hospital's list of skills, who has which until when, and which service needs which."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from people import permissions as perm
from people.domain._common import lock, need, same_hospital
from people.domain.worked import judge_anew
from people.models import PersonSkill, ServiceSkill, Skill, SkillTerm
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
    actor: Any,
    member: Membership,
    skill: Skill,
    *,
    level: int | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    document: str = "",
) -> PersonSkill:
    """Write down that somebody masters a skill; again: with a new level, or a renewed certificate.

    Without `valid_from` it holds from today on: shifts worked before stay as they were judged. With its true first day, what
    was worked since then is judged by it. Raises PermissionDenied, or ValidationError by field.
    """
    member = lock(member)
    new = PersonSkill(hospital_id=member.hospital_id, member=member, skill=skill, level=level, valid_until=valid_until)
    need(actor, perm.SKILL_CHANGE, new)
    same_hospital("skill", member, skill)
    new.full_clean(exclude=["hospital", "member", "skill"], validate_constraints=False)
    if valid_from and valid_until and valid_until < valid_from:
        raise ValidationError({"valid_until": _("It ends before it begins.")})
    _keep(new, valid_from, document.strip())
    facts = {"hospital_id": member.hospital_id, "level": level, "valid_until": _last_day(member, skill)}
    given, _made = PersonSkill.objects.update_or_create(member=member, skill=skill, defaults=facts)
    judge_anew(member)
    said = {"text": str(skill), "level": level, "until": str(valid_until or "")}
    flow.record(member, "skill_given", actor, data=said)
    return given


def _keep(new: PersonSkill, since: date | None, document: str) -> None:
    """Keep from when until when the certificate holds. One that ends later is a renewal, one that ends sooner was entered
    wrongly: the term it made is put right."""
    terms = SkillTerm.objects.filter(member=new.member, skill=new.skill).order_by("valid_from")
    held = PersonSkill.objects.filter(member=new.member, skill=new.skill).first()
    last, until, today = terms.last(), new.valid_until, timezone.localdate()
    if since is None and held and last:
        if held.valid_until == until:
            since = last.valid_from
        elif until and until < (held.valid_until or date.max):
            since = min(last.valid_from, until)
            terms.filter(pk=last.pk).update(valid_from=since)
    since = since or min(today, until or today)
    facts = {"hospital_id": new.hospital_id, "valid_until": until, **({"document": document} if document else {})}
    SkillTerm.objects.update_or_create(member=new.member, skill=new.skill, valid_from=since, defaults=facts)


def _last_day(member: Membership, skill: Skill) -> date | None:
    """The last day of the term that holds longest."""
    days = SkillTerm.objects.filter(member=member, skill=skill).values_list("valid_until", flat=True)
    return None if None in days else max(days)


@transaction.atomic
def take_skill(actor: Any, given: PersonSkill) -> None:
    """Take a skill out of somebody's list from today on; what was worked with it stays as it was judged."""
    need(actor, perm.SKILL_CHANGE, given)
    yesterday = timezone.localdate() - timedelta(days=1)
    terms = SkillTerm.objects.filter(member=given.member_id, skill=given.skill_id)
    terms.filter(valid_from__gt=yesterday).delete()
    terms.filter(Q(valid_until=None) | Q(valid_until__gt=yesterday)).update(valid_until=yesterday)
    flow.record(given.member, "skill_taken", actor, data={"text": str(given.skill)})
    given.delete()


@transaction.atomic
def strike_term(actor: Any, term: SkillTerm) -> None:
    """Take out a certificate that was entered by mistake: what was worked by it is judged without it."""
    member = lock(term.member)
    given = PersonSkill.objects.filter(member=member, skill=term.skill_id).first()
    need(actor, perm.SKILL_CHANGE, given or PersonSkill(hospital_id=member.hospital_id, member=member))
    said = f"{term.skill} {term.valid_from} – {term.valid_until or ''}".rstrip(" –")
    flow.record(member, "skill_struck", actor, data={"text": said})
    term.delete()
    if given and SkillTerm.objects.filter(member=member, skill=term.skill_id).exists():
        PersonSkill.objects.filter(pk=given.pk).update(valid_until=_last_day(member, term.skill))
    elif given:
        given.delete()
    judge_anew(member)


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
