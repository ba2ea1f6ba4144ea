"""Routes."""

from django.urls import path

from flow import views

app_name = "flow"
urlpatterns = [path("<int:pk>/", views.file, name="file")]
