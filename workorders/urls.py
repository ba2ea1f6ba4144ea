"""Routes of the engine; each face lists its own."""

from workorders.views import (
    absence,
    ask,
    board,
    bulk,
    call,
    costs,
    dayplan,
    desk,
    handover,
    limits,
    record,
    services,
    work,
)

FACES = (ask, work, desk, call, dayplan, handover, bulk, board, absence, services, limits, costs, record)

app_name = "workorders"
urlpatterns = [url for face in FACES for url in face.urls]
