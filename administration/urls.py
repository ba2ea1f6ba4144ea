"""Routes of the office."""

from django.urls import include, path

from administration import chains, crud, views
from ui.listing import List

app_name = "administration"
urlpatterns = [
    path("", views.home, name="home"),
    path("hospitals/", views.hospitals, name="hospitals"),
    path("hospitals/new/", views.hospital, name="hospital_add"),
    path("hospitals/<int:pk>/", views.hospital, name="hospital"),
    path("places/", include(crud.places.urls)),
    path("units/", include(crud.units.urls)),
    path("teams/", include(crud.teams.urls)),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/code/", views.give_code, name="person_code"),
    path("people/<int:pk>/grant/", views.grant, name="person_grant"),
    path("people/", include(crud.people.urls)),
    path("grants/<int:pk>/revoke/", views.revoke, name="grant_revoke"),
    path("contractors/", include(crud.engagements.urls)),
    path("roles/", views.roles, name="roles"),
    path("roles/<int:pk>/", views.role, name="role"),
    path("events/", List.as_view(crud=crud.log), name="event_list"),
    path("sign-ins/", views.sign_ins, name="sign_ins"),
    path("refusals/", views.refusals, name="refusals"),
    path("deadlines/", chains.entry, name="chains"),
    path("deadlines/<int:pk>/", chains.overview, name="chains_of"),
    path("deadlines/<int:pk>/<str:key>/", chains.chain, name="chain"),
    path("why/", views.why, name="why"),
]
