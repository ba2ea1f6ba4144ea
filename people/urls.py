"""Routes of rosters, duties, absences, skills and shifts that need a certificate; each face lists its own."""

from django.urls import include, path

from people.crud import ABSENCE, WORKED
from people.views import absences, duty, roster, skills

app_name = "people"
urlpatterns = [
    *roster.urls,
    *duty.urls,
    *skills.urls,
    *absences.urls,
    path("absences/", include(ABSENCE.urls)),
    path("worked/", include(WORKED.urls)),
]
