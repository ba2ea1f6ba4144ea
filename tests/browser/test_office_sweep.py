"""Every page more that those at a desk reach from their menu: no barrier, nothing sideways, no complaint, no English left."""

from tests.browser.walking import OFFICE, WARD, given_names, look, strolls, walk


def test_every_page_of_desk_and_office_is_right(people, busy):
    """In the dark; what a phone showed already is looked at in test_ward_sweep."""
    seen: set[str] = set()
    for name in WARD:
        walk(getattr(busy, name), seen)
    on_phones, given = len(seen), given_names(busy)

    users = [getattr(busy, name) for name in OFFICE]
    found = strolls(people.desk(), users, seen, lambda page: look(page, given, themes=("dark",)))
    wrong = [line for lines in found for line in lines]

    assert len(seen) > on_phones + 20
    assert not wrong, "\n".join(wrong)
