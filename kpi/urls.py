"""Routes."""

from django.urls import path

from kpi import views

app_name = "kpi"
urlpatterns = [
    path("", views.Dashboard.as_view(), name="dashboard"),
    path("targets/", views.Targets.as_view(), name="targets"),
    path("targets/new/", views.NewTarget.as_view(), name="target_add"),
    path("<str:key>/", views.OneFigure.as_view(), name="figure"),
]
