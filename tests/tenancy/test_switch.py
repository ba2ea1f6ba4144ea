"""The switch: another default, never another scope."""

import pytest


def test_switch_keeps_the_choice_and_comes_back(client, world):
    client.force_login(world.kim)
    answer = client.post("/scope/switch/", {"hospital": world.b.id, "next": "/figures/?m=1"})
    assert answer.url == "/figures/?m=1"
    assert client.session["hospital"] == world.b.id
    page = client.get("/account/nothing/")
    assert page.wsgi_request.hospital["code"] == "B"


def test_switch_to_all(client, world):
    client.force_login(world.kim)
    client.post("/scope/switch/", {"hospital": world.b.id})
    client.post("/scope/switch/", {"hospital": ""})
    assert client.get("/account/nothing/").wsgi_request.hospital is None


def test_switch_to_a_hospital_out_of_scope_is_not_found(client, world):
    client.force_login(world.kim)
    for wanted in (world.outside.id, 999_999, "x"):
        assert client.post("/scope/switch/", {"hospital": wanted}).status_code == 404
    assert not client.session.get("hospital")


def test_switch_never_leads_to_another_site(client, world):
    client.force_login(world.kim)
    assert client.post("/scope/switch/", {"hospital": world.a.id, "next": "//evil.example"}).url == "/"


@pytest.mark.parametrize("odd", ["null", "9" * 20, "evil.example/", "í", "http://testserver/figures/"])
def test_switch_goes_home_when_the_page_to_come_back_to_is_no_address_of_ours(client, world, odd):
    client.force_login(world.kim)
    assert client.post("/scope/switch/", {"hospital": world.a.id, "next": odd}).url == "/"


def test_one_hospital_is_chosen_by_itself(client, world):
    client.force_login(world.rita)
    assert client.get("/account/nothing/").wsgi_request.hospital["code"] == "A"
