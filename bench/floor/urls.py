"""One address for each scenario."""

from django.http import HttpResponse
from django.urls import path

from bench.floor import views

urlpatterns = [
    path("ready", lambda request: HttpResponse(b"ok")),
    path("list", views.api_list),
    path("page", views.signed_in(views.page_list)),
    path("detail/<int:pk>", views.api_detail),
    path("record/<int:pk>", views.signed_in(views.page_detail)),
    path("create", views.Create.as_view()),
    path("figures", views.figures),
]
