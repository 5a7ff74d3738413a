"""Serves the page on which the end user switches features: to this machine and one browser, until Ctrl-C."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from .build import Build
from .errors import ProductError
from .features_html import features_page, policy, preview_page, problem_page, refused
from .followers import wait_for_followers
from .licence import uncovered
from .look import languages_of_user
from .paths import switches_file
from .standing import scene_of
from .state import State, state_of
from .switches import peek
from .switching import judge, switch_stored
from .words import Words, accepted, words_for

__all__ = ["FeaturesServer", "serve"]

T = TypeVar("T")
Fields = Mapping[str, list[str]]

LARGEST = 16 * 1024
"""Bytes that a form may have."""
PATIENCE = 10.0
"""Seconds that a browser may leave the server waiting for what it asks."""


def serve(build: Build, say: Callable[[str], None], *, is_opened: bool) -> int:
    """Serve until Ctrl-C; ``say`` is told the address, which a browser is asked to open where ``is_opened``."""
    with FeaturesServer(build) as server:
        try:
            say(words_for(languages_of_user()).say("address", address=server.address))
            if is_opened:
                import webbrowser

                # A browser that runs in the terminal comes back when it is closed.
                threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
            server.serve_forever()
        except KeyboardInterrupt:
            say("")
    return 0


class FeaturesServer(ThreadingHTTPServer):
    """One page on a free port of 127.0.0.1; only who knows its ``address`` gets in."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.token, self.session, self.secret = (secrets.token_urlsafe(32) for _ in range(3))
        self.switching = threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        """With the token in it, that is good for a session."""
        return f"http://127.0.0.1:{self.server_port}/?token={self.token}"

    def server_bind(self) -> None:
        """Without the name of this machine, for which another one might be asked."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])


class Refused(Exception):
    """A request that is answered with a status and the text of a key, which say nothing of the product."""

    def __init__(self, status: HTTPStatus, key: str) -> None:
        self.status, self.key = status, key
        super().__init__(key)


class Handler(BaseHTTPRequestHandler):
    """Answers one request of the browser."""

    server: FeaturesServer
    timeout = PATIENCE
    server_version, sys_version = "Sarto", ""

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, format: str, *values: object) -> None:
        """Nothing is logged: the address is a key."""

    def _answer(self, run: Callable[[str, Fields], None]) -> None:
        try:
            sent = self._body() if self.command == "POST" else None
            self._check_host()
            path, query = _read(lambda: urlsplit(self.path)[2:4])
            fields = _read(lambda: parse_qs(query if sent is None else sent, max_num_fields=1000))
            if self.command == "GET" and path == "/" and _is_same(_first(fields, "token"), self.server.token):
                cookie = f"{self._cookie_name}={self.server.session}; Path=/; HttpOnly; SameSite=Strict"
                self._go_to("/", cookie)
            else:
                self._check_session()
                run(path, fields)
        except Refused as error:
            plain = {"Content-Type": "text/plain; charset=utf-8"}
            self._send(error.status, self.words.say(error.key) + "\n", plain)
        except ProductError as error:
            self._send_problem(HTTPStatus.CONFLICT, "cannot", "", str(error).splitlines())
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception:
            self._send_problem(HTTPStatus.INTERNAL_SERVER_ERROR, "wrong", self.words.say("bug"), [])
            raise  # a bug keeps its traceback, in the terminal

    def _check_host(self) -> None:
        """No other name may stand for this machine: a foreign page could make one do so (DNS rebinding)."""
        port = self.server.server_port
        if self.headers.get_all("Host") not in ([f"127.0.0.1:{port}"], [f"localhost:{port}"]):
            raise Refused(HTTPStatus.FORBIDDEN, "closed")

    def _check_session(self) -> None:
        pairs = (pair.strip().partition("=") for pair in self.headers.get("Cookie", "").split(";"))
        if not any(name == self._cookie_name and _is_same(value, self.server.session) for name, _, value in pairs):
            raise Refused(HTTPStatus.FORBIDDEN, "closed")

    @property
    def _cookie_name(self) -> str:
        """Cookies are shared by all ports: two products' pages each have their own."""
        return f"sarto_{self.server.server_port}"

    @property
    def words(self) -> Words:
        """The texts in the language that the browser asks for."""
        return words_for(accepted(self.headers.get("Accept-Language", "")))

    def _get(self, path: str, fields: Fields) -> None:
        build, sought = self.server.build, _first(fields, "q")
        scene = scene_of(build, stored(build))
        if path == "/":
            self._send(HTTPStatus.OK, features_page(scene, self.words, fields.get("switched", []), sought))
        elif path == "/switch":
            wanted = _wanted(fields)
            found = judge(build, scene.state, wanted) or consequences(build, scene.state, wanted)
            self._send(HTTPStatus.OK, preview_page(scene, self.words, wanted, found, self.server.secret, sought))
        else:
            raise Refused(HTTPStatus.NOT_FOUND, "no_page")

    def _post(self, path: str, fields: Fields) -> None:
        if path != "/switch":
            raise Refused(HTTPStatus.NOT_FOUND, "no_page")
        if not _is_same(_first(fields, "secret"), self.server.secret):
            raise Refused(HTTPStatus.FORBIDDEN, "closed")
        wanted, build = _wanted(fields), self.server.build
        with self.server.switching:
            refusal = switch_stored(build, stored(build), wanted)
        if refusal:
            self._send_problem(HTTPStatus.CONFLICT, "cannot", refused(self.words, wanted), refusal.sentences)
        else:
            wait_for_followers(switches_file(build.line.name, build.name))
            sought = [("q", each) for each in fields.get("q", [])[:1] if each]
            self._go_to("/?" + urlencode([("switched", name) for name in wanted] + sought))

    def _body(self) -> str:
        size = self.headers.get("Content-Length", "")
        if not (size.isascii() and size.isdigit()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "no_length")
        if len(size) > 9 or int(size) > LARGEST:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_long")
        content = self.rfile.read(int(size))
        return _read(lambda: content.decode("utf-8"))

    def _go_to(self, path: str, cookie: str = "") -> None:
        self._send(HTTPStatus.SEE_OTHER, "", {"Location": path, **({"Set-Cookie": cookie} if cookie else {})})

    def _send_problem(self, status: HTTPStatus, title: str, own: str, sentences: Sequence[str]) -> None:
        words = self.words
        self._send(status, problem_page(self.server.build, words, words.say(title), own, sentences))

    def _send(self, status: int, text: str, more: Mapping[str, str] | None = None) -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy(self.server.build),
            "Cache-Control": "no-store",
            "Content-Language": self.words.tag,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in {**headers, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def stored(build: Build) -> State:
    """The state of the next start as it is stored now, by this process or another one."""
    return state_of(build, peek(switches_file(build.line.name, build.name)), uncovered(build))


def consequences(build: Build, state: State, wanted: Mapping[str, bool]) -> dict[str, bool]:
    """Every feature that would change with the valid switches ``wanted``, those that nobody is shown left out."""
    switches = {name: wanted.get(name, state.is_on(name)) for name in build.open}
    future = state_of(build, switches, [name for name in uncovered(build) if not state.is_on(name)])
    names = (name for name in build.features if name not in build.unlisted)
    return {name: future.is_on(name) for name in names if future.is_on(name) is not state.is_on(name)}


def _wanted(fields: Fields) -> dict[str, bool]:
    on, off = (dict.fromkeys(fields.get(key, []), key == "on") for key in ("on", "off"))
    if not (on or off) or on.keys() & off.keys():
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable")
    return {**on, **off}


def _first(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[0]


def _read(reading: Callable[[], T]) -> T:
    """What is read of a request, which anybody may have written."""
    try:
        return reading()
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable") from error


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
