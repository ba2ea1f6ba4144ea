"""Routes of the inspections; each face lists its own."""

from inspections.views import checklists, my, plans, rounds

app_name = "inspections"
urlpatterns = [*checklists.urls, *plans.urls, *my.urls, *rounds.urls]
