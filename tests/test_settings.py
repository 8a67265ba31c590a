"""What the operators of a site decide: read strictly, told in the menu and in the headers of what may be embedded."""

from pathlib import Path

import pytest

from dashboard import db, server, settings
from dashboard.components.show import foot
from dashboard.selection import Selection
from dashboard.views import VIEWS


@pytest.mark.parametrize(
    ("said", "sites"),
    [
        ("", ()),
        ("'self'", ()),
        ("self https://www.oas.org", ("https://www.oas.org",)),
        ("https://a.example, https://*.B.example:8443", ("https://a.example", "https://*.b.example:8443")),
        ("https://a.example https://a.example", ("https://a.example",)),
    ],
)
def test_sites_that_may_embed_are_origins(monkeypatch: pytest.MonkeyPatch, said: str, sites: tuple[str, ...]) -> None:
    monkeypatch.setenv("PANORAMA_FRAME_ANCESTORS", said)
    assert settings.embedding_sites() == sites


@pytest.mark.parametrize(
    "said",
    [
        "*",
        "https:",
        "www.oas.org",
        "https://www.oas.org/",
        "https://www.oas.org/path",
        "https://user@host",
        "https://a.example; script-src *",
        "javascript://a",
        "https://a.example\nX-Header: 1",
        "'none'",
        "https://*",
    ],
)
def test_anything_but_an_origin_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("PANORAMA_FRAME_ANCESTORS", said)
    with pytest.raises(settings.SettingFault, match=r"PANORAMA_FRAME_ANCESTORS.*expected 'self' or a scheme"):
        settings.embedding_sites()
    with pytest.raises(SystemExit, match="not an origin"):
        server.serve()


def test_only_the_page_of_a_view_may_stand_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def ancestors(path: str) -> str:
        policy = server._headers(path)["Content-Security-Policy"]
        return policy.partition("frame-ancestors ")[2]

    assert ancestors("/view/overview.map.html") == "'self'"
    monkeypatch.setenv("PANORAMA_FRAME_ANCESTORS", "https://www.oas.org https://a.example")
    assert ancestors("/view/overview.map.html") == "'self' https://www.oas.org https://a.example"
    for path in ("/", "/country", "/view/overview.map.svg", "/view/a/b.html", "/view/overview.map.html/x"):
        assert ancestors(path) == "'self'", path


def test_the_menu_says_where_the_code_to_embed_works(monkeypatch: pytest.MonkeyPatch, shipped: Path) -> None:
    db.use_edition(None)
    selection = Selection()
    view = VIEWS["overview.map"](selection)
    warning = "embedding elsewhere is not switched on"
    assert warning in foot(view, selection, "")
    monkeypatch.setenv("PANORAMA_FRAME_ANCESTORS", "https://www.oas.org")
    menu = foot(view, selection, "")
    assert warning not in menu
    assert "Copy code to embed" in menu
