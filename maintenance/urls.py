"""Routes."""

from django.urls import path

from maintenance import views

app_name = "maintenance"
urlpatterns = [path("reliability/<int:pk>/", views.asset, name="reliability")]
