"""Routes of the register."""

from hazards.views import record, report

app_name = "hazards"
urlpatterns = [*report.urls, *record.urls]
