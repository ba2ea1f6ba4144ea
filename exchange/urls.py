"""Routes of the way in."""

from django.urls import path

from exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("<slug:importer>/", views.Upload.as_view(), name="import"),
    path("<slug:importer>/template.xlsx", views.Template.as_view(), name="template"),
    path("<slug:importer>/<int:pk>/", views.JobPage.as_view(), name="job"),
    path("<slug:importer>/<int:pk>/columns/", views.Columns.as_view(), name="columns"),
    path("<slug:importer>/<int:pk>/progress/", views.Progress.as_view(), name="progress"),
]
