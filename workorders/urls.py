"""Routes of the engine; each face lists its own."""

from workorders.views import absence, ask, board, bulk, desk, record, services, work

app_name = "workorders"
urlpatterns = [
    *(*ask.urls, *work.urls, *desk.urls, *bulk.urls, *board.urls, *absence.urls, *services.urls, *record.urls),
]
