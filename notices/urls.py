"""Routes."""

from django.urls import path

from notices import preferences, views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read_all, name="read_all"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("<int:pk>/", views.follow, name="notice"),
]
