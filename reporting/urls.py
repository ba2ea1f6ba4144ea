"""Routes."""

from django.urls import path

from reporting.views import months, parts

app_name = "reporting"
urlpatterns = [
    path("me/", months.Mine.as_view(), name="mine"),
    path("people/<int:pk>/", months.Theirs.as_view(), name="person"),
    path("parts/", parts.Parts.as_view(), name="parts"),
    path("teams/<int:pk>/", parts.OneTeam.as_view(), name="team"),
    path("contractors/<int:pk>/", parts.OneContractor.as_view(), name="contractor"),
]
