"""The hospital's skills, and who has which until when."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.views import View

from people import domain, queries
from people import permissions as perm
from people.forms import PersonSkillForm, SkillForm
from people.models import PersonSkill, Skill, SkillTerm
from people.states import SUGGESTED
from tenancy.access import can, hospitals_with
from tenancy.models import Hospital, Membership
from ui.pages import Once, SignedIn, go, whole

SOON = timedelta(days=60)  # a certificate is renewed in time when it is said so early


def hospital_asked(request: HttpRequest) -> Hospital:
    chosen, mine = getattr(request, "hospital", None), hospitals_with(request.user, perm.SKILL_VIEW)
    if not mine:
        raise PermissionDenied(perm.SKILL_VIEW)
    return get_object_or_404(Hospital, pk=chosen["id"] if chosen and chosen["id"] in mine else min(mine))


class Skills(SignedIn, View):
    """The list, what else is suggested, and everybody's skills by team."""

    def page(self, hospital: Hospital, form: SkillForm, status: int = 200) -> HttpResponse:
        user, today = self.request.user, timezone.localdate()
        have = list(Skill.objects.filter(hospital=hospital))
        kept = {skill.key for skill in have if skill.active}
        teams = queries.teams(user, perm.SKILL_VIEW).filter(hospital=hospital)
        people = queries.people_of(teams, today, skills=True)
        facts = {
            "hospital": hospital,
            "skills": sorted((skill for skill in have if skill.active), key=str),
            "suggested": [(key, label) for key, label in SUGGESTED.items() if key not in kept],
            "teams": [(team, list(members)) for team, members in groupby(people, key=lambda member: member.team)],
            "may_arrange": can(user, perm.SKILL_CHANGE, Skill(hospital=hospital)),
            "may_give": can(user, perm.SKILL_CHANGE),
            "form": form,
            "today": today,
            "soon": today + SOON,
        }
        return render(self.request, "people/skills.html", facts, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(hospital_asked(request), SkillForm(actor=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        hospital, sent = hospital_asked(request), request.POST
        form = SkillForm(sent, actor=request.user)
        try:
            if key := sent.get("key", ""):
                domain.add_skill(request.user, hospital, key=key)
            elif pk := sent.get("end", ""):
                skill = get_object_or_404(Skill, hospital=hospital, pk=pk if pk.isascii() and pk.isdigit() else 0)
                domain.edit_skill(request.user, skill, active=False)
            elif form.is_valid():
                domain.add_skill(request.user, hospital, name=form.cleaned_data["name"])
            else:
                return self.page(hospital, form, 422)
        except ValidationError as error:
            form = SkillForm(sent, actor=request.user)
            form.refuse(error)
            return self.page(hospital, form, 422)
        return go(request, reverse("people:skills"))


class PersonSkills(SignedIn, View):
    """What one person masters: give, renew, take out."""

    def find(self, pk: int) -> Membership:
        members = Membership.objects.select_related("team", "hospital")
        member = get_object_or_404(members, pk=pk)
        row = PersonSkill(hospital_id=member.hospital_id, member=member)
        if not can(self.request.user, perm.SKILL_VIEW, row):
            raise Http404
        if not can(self.request.user, perm.SKILL_CHANGE, row):
            raise PermissionDenied(perm.SKILL_CHANGE)
        return member

    def page(self, member: Membership, form: PersonSkillForm, status: int = 200) -> HttpResponse:
        given = PersonSkill.objects.filter(member=member).select_related("skill").order_by("skill__key")
        terms = SkillTerm.objects.filter(member=member).select_related("skill").order_by("-valid_from", "-pk")
        today = timezone.localdate()
        facts = {
            "member": member, "given": given, "terms": terms, "form": form, "today": today, "soon": today + SOON,
        }  # fmt: skip
        return render(self.request, "people/skills_person.html", facts, status=status)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        member = self.find(pk)
        return self.page(member, PersonSkillForm(actor=request.user, obj=member))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        member, here = self.find(pk), reverse("people:person_skills", args=[pk])
        for name, model, verb in (("take", PersonSkill, domain.take_skill), ("strike", SkillTerm, domain.strike_term)):
            if name in request.POST:
                rows: Any = model.objects.filter(member=member).select_related("member__team", "skill")
                verb(request.user, get_object_or_404(rows, pk=whole(request.POST[name]) or 0))
                return go(request, here)
        form, once = PersonSkillForm(request.POST, actor=request.user, obj=member), Once(request)
        if not form.is_valid():
            return self.page(member, form, 422)
        if once.earlier(here) is None:
            domain.give_skill(request.user, member, **form.cleaned_data)
            once.done(here)
        return go(request, here)


urls = [
    path("skills/", Skills.as_view(), name="skills"),
    path("skills/<int:pk>/", PersonSkills.as_view(), name="person_skills"),
]
