"""Routes of the engine; each face lists its own."""

from workorders.views import absence, ask, board, bulk, desk, limits, record, services, work

app_name = "workorders"
urlpatterns = [
    *(
        *ask.urls,
        *work.urls,
        *desk.urls,
        *bulk.urls,
        *board.urls,
        *absence.urls,
        *services.urls,
        *limits.urls,
        *record.urls,
    ),
]
