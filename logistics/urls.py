"""HTML routes: one include per app."""

from django.urls import include, path

from logistics import health, home
from ui.search import Search

handler400 = "logistics.errors.bad_request"
handler403 = "logistics.errors.forbidden"
handler404 = "logistics.errors.not_found"
handler500 = "logistics.errors.broken"
urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("search/", Search.as_view(), name="search"),
    path("account/", include("accounts.urls")),
    path("scope/", include("tenancy.urls")),
    path("files/", include("flow.urls")),
    path("figures/", include("kpi.urls")),
    path("indicators/", include("indicators.urls")),
    path("reports/", include("reporting.urls")),
    path("assessment/", include("assessment.urls")),
    path("wall/", include("reporting.wall_urls")),
    path("notices/", include("notices.urls")),
    path("exchange/", include("exchange.urls")),
    path("lists/", include("exchange.list_urls")),
    path("assets/", include("assets.urls")),
    path("hazards/", include("hazards.urls")),
    path("inspections/", include("inspections.urls")),
    path("people/", include("people.urls")),
    path("office/", include("administration.urls")),
    path("maintenance/", include("maintenance.urls")),
    path("departments/", include("departments.urls")),
    path("api/", include("logistics.api")),
    path("", include("workorders.urls")),
]
