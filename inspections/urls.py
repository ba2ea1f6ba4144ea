"""Routes of the inspections; each face lists its own."""

from inspections.views import my, rounds

app_name = "inspections"
urlpatterns = [*my.urls, *rounds.urls]
