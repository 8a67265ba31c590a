"""What the server itself answers: headers, language, compression, health, and nothing that it should not."""

import asyncio
import gzip
import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import partial
from pathlib import Path

import pytest
from streamlit.web.server.app_discovery import discover_asgi_app

from dashboard.server import send_at_once
from tests.asking import awaited
from tests.serving import PROJECT, Server, serving


@dataclass
class Answer:
    """What came back: status, headers and the bytes as they travelled."""

    status: int
    headers: Message
    content: bytes

    @property
    def text(self) -> str:
        """The content as text, unpacked."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.content) if packed else self.content).decode("utf-8")


Client = Callable[..., Answer]
PAGE = {"accept": "text/html", "accept-encoding": "gzip"}


@pytest.fixture(scope="module")
def server(shipped_edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard with the shipped data."""
    with serving(shipped_edition.parent, tmp_path_factory.mktemp("server") / "log.txt") as server:
        yield server


def asked(server: Server, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
    """The server's answer to one request."""
    request = urllib.request.Request(server.url + path, headers=dict(headers or {}), method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


@pytest.fixture(scope="module")
def get(server: Server) -> Client:
    """Asks the server for a path, with headers."""
    return partial(asked, server)


def static_file(get: Client, ending: str) -> str:
    """The address of a file that the page loads."""
    found = re.search(rf'(?:src|href)="\./(static/[^"]+{ending})"', get("/", PAGE).text)
    assert found
    return "/" + found[1]


@pytest.mark.parametrize("path", ["/", "/country?area=KNA", "/healthz", "/app/static/panorama.css", "/nowhere/at/all"])
def test_every_answer_has_the_security_headers(get: Client, path: str) -> None:
    headers = get(path, PAGE).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "camera=()" in headers["permissions-policy"]


def test_the_policy_allows_no_other_host(get: Client) -> None:
    policy = get("/", PAGE).headers["content-security-policy"]
    allowed = {source for directive in policy.split(";") for source in directive.split()[1:]}
    assert allowed <= {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:", "ws:", "wss:"}
    assert "object-src 'none'" in policy


@pytest.mark.parametrize(
    ("address", "browser", "lang"),
    [
        ("/?lang=pt", "es-MX", "pt"),
        ("/country?area=KNA", "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("/", "de-DE,es;q=0.5", "es"),
        ("/?lang=xx", "es", "es"),
        ("/", "", "en"),
    ],
)
def test_the_page_declares_its_language(get: Client, address: str, browser: str, lang: str) -> None:
    page = get(address, {**PAGE, "accept-language": browser}).text
    assert f'<html lang="{lang}">' in page
    assert page.count("<html") == 1


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json", ""])
@pytest.mark.parametrize("path", ["/", "/view/programmes.deployments.table?lang=es", "/view/programmes.list.html"])
def test_what_is_html_comes_whole_and_compressed_whatever_is_asked_for(get: Client, path: str, accept: str) -> None:
    answer = get(path, {"accept": accept, "accept-encoding": "gzip"})
    assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
    assert answer.headers["content-type"].startswith("text/html")
    assert "</table>" in answer.text or answer.text.rstrip().endswith("</html>")


def test_the_page_brings_our_head_and_its_true_length(get: Client) -> None:
    answer = get("/", {"accept": "text/html", "accept-encoding": "identity"})
    assert "<title>Panorama</title>" in answer.text
    assert "panorama.css" in answer.text
    assert "panorama.js" in answer.text
    assert "Panorama necesita JavaScript" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_the_page_is_not_told_to_be_unchanged(get: Client) -> None:
    first = get("/?lang=es", PAGE)
    again = get(
        "/?lang=fr",
        {
            **PAGE,
            "if-none-match": first.headers.get("etag", '"x"'),
            "if-modified-since": "Fri, 01 Jan 2038 00:00:00 GMT",
        },
    )
    assert again.status == 200
    assert '<html lang="fr">' in again.text


def test_the_programs_of_the_page_travel_compressed(get: Client) -> None:
    path = static_file(get, r"\.js")
    plain = get(path, {"accept-encoding": "identity"})
    packed = get(path, {"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed.headers["content-length"]) < 0.5 * int(plain.headers["content-length"])
    assert packed.headers.get("cache-control") == plain.headers.get("cache-control")


def test_a_kept_compressed_file_is_the_same_for_everyone(get: Client) -> None:
    path = static_file(get, r"\.css")
    first, second = (get(path, {"accept-encoding": "gzip"}).content for _attempt in range(2))
    assert first == second
    assert gzip.decompress(first) == get(path, {"accept-encoding": "identity"}).content


def test_a_missing_file_is_not_kept_as_found(get: Client) -> None:
    for _attempt in range(2):
        answer = get("/static/js/nothing-here.js", {"accept-encoding": "gzip"})
        assert answer.status == 404 or "javascript" not in answer.headers["content-type"]


def test_health_names_the_live_edition(get: Client, shipped_edition: Path) -> None:
    answer = get("/healthz")
    assert answer.status == 200
    assert json.loads(answer.text) == {"status": "ok", "edition": shipped_edition.stem}


def test_without_an_edition_the_server_starts_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "editions").mkdir()
    with serving(tmp_path / "editions", tmp_path / "log.txt") as empty:
        health = asked(empty, "/healthz")
        table = asked(empty, "/download/training.events_by_year.csv")
    assert (health.status, json.loads(health.text)) == (503, {"status": "no edition"})
    assert table.status == 503


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/download/nothing.here.csv?lang=en", 404),
        ("/download/training.events_by_year.csv?area=Atlantis", 400),
        ("/download/training.events_by_year.csv?edition=../../etc/passwd", 400),
        ("/download/..%2f..%2fsecrets.csv", 400),
    ],
)
def test_a_wrong_address_gets_a_sentence_and_no_trace(get: Client, address: str, status: int) -> None:
    answer = get(address)
    assert answer.status == status
    assert not re.search(r"Traceback|File \"|\.py|select |/dashboard/", answer.text)


def test_the_table_of_a_view_is_answered_in_the_language_asked(get: Client) -> None:
    answer = get("/download/training.events_by_year.csv?lang=en&period=2010-2012")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="training.events_by_year.csv"' in answer.headers["content-disposition"]
    assert answer.text.startswith("\ufeffYear,")


def test_streamlit_run_finds_the_application() -> None:
    found = discover_asgi_app(PROJECT / "dashboard" / "server.py")
    assert (found.is_asgi_app, found.app_name) == (True, "app")


def test_small_messages_leave_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asyncio.base_events._set_nodelay", lambda sock: None)
    send_at_once()

    async def accepted() -> int:
        options: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            at_server = writer.get_extra_info("socket")
            options.set_result(at_server.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        own = socket.socket(socket.AF_INET)  # as Streamlit opens it
        own.bind(("127.0.0.1", 0))
        async with await asyncio.start_server(connected, sock=own):
            await asyncio.open_connection(*own.getsockname())
            return await asyncio.wait_for(options, 10)

    assert awaited(accepted()) != 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_changed_by_a_request(server: Server, method: str) -> None:
    assert asked(server, "/download/training.events_by_year.csv", method=method).status in (403, 404, 405)
