"""Routes."""

from django.urls import path

from indicators import columns, library_pages, views
from indicators.request_urls import urls as request_urls

app_name = "indicators"
urlpatterns = [
    *request_urls,
    path("", views.Overview.as_view(), name="overview"),
    path("library/", library_pages.Library.as_view(), name="library"),
    path("library/<str:key>/", library_pages.Entry.as_view(), name="entry"),
    path("returns/", views.Files.as_view(), name="files"),
    path("returns/<int:pk>/", views.File.as_view(), name="file"),
    path("returns/<int:pk>/columns/", columns.Columns.as_view(), name="columns"),
    path("new/", views.Arrange.as_view(), name="add"),
    path("<slug:key>/", views.One.as_view(), name="one"),
    path("<slug:key>/change/", views.Arrange.as_view(), name="change"),
]
