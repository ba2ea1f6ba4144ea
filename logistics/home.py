"""Home answers "what do I have to do now", so it is another page for each role."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenancy.access import permissions_of
from ui.navigation import menu_for

# The first permission held decides; whoever holds none goes to the first entry of their menu.
FIRST = (
    ("tenancy.hospital.change", "administration:home"),
    ("workorders.order.void", "workorders:desk"),
    ("workorders.order.work", "workorders:work"),
    ("workorders.order.report", "workorders:ask"),
    ("kpi.figure.view", "kpi:dashboard"),
)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the page their day starts with."""
    mine = permissions_of(request.user)
    if "kpi.target.change" in mine and "tenancy.hospital.change" not in mine:
        return redirect("kpi:dashboard")
    for permission, page in FIRST:
        if permission in mine:
            return redirect(page)
    offered = menu_for(request)
    return redirect(offered[0].url if offered else "accounts:nothing")
