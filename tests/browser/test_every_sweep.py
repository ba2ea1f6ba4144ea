"""Every page of every person in every theme and language, at every width we promise: half an hour for the hammer."""

import pytest

from accounts.models import User
from tests.browser import eye
from tests.browser.walking import OFFICE, WARD, given_names, look, strolls

LANGUAGES = ("zh-hans", "zh-hant", "en")

pytestmark = pytest.mark.hammer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*WARD, *OFFICE])
def test_pages_are_right_in_every_theme_language_and_width(people, busy, name, theme, language):
    user, given = getattr(busy, name), given_names(busy)
    User.objects.filter(pk=user.pk).update(language=language)

    def everything(page):
        assert page.locator("html").get_attribute("lang") == language
        return look(page, given, themes=(theme,), widths=eye.WIDTHS, chinese=language != "en")

    screen = people.phone() if name in WARD else people.desk()
    wrong = [line for lines in strolls(screen, [user], set(), everything) for line in lines]

    assert not wrong, "\n".join(wrong)
