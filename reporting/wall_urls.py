"""Routes of wall screens: opened by a secret, by nobody in particular."""

from django.urls import path

from reporting.views import wall

app_name = "wall"
urlpatterns = [
    path("<str:token>/", wall.Wall.as_view(), name="wall"),
    path("<str:token>/figures/", wall.Figures.as_view(), name="figures"),
]
