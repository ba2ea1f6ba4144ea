"""Every page that those with a phone reach from their menu: no barrier, nothing sideways, no complaint, no English left."""

from tests.browser.walking import WARD, given_names, look, strolls


def test_every_page_of_ward_team_and_firm_is_right(people, busy):
    """In the light; every combination of width, theme, language and person is the hammer's."""
    seen: set[str] = set()
    given = given_names(busy)

    users = [getattr(busy, name) for name in WARD]
    wrong = [line for lines in strolls(people.phone(), users, seen, lambda page: look(page, given)) for line in lines]

    assert len(seen) > 20
    assert not wrong, "\n".join(wrong)
