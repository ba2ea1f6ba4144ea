"""Routes of the inspections; each face lists its own."""

from inspections.views import builder, checklists, my, plans, rounds

app_name = "inspections"
urlpatterns = [*builder.urls, *checklists.urls, *plans.urls, *my.urls, *rounds.urls]
