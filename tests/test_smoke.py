import pytest
from django.db import connection

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_app_role():
    with connection.cursor() as c:
        c.execute("select current_user")
        assert c.fetchone()[0] == "logistics_app"
    u = User.objects.create_user("x", email="a@b.c", password="x")
    from tenancy.access import hospitals

    assert hospitals(u) == []


@pytest.mark.django_db(transaction=True)
def test_t():
    User.objects.create_user("x", email="a@b.c", password="x")
