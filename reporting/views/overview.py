"""The consortium's dashboard: which hospital needs a call."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.views import View

from assessment.permissions import MONTH_PUBLISH
from kpi.permissions import FIGURE_VIEW
from reporting import overview
from reporting.permissions import OVERVIEW_VIEW
from tenancy.access import can, hospitals_with, permissions_of
from ui.kept import kept
from ui.pages import SignedIn

MOST = 12  # hospitals on the screen at first


class Overview(SignedIn, View):
    """Hospitals that need a call first; those that need none are counted, and listed when asked for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, OVERVIEW_VIEW):
            raise PermissionDenied(OVERVIEW_VIEW)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "reporting/overview.html", {"drawn": self.drawn(request)})

    def drawn(self, request: HttpRequest) -> SafeString:
        """The page as HTML. Whoever may see the same of the same hospitals sees the same for half a minute."""
        seen = sorted(hospitals_with(request.user, OVERVIEW_VIEW) & hospitals_with(request.user, FIGURE_VIEW))
        every = bool(request.GET.get("all"))
        facts = (seen, sorted(permissions_of(request.user)), every)
        return kept(
            "overview", facts,
            lambda: render_to_string("reporting/partials/overview.html", self.facts(request.user, every)),
        )  # fmt: skip

    @staticmethod
    def facts(user: Any, every: bool) -> dict[str, Any]:
        found = overview.needs(user)
        in_need = [need for need in found if need.weight]
        shown = in_need if every else in_need[:MOST]
        calm = [need.hospital["short_name"] for need in found if need.is_known and not need.weight]
        ages = [need.reckoned_at for need in in_need if need.reckoned_at]
        return {
            "shown": shown, "more": len(in_need) - len(shown), "of": len(found), "counts": overview.groups(found),
            "calm": calm if every else [],
            "oldest": min(ages, default=None),
            "publishes": can(user, MONTH_PUBLISH),
        }  # fmt: skip
