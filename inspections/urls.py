"""Routes of the inspections; each face lists its own."""

from inspections.views import checklists, my, rounds

app_name = "inspections"
urlpatterns = [*checklists.urls, *my.urls, *rounds.urls]
