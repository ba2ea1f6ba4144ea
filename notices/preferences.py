"""How a person likes to be told: the page and its only verb."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from notices.forms import PreferenceForm
from notices.models import MORNING, Preference


def prefer(user: Any, **wishes: Any) -> Preference:
    """Remember how the person likes to be told, at all their hospitals."""
    wishes["digest_at"] = wishes.get("digest_at") or MORNING
    return Preference.objects.update_or_create(user_id=user.pk, defaults=wishes)[0]


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """What is told by bell, what by e-mail, and when."""
    mine = Preference.objects.filter(user=request.user.pk).first() or Preference(user_id=request.user.pk)
    form = PreferenceForm(request.POST or None, actor=request.user, obj=mine)
    if request.method == "POST" and form.is_valid():
        prefer(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("notices:preferences")
    status = 422 if form.errors else 200
    return render(request, "notices/preferences.html", {"form": form}, status=status)
