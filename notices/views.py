"""The bell, the list behind it, and the way from a notice to its record."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from notices import domain
from notices.models import Notice
from ui.pages import whole

PAGE = 50
MOST = 100  # the bell shows "99+"


@login_required
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """How many are unread; nothing at all while nothing has changed."""
    version = domain.version_of(request.user.pk)
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    count = Notice.objects.filter(user=request.user, read_at=None)[:MOST].count()
    return render(request, "ui/partials/bell.html", {"count": count, "version": version})


@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What the person was told, newest first."""
    mine, before = Notice.objects.filter(user=request.user), whole(request.GET.get("before"))
    if before:
        mine = mine.filter(pk__lt=before)
    found = list(mine.order_by("-pk")[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    unread = any(notice.read_at is None for notice in found)
    return render(request, "notices/list.html", {"notices": found[:PAGE], "older": older, "unread": unread})


@login_required
@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """To the record; the notice is read."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    domain.read(request.user, notice)
    return redirect(notice.url)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    domain.read_all(request.user)
    return redirect("notices:list")
