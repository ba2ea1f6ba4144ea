"""Routes of requested returns."""

from django.urls import include, path

from indicators import due_views, request_views
from indicators.request_crud import DUE, REQUEST

urls = [
    path("requests/<int:pk>/remind/", request_views.Remind.as_view(), name="request_remind"),
    path("requests/<int:pk>/", request_views.Request.as_view(), name="request"),
    path("requests/", include(REQUEST.urls)),
    path("due/<int:pk>/draft/", due_views.Draft.as_view(), name="due_draft"),
    path("due/<int:pk>/sheet/", due_views.Sheet.as_view(), name="due_sheet"),
    path("due/<int:pk>/assign/", due_views.Assign.as_view(), name="due_assign"),
    path("due/<int:pk>/", due_views.Due.as_view(), name="due"),
    path("due/", include(DUE.urls)),
]
