"""The switch between the hospitals of a person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.views import next_page
from tenancy.access import hospitals


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """Choose whose figures and forms come first; empty for all. The scope stays what it is."""
    wanted = request.POST.get("hospital", "")
    if wanted and wanted not in {str(h["id"]) for h in hospitals(request.user)}:
        raise Http404
    request.session["hospital"] = int(wanted) if wanted else None
    return redirect(next_page(request))
