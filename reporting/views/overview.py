"""The consortium's dashboard: which hospital needs a call."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views import View

from reporting import overview
from reporting.permissions import OVERVIEW_VIEW
from tenancy.access import can
from ui.pages import SignedIn

MOST = 12  # hospitals on the screen at first


class Overview(SignedIn, View):
    """Hospitals that need a call first; those that need none are counted, and listed when asked for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, OVERVIEW_VIEW):
            raise PermissionDenied(OVERVIEW_VIEW)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        found = overview.needs(request.user)
        in_need = [need for need in found if need.weight]
        shown = in_need if request.GET.get("all") else in_need[:MOST]
        calm = [need.hospital["short_name"] for need in found if need.is_known and not need.weight]
        ages = [need.reckoned_at for need in in_need if need.reckoned_at]
        facts = {
            "shown": shown, "more": len(in_need) - len(shown), "of": len(found), "counts": overview.groups(found),
            "calm": calm if request.GET.get("all") else [],
            "oldest": min(ages, default=None),
        }  # fmt: skip
        return TemplateResponse(request, "reporting/overview.html", facts)
