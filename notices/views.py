"""The bell, the list behind it, the way from a notice to its record; and what is more than a list, record or form."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from notices import announcing, crud, domain
from notices import permissions as perm
from notices.forms import PreferenceForm
from notices.models import Announcement, Notice, Preference
from ui.pages import next_url, whole

PAGE = 50
MOST = 100  # the bell shows "99+"


@login_required
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """How many are unread, and the announcements; nothing at all while nothing has changed."""
    shown = announcing.shown_to(request.user.pk)
    version = "-".join([domain.version_of(request.user.pk), *(str(one["pk"]) for one in shown)])
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    count = Notice.objects.filter(user=request.user, read_at=None)[:MOST].count()
    facts = {"count": count, "version": version, "banners": shown}
    return render(request, "notices/bell.html", facts)


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
    """To the record; the notice is read. Who may not open it (any more) is told so where they come from."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    domain.read(request.user, notice)
    if domain.is_open_to(request.user, notice):
        return redirect(notice.url)
    messages.warning(
        request, _("This is not (or no longer) with you, so its page stays closed. The service desk knows more.")
    )
    return redirect("notices:list")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    domain.read_all(request.user)
    return redirect("notices:list")


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """What is told by bell, what by e-mail, and when."""
    mine = Preference.objects.filter(user=request.user.pk).first() or Preference(user_id=request.user.pk)
    form = PreferenceForm(request.POST or None, actor=request.user, obj=mine)
    if request.method == "POST" and form.is_valid():
        domain.prefer(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("notices:preferences")
    status = 422 if form.errors else 200
    return render(request, "notices/preferences.html", {"form": form}, status=status)


@login_required
@require_POST
def test_robot(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the group a test message; what became of it stands on the robot's page."""
    robot = crud.robots.get(request.user, pk, perm.CHANNEL_CHANGE)
    domain.send_test(request.user, robot)
    messages.success(request, _("The test message is on its way. What becomes of it stands below."))
    return redirect("notices:robot", pk)


@login_required
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Try once more what did not arrive."""
    domain.resend(request.user, crud.deliveries.get(request.user, pk, perm.CHANNEL_CHANGE))
    messages.success(request, _("It is being sent again."))
    return redirect("notices:delivery_list")


@login_required
@require_POST
def end_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """It is over earlier than announced."""
    made = crud.announcements.get(request.user, pk, perm.ANNOUNCEMENT_CHANGE)
    announcing.end(request.user, made)
    messages.success(request, _("The announcement is no longer shown."))
    return redirect("notices:announcement_list")


@login_required
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an announcement away; only one that is shown to the person."""
    shown = [one["pk"] for one in announcing.shown_to(request.user.pk)]
    announcing.dismiss(request.user, get_object_or_404(Announcement.objects.filter(pk__in=shown), pk=pk))
    return HttpResponse() if request.htmx else redirect(next_url(request, "/"))
