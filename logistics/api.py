"""The API: one registration per resource, its description for programs and for people."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from administration import api as organisation
from assessment import api as assessment
from assets import api as assets
from assets import meter_api
from hazards import api as hazards
from indicators import api as returns
from inspections import checklist_api, plan_api, round_api
from kpi.api import Kpis
from logistics import errors, schema  # noqa: F401  describes what the resources share
from notices import api as notices
from tenancy.tokens import TokenView
from workorders import api as workorders

router = SimpleRouter()
router.register("hospitals", organisation.Hospitals, basename="hospital")
router.register("places", organisation.Places, basename="place")
router.register("units", organisation.Units, basename="unit")
router.register("assets", assets.Assets, basename="asset")
router.register("meters", meter_api.Meters, basename="meter")
router.register("services", workorders.Services, basename="service")
router.register("work-orders", workorders.WorkOrders, basename="work-order")
router.register("hazards", hazards.Hazards, basename="hazard")
router.register("checklists", checklist_api.Checklists, basename="checklist")
router.register("plans", plan_api.Plans, basename="plan")
router.register("rounds", round_api.Rounds, basename="round")
router.register("return-requests", returns.Requests, basename="return-request")
router.register("returns-due", returns.Dues, basename="return-due")
router.register("returns", returns.Returns, basename="return")
router.register("published-figures", assessment.Published, basename="published-figure")
router.register("frozen-figures", assessment.Frozen, basename="frozen-figure")
router.register("announcements", notices.Announcements, basename="announcement")
router.register("kpis", Kpis, basename="kpi")

DOCS = SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="logistics/api.html")
v1 = [
    *router.urls,
    path("auth/token/", TokenView.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", DOCS, name="docs"),
]
urlpatterns = [
    path("v1/", include((v1, "api"))),
    re_path("^(?P<rest>.*)$", errors.no_such_resource),
]
