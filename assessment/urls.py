"""Routes of the assessment."""

from assessment.views import desk, figure, month, record

app_name = "assessment"
urlpatterns = [*month.urls, *figure.urls, *desk.urls, *record.urls]
