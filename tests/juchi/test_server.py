"""The local server: right types, only this machine, only its folders, no other host's name."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from juchi.core.errors import UserError
from juchi.preview.live import LiveServer, State
from juchi.preview.serve import site_server
from juchi.preview.server import HOST, SiteServer
from tests.project import ROOT
from tests.serving import PATIENCE


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a small site beside a file that is nobody's business."""
    folder = tmp_path / "site"
    (folder / "en").mkdir(parents=True)
    (folder / "empty").mkdir()
    for name in ("index.html", "en/index.html"):
        (folder / name).write_text(f"<html><head></head><body>{name}</body></html>")
    for name in ("a.svg", "a.woff2", "a.csv", "a.json", "a.css", "a.js", "a.pdf", ".hidden"):
        (folder / name).write_text("x")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def server(site: Path) -> Iterator[SiteServer]:
    """Give a running server of the site."""
    with site_server(site, 0) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def ask(
    server: SiteServer, target: str, method: str = "GET", host: str = ""
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Send a target as it is, without the tidying of a browser."""
    connection = http.client.HTTPConnection(HOST, server.server_port, timeout=PATIENCE)
    connection.putrequest(method, target, skip_host=True)
    connection.putheader("Host", host or f"{HOST}:{server.server_port}")
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/en/", "text/html; charset=utf-8"),
        ("/en/index.html?a=b", "text/html; charset=utf-8"),
        ("/a.svg", "image/svg+xml; charset=utf-8"),
        ("/a.woff2", "font/woff2"),
        ("/a.csv", "text/csv; charset=utf-8"),
        ("/a.json", "application/json; charset=utf-8"),
        ("/a.css", "text/css; charset=utf-8"),
        ("/a.js", "text/javascript; charset=utf-8"),
        ("/a.pdf", "application/pdf"),
    ],
)
def test_files_come_with_their_types(server: SiteServer, target: str, kind: str) -> None:
    for method in ("GET", "HEAD"):
        status, headers, content = ask(server, target, method)
        assert (status, headers["Content-Type"]) == (200, kind)
        assert bool(content) == (method == "GET")


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/en/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "//../secret.txt",
        "/link.txt",
        "/.hidden",
        "/empty/",
        "/en/missing.html",
        "/a%00.svg",
        "/" + "a" * 5000,
    ],
)
def test_nothing_else_is_read_and_the_answer_is_plain(server: SiteServer, target: str) -> None:
    status, headers, content = ask(server, target)
    assert status == 404
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert content.startswith(b"404 ")
    assert b"secret" not in content


def test_an_absolute_path_stays_inside(server: SiteServer, tmp_path: Path) -> None:
    assert ask(server, f"/{tmp_path}/secret.txt")[0] == 404
    assert ask(server, f"//{tmp_path}/secret.txt")[0] == 404


def test_a_folder_without_its_slash_is_led_to_its_page(server: SiteServer) -> None:
    status, headers, _ = ask(server, "/en")
    assert (status, headers["Location"]) == (301, "/en/")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_other_names_are_refused(server: SiteServer, host: str, method: str) -> None:
    assert ask(server, "/a.svg", method, host)[0] == 421


def test_its_own_names_are_answered(server: SiteServer) -> None:
    assert ask(server, "/a.svg", host=f"localhost:{server.server_port}")[0] == 200


def test_nothing_but_reading_is_understood(server: SiteServer) -> None:
    assert ask(server, "/a.svg", "POST")[0] == 501


def test_it_listens_on_loopback_alone(server: SiteServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_port}/"
    # All of 127.0.0.0/8 is this machine: a server on every address would answer there too.
    with socket.socket() as elsewhere, pytest.raises(ConnectionRefusedError):
        elsewhere.connect(("127.0.0.2", server.server_port))


def test_pages_may_load_nothing_from_elsewhere(server: SiteServer) -> None:
    policy = ask(server, "/")[1]["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "http" not in policy


def test_a_taken_port_is_said(server: SiteServer, site: Path) -> None:
    with pytest.raises(UserError) as caught:
        site_server(site, server.server_port)
    assert f"error: port {server.server_port} of 127.0.0.1\n" in str(caught.value)
    assert "make serve PORT=" in str(caught.value)


def test_no_site_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no built site") as caught:
        site_server(tmp_path / "site", 0)
    assert "make article" in str(caught.value)


def test_the_command_says_where_the_site_is(site: Path) -> None:
    command = [sys.executable, "-m", "juchi", "serve", "--site", str(site), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        running.terminate()
    assert line.startswith(f"{site} is at http://127.0.0.1:")


# --- the server of the preview ---


@pytest.fixture
def state() -> State:
    """Give what pages are told."""
    return State()


@pytest.fixture
def live(site: Path, tmp_path: Path, state: State) -> Iterator[LiveServer]:
    """Give a running server of two folders, the first of which is more recent."""
    recent = tmp_path / "recent"
    (recent / "en").mkdir(parents=True)
    (recent / "en" / "index.html").write_text("<html><head></head><body>recent</body></html>")
    with LiveServer([recent, site], 0, state) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def test_the_first_folder_that_has_a_file_gives_it(live: LiveServer) -> None:
    assert b"recent" in ask(live, "/en/")[2]
    assert b"<body>index.html" in ask(live, "/")[2]
    assert ask(live, "/a.svg")[2] == b"x"


def test_pages_are_sent_with_the_script_and_stay_without_it(
    live: LiveServer, site: Path, state: State
) -> None:
    page = "en/index.html"
    for target in ("/en/", "/en/index.html"):
        script = f'data-page="{page}" data-build="{state.build(page)}" defer></script></head>'
        assert script in ask(live, target)[2].decode()
    assert not [file for file in site.rglob("*.html") if "reload.js" in file.read_text()]
    assert ask(live, "/-/reload.js")[1]["Content-Type"] == "text/javascript; charset=utf-8"


def test_a_page_that_is_not_there_yet_is_awaited(live: LiveServer) -> None:
    status, _, content = ask(live, "/zh/")
    assert (status, b"/-/reload.js" in content) == (200, True)
    assert ask(live, "/missing.svg")[0] == 404
    assert ask(live, "/../secret.txt")[0] == 404


def test_the_events_tell_the_state_and_each_change(live: LiveServer, state: State) -> None:
    page = "en/index.html"
    first = state.build(page)
    with socket.create_connection((HOST, live.server_port), timeout=PATIENCE) as connection:
        request = (
            f"GET /-/events?en%2Findex.html HTTP/1.1\r\nHost: {HOST}:{live.server_port}\r\n\r\n"
        )
        connection.sendall(request.encode())
        with connection.makefile("r", encoding="utf-8") as stream:

            def told() -> str:
                return next(line for line in stream if line.startswith("data: "))

            assert f'"build": "{first}", "fault": null' in told()
            state.fail("error: here")
            assert f'"build": "{first}", "fault": "error: here"' in told()
            state.fail(None)
            assert f'"build": "{first}", "fault": null' in told()
            state.renew(["zh/index.html"])  # another page, which is none of this one's business
            state.renew(["en/index.html"])
            second = state.build("en/index.html")
            assert f'"{second}"' in told()
            state.renew(["assets/screen.css"])
            assert f'"{state.build("en/index.html")}"' in told()
            assert len({first, second, state.build("en/index.html")}) == 3


def test_the_events_are_for_its_own_names_alone(live: LiveServer) -> None:
    assert ask(live, "/-/events", host="evil.example")[0] == 421


def test_a_state_that_is_known_is_waited_for(state: State) -> None:
    started = time.monotonic()
    assert state.wait("a", state.told("a"), 0.1) == state.told("a")
    assert time.monotonic() - started >= 0.1
