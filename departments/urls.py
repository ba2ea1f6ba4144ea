"""Routes: each department that was found has an address of its own."""

from django.urls import path

from departments import views
from departments.registry import departments

app_name = "departments"
urlpatterns = [
    path("deadlines/", views.red_list, name="deadlines"),
    *(path(f"{slug}/", views.department, {"slug": slug}, name=slug) for slug in departments()),
]
