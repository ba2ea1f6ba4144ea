"""Routes of rosters, duties, absences and skills; each face lists its own."""

from django.urls import include, path

from people.crud import ABSENCE
from people.views import absences, duty, roster, skills

app_name = "people"
urlpatterns = [
    *roster.urls,
    *duty.urls,
    *skills.urls,
    *absences.urls,
    path("absences/", include(ABSENCE.urls)),
]
