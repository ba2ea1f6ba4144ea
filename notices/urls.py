"""Routes."""

from django.urls import include, path

from notices import crud, views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read_all, name="read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("robots/<int:pk>/test/", views.test_robot, name="robot_test"),
    path("robots/", include(crud.robots.urls)),
    path("failed/<int:pk>/resend/", views.resend, name="delivery_resend"),
    path("failed/", include(crud.deliveries.urls)),
    path("announcements/<int:pk>/end/", views.end_announcement, name="announcement_end"),
    path("announcements/<int:pk>/dismiss/", views.dismiss, name="announcement_dismiss"),
    path("announcements/", include(crud.announcements.urls)),
    path("<int:pk>/", views.follow, name="notice"),
]
