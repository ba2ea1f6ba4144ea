"""Routes of what people do with lists: columns, saved views, large workbooks."""

from django.urls import path

from exchange import list_views as views

app_name = "lists"
urlpatterns = [
    path("files/", views.Files.as_view(), name="files"),
    path("files/<int:pk>/", views.ExportPage.as_view(), name="export"),
    path("files/<int:pk>/progress/", views.ExportProgress.as_view(), name="export_progress"),
    path("files/<int:pk>/file/", views.ExportFile.as_view(), name="export_file"),
    path("views/<int:pk>/", views.EditView.as_view(), name="view"),
    path("views/<int:pk>/delete/", views.DeleteView.as_view(), name="view_delete"),
    path("<slug:key>/new/", views.NewView.as_view(), name="view_add"),
    path("<slug:key>/first/", views.OpenFirst.as_view(), name="first"),
    path("<slug:key>/columns/", views.Columns.as_view(), name="columns"),
    path("<slug:key>/workbook/", views.Workbook.as_view(), name="workbook"),
]
