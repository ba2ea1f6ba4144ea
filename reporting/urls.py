"""Routes."""

from django.urls import path

from reporting.views import leagues, months, overview, parts, reports, screens

app_name = "reporting"
urlpatterns = [
    path("me/", months.Mine.as_view(), name="mine"),
    path("people/<int:pk>/", months.Theirs.as_view(), name="person"),
    path("parts/", parts.Parts.as_view(), name="parts"),
    path("teams/<int:pk>/", parts.OneTeam.as_view(), name="team"),
    path("contractors/<int:pk>/", parts.OneContractor.as_view(), name="contractor"),
    path("hospitals/", overview.Overview.as_view(), name="overview"),
    path("leagues/", leagues.Leagues.as_view(), name="leagues"),
    path("leagues/<str:key>/", leagues.OneLeague.as_view(), name="league"),
    path("monthly/", reports.Reports.as_view(), name="reports"),
    path("monthly/subscribe/", reports.Subscribe.as_view(), name="subscribe"),
    path("monthly/<int:pk>/", reports.OneReport.as_view(), name="report"),
    path("monthly/<int:pk>/paper/", reports.Paper.as_view(), name="report_paper"),
    path("monthly/<int:pk>/book/", reports.Book.as_view(), name="report_book"),
    path("screens/", screens.Screens.as_view(), name="screens"),
    path("screens/<int:pk>/revoke/", screens.Revoke.as_view(), name="screen_revoke"),
]
