"""axe-core finds nothing on any page in any language in the dark theme, on a screen, everything unfolded."""

import pytest

from dashboard.i18n import LANGUAGES
from tests.browser.checking import PATHS, check_page
from tests.browser.conftest import NewReader


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_found_on_a_page(new_reader: NewReader, path: str, lang: str) -> None:
    check_page(new_reader(theme="dark"), path, lang)
