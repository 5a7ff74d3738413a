"""On the page of features the end user switches what is open, and nobody else does."""

from __future__ import annotations

import html
import http.client
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest

from sarto_runtime.build import read_build
from sarto_runtime.features_html import style
from sarto_runtime.features_page import LARGEST, FeaturesServer, serve
from sarto_runtime.switches import read_switches

from .real_builds import Sketch, feature, make_build, start, surroundings
from .test_licence import make_licensed_build
from .test_switching import BECAUSE, ONE_THEME, make_open_build, switches, user_feature

HOSTILE = "<script>alert(\"'&</script>"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    text: str


class Browser:
    """Knows an address, keeps the cookie, follows no redirect by itself."""

    def __init__(self, address: str) -> None:
        self.parts = urlsplit(address)
        self.host = self.parts.netloc
        self.cookie = ""

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        port = self.parts.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        known = {"Host": self.host, "Cookie": self.cookie} | headers
        connection.request(method, path, body, {name.replace("_", "-"): text for name, text in known.items()})
        reply = connection.getresponse()
        answer = Answer(reply.status, dict(reply.getheaders()), reply.read().decode())
        connection.close()
        return answer

    def log_in(self) -> Answer:
        answer = self.ask("GET", f"/?{self.parts.query}")
        self.cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        return answer

    def look(self, path: str = "/") -> str:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer
        return answer.text

    def submit(self, page: str) -> Answer:
        """Send the one form of the page as it is."""
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
        return self.ask("POST", "/switch", urlencode([(name, html.unescape(value)) for name, value in fields]))


@contextmanager
def served(launcher: Path) -> Iterator[FeaturesServer]:
    with FeaturesServer(read_build(str(launcher.parent))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def opened(launcher: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A browser in which the printed address was opened."""
    monkeypatch.setenv("SARTO_STATE", surroundings(launcher)["SARTO_STATE"])
    with served(launcher) as server:
        browser = Browser(server.address)
        assert browser.log_in().status == 303
        yield browser


def words(page: str) -> str:
    """What the page says, without its marks."""
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)).split())


def test_a_feature_is_switched_off_and_on_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = make_open_build(tmp_path)
    with opened(launcher, monkeypatch) as browser:
        page = browser.look()
        assert "maps: on" in words(page)
        assert "Tables draw themselves as maps" in words(page)
        assert "Acme Greetings" in words(page)
        assert "export: off" in words(page)
        assert "Decided by the customer: Left out by Acme GmbH." in words(page)
        preview = browser.look("/switch?off=maps")
        assert "maps: off from the next start" in words(preview)
        assert not switches(tmp_path).exists()
        done = browser.submit(preview)
        assert (done.status, done.headers["Location"]) == (303, "/?switched=maps")
        assert read_switches(str(switches(tmp_path)))[0] == {"maps": False}
        assert "maps: off from the next start" in words(browser.look("/?switched=maps"))
        assert browser.submit(browser.look("/switch?on=maps")).status == 303
        assert read_switches(str(switches(tmp_path)))[0] == {"maps": True}
    history = start(launcher, "@history", "--json")
    assert [each["features"] for each in json.loads(history.stdout)["entries"]] == [{"maps": False}, {"maps": True}]


def test_what_breaks_a_rule_is_refused_and_goes_with_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(make_open_build(tmp_path), monkeypatch) as browser:
        assert BECAUSE in words(browser.look())
        preview = browser.look("/switch?on=graphql")
        assert "'graphql' on would break this product's rules:" in words(preview)
        assert BECAUSE in words(preview)
        assert "<form" not in preview
        secret = re.search('name="secret" value="([^"]+)"', browser.look("/switch?off=maps"))
        assert secret
        forced = browser.ask("POST", "/switch", urlencode({"secret": secret[1], "on": "graphql"}))
        assert forced.status == 409
        assert BECAUSE in words(forced.text)
        assert not switches(tmp_path).exists()
        link = re.search(r'href="(/switch\?[^"]+)">See what follows', preview)
        assert link
        both = browser.look(html.unescape(link[1]))
        assert "graphql: on from the next start" in words(both)
        assert "tokens: on from the next start" in words(both)
        assert browser.submit(both).status == 303
        assert read_switches(str(switches(tmp_path)))[0] == {"graphql": True, "tokens": True}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("on=export", "'export' is not licensed in this build: Left out by Acme GmbH."),
        ("on=grapql", "there is no feature 'grapql'; did you mean 'graphql'?"),
    ],
)
def test_what_is_not_the_users_is_refused_with_the_same_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str, sentence: str
) -> None:
    with opened(make_open_build(tmp_path), monkeypatch) as browser:
        answer = browser.ask("GET", f"/switch?{query}")
        assert (answer.status, sentence in words(answer.text)) == (409, True)


def test_what_no_licence_covers_says_so_and_has_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(make_licensed_build(tmp_path), monkeypatch) as browser:
        page = browser.look()
        assert "no licence covers 'export'" in words(page)
        assert "/switch?on=export" not in page
        answer = browser.ask("GET", "/switch?on=export")
        assert (answer.status, "no licence covers 'export'" in words(answer.text)) == (409, True)


def test_what_another_process_switches_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = make_open_build(tmp_path)
    with opened(launcher, monkeypatch) as browser:
        assert "maps: on" in words(browser.look())
        assert start(launcher, "@disable", "maps").returncode == 0
        assert "maps: off" in words(browser.look())


def test_no_text_of_a_build_becomes_a_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sketch = Sketch(
        features={HOSTILE: user_feature(True, summary=HOSTILE), "plain": user_feature(False)},
        open=[HOSTILE, "plain"],
        residual=[([HOSTILE, "plain"], HOSTILE)],
        brand={"name": HOSTILE, "accent": "red;} </style><script>"},
        look={"languages": ["en"], "types": {"accent": "colour"}, "texts": {}, "variants": {}},
    )
    with opened(make_build(tmp_path / "acme", sketch), monkeypatch) as browser:
        both = f"/switch?{urlencode([('off', HOSTILE), ('on', 'plain')])}"
        for path in ("/", f"/switch?{urlencode({'off': HOSTILE})}", both, f"/?{urlencode({'switched': HOSTILE})}"):
            page = browser.look(path)
            assert HOSTILE in words(page)
            assert "<script" not in page
        assert browser.submit(browser.look(both)).status == 303
        assert "<script" not in browser.ask("GET", f"/switch?{urlencode({'on': HOSTILE + '>'})}").text


def test_the_brands_colour_is_the_titles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = {"languages": ["en"], "types": {"accent": "colour"}, "texts": {}, "variants": {}}
    launcher = make_build(tmp_path / "acme", Sketch(features={"x": feature()}, brand={"accent": "#ab12cd"}, look=look))
    with opened(launcher, monkeypatch) as browser:
        assert "solid #ab12cd" in browser.look()
        assert "No feature of this product is open to you." in words(browser.look())


def test_who_does_not_know_the_address_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(make_open_build(tmp_path), monkeypatch) as browser:
        form = browser.look("/switch?off=maps")
        answers = [
            browser.ask("GET", "/", Cookie=""),
            browser.ask("GET", "/", Cookie=f"{browser.cookie}x"),
            browser.ask("GET", "/?token=", Cookie=""),
            browser.ask("GET", "/?token=%C3%A9", Cookie=""),
            browser.ask("GET", "/", Host="evil.example"),
            browser.ask("GET", f"/?{browser.parts.query}", Host=f"evil.example:{browser.parts.port}"),
            browser.ask("GET", "/", Host="127.0.0.1:1"),
            browser.ask("GET", "/nothing", Cookie=""),
            browser.ask("POST", "/switch", "off=maps"),
            browser.ask("POST", "/switch", "off=maps&secret=guess"),
        ]
        assert [answer.status for answer in answers] == [403] * len(answers)
        assert {answer.text for answer in answers} == {"Open the address that the terminal shows.\n"}
        known, browser.cookie = browser.cookie, ""
        assert browser.submit(form).status == 403
        browser.cookie = known
        assert not switches(tmp_path).exists()
        browser.host = f"localhost:{browser.parts.port}"
        assert browser.submit(form).status == 303


def test_the_cookie_and_every_answer_are_shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(make_open_build(tmp_path), monkeypatch) as browser:
        first = browser.log_in()
        assert first.headers["Location"] == "/"
        assert first.headers["Set-Cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict")
        assert browser.parts.query.partition("=")[2] not in first.headers["Set-Cookie"]
        for path, status in (("/", 200), ("/nothing", 404), ("/switch", 400), ("/switch?on=maps&off=maps", 400)):
            answer = browser.ask("GET", path)
            assert answer.status == status
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
            assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert browser.ask("POST", "/", "off=maps").status == 404
        assert browser.ask("POST", "/switch", "off=" + "&off=".join(["x"] * 1001)).status == 400
        assert browser.ask("POST", "/switch", "", Content_Length=str(LARGEST + 1)).status == 413
        assert browser.ask("POST", "/switch", "", Content_Length="-1").status == 411


def test_a_product_whose_rules_were_changed_switches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = make_open_build(tmp_path)
    with opened(launcher, monkeypatch) as browser:
        form = browser.look("/switch?off=maps")
        launcher.with_name("build.json").write_text("{}", encoding="utf-8")
        answer = browser.submit(form)
        assert answer.status == 409
        assert "this product's rules were changed after it was built, so nothing can be switched" in words(answer.text)


def test_a_bug_says_nothing_in_the_browser_and_all_in_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(build: object) -> None:
        raise KeyError("a secret of the machine")

    with opened(make_open_build(tmp_path), monkeypatch) as browser:
        monkeypatch.setattr("sarto_runtime.features_page.stored", fail)
        answer = browser.ask("GET", "/")
    assert answer.status == 500
    assert "Something went wrong; the terminal says what." in words(answer.text)
    assert "secret of the machine" not in answer.text
    assert "KeyError: 'a secret of the machine'" in capsys.readouterr().err


def test_the_page_can_be_heard_and_used_by_keyboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(make_open_build(tmp_path), monkeypatch) as browser:
        page, preview = browser.look(), browser.look("/switch?off=maps")
        done = browser.look("/?switched=maps")
    for each in (page, preview, done):
        assert '<html lang="en">' in each
        assert (each.count("<h1>"), each.count("<main>"), each.count("<title>")) == (1, 1, 1)
        assert "outline: none" not in each
    labels = re.findall(r'<article class="o[nf]+" aria-labelledby="([^"]+)">', page)
    assert len(labels) == len(set(labels)) == 8
    assert [page.count(f'<h3 id="{label}">') for label in labels] == [1] * 8
    links = re.findall(r"<a [^>]*>([^<]*)</a>", page)
    assert len(links) == len(set(links)) == 5, "each says which feature it switches"
    assert ">Switch &#x27;maps&#x27; off</button>" in preview
    assert '<div role="status">' in done


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark(tmp_path: Path, scheme: str) -> None:
    sheet = style(read_build(str(make_build(tmp_path / "acme").parent)))
    light, _, dark = sheet.partition("prefers-color-scheme: dark")
    colours = dict(re.findall("--([a-z]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))
    assert set(colours) == {"paper", "ink", "soft", "link"}
    for name in ("ink", "soft", "link"):
        lighter, darker = sorted(map(luminance, (colours["paper"], colours[name])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, f"{name} on paper (WCAG 2.2, 1.4.3)"


def luminance(colour: str) -> float:
    """How bright a colour is, from 0 to 1 (WCAG 2.2, relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_switches_in_a_running_product_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = {**user_feature(False), "binding": "run"}
    with opened(make_build(tmp_path / "acme", Sketch(features={"live": live}, open=["live"])), monkeypatch) as browser:
        assert "live: on from the next start, sooner where it runs and follows" in words(
            browser.look("/switch?on=live")
        )


def test_the_whole_product_is_listed_with_what_can_be_done_about_each_feature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(make_open_build(tmp_path), monkeypatch) as browser:
        page = browser.look()
    yours, fixed, missing = re.findall(r"<section .*?</section>", page)
    assert [titles(each) for each in (yours, fixed, missing)] == [
        ["maps: on", "graphql: off", "tokens: off", "dark: on", "light: off"],
        ["core: on", "page_size: 50"],
        ["export: off"],
    ]
    assert words(yours).startswith("Yours to switch maps: on")
    assert "In the product, and fixed core: on Decided by the vendor: The root is in every product." in words(fixed)
    assert words(missing) == (
        "Not in the product What is not in this build can be had with another one: ask whoever gave you this product. "
        "export: off Decided by the customer: Left out by Acme GmbH."
    )
    assert "<a " not in fixed + missing


def titles(section: str) -> list[str]:
    return [html.unescape(each) for each in re.findall("<h3[^>]*>(.*?)</h3>", section)]


def test_what_a_licence_would_cover_says_how_that_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(make_licensed_build(tmp_path), monkeypatch) as browser:
        said = words(browser.look())
    assert (
        "export: off no licence covers 'export' With a licence that covers it you can switch it on; "
        "this takes the vendor's file: acme @licence FILE"
    ) in said


def test_a_feature_that_goes_along_says_with_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [(["!light", "!dark"], ONE_THEME), (["light", "dark"], "There is light or dark.")]
    launcher = make_open_build(tmp_path, open=("light",), residual=rules)
    assert start(launcher, "@enable", "light").returncode == 0
    with opened(launcher, monkeypatch) as browser:
        assert (
            "dark: off it goes with features that you switched; the build starts with it on "
            "It goes on and off with features that are yours: "
            f"{ONE_THEME} There is light or dark."
        ) in words(browser.look())


@pytest.mark.parametrize(
    ("asked", "tag", "title", "state", "button"),
    [
        ("it-CH,it;q=0.9,en;q=0.8", "it-CH", "Caratteristiche", "maps: attiva", "Cambia: «maps» non attiva"),
        ("de,tr;q=0.5", "tr", "Özellikler", "maps: açık", "Değiştir: “maps” kapalı"),
        ("de", "en", "Features", "maps: on", "Switch 'maps' off"),
    ],
)
def test_the_page_speaks_the_language_that_the_browser_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, tag: str, title: str, state: str, button: str
) -> None:
    texts = {"name": {"en": "Acme Greetings", "it": "Saluti Acme", "tr": "Acme Selamları"}}
    look = {"languages": ["en", "it", "tr"], "types": {"name": "text"}, "texts": texts, "variants": {}}
    with opened(make_open_build(tmp_path, look=look), monkeypatch) as browser:
        page = browser.ask("GET", "/", Accept_Language=asked)
        assert page.headers["Content-Language"] == tag
        assert f'<html lang="{tag}">' in page.text
        assert f"<h1>{title}</h1>" in page.text
        assert state in words(page.text)
        name = texts["name"].get(tag.partition("-")[0])
        assert f"<header><p>{name}</p></header>" in page.text
        assert f"<title>{title} – {name}</title>" in page.text
        assert ('<span lang="en">Left out by Acme GmbH.</span>' in page.text) is (tag != "en")
        assert button in words(browser.ask("GET", "/switch?off=maps", Accept_Language=asked).text)


def test_a_name_that_is_in_another_language_says_in_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"name": {"it": "Saluti Acme", "en": "Acme Greetings"}}
    look = {"languages": ["it", "en"], "types": {"name": "text"}, "texts": texts, "variants": {}}
    launcher = make_open_build(tmp_path, look=look, brand={"name": "Saluti Acme"})
    with opened(launcher, monkeypatch) as browser:
        page = browser.ask("GET", "/", Accept_Language="tr").text
        assert '<header><p lang="it">Saluti Acme</p></header>' in page
        assert '<p lang="it">Tables draw themselves as maps</p>' in page


def test_refusals_and_errors_are_in_that_language_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(make_open_build(tmp_path), monkeypatch) as browser:
        italian = {"Accept_Language": "it"}
        assert browser.ask("GET", "/nothing", **italian).text == "Questa pagina non c'è.\n"
        assert browser.ask("GET", "/", Cookie="", **italian).text == "Apri l'indirizzo che il terminale mostra.\n"
        refused = browser.ask("GET", "/switch?on=graphql", **italian).text
        assert "«graphql» attiva: andrebbe contro le regole di questo prodotto:" in words(refused)
        assert f'<span lang="en">{html.escape(BECAUSE)}</span>' in refused
        unknown = browser.ask("GET", "/switch?on=grapql", **italian)
        assert (unknown.status, "<h1>Questo non si può fare</h1>" in unknown.text) == (409, True)


def make_long_build(tmp_path: Path) -> Path:
    """Three hundred open features with their summaries."""
    names = [f"feature_{number}" for number in range(300)]
    features = {name: user_feature(True, summary=f"Does <{number}> & more") for number, name in enumerate(names)}
    return make_build(tmp_path / "acme", Sketch(features=features, open=names))


def test_a_long_list_is_filtered_by_name_and_summary_and_a_switch_comes_back_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(make_long_build(tmp_path), monkeypatch) as browser:
        assert len(titles(browser.look())) == 300
        found = browser.look("/?q=FEATURE_29+more")
        assert titles(found) == [f"feature_{number}: on" for number in (29, *range(290, 300))]
        assert "11 of 300 features" in words(found)
        assert titles(browser.look("/?q=%3C17%3E")) == ["feature_17: on"]
        nothing = browser.look("/?q=%22%3E%3Cscript%3E")
        assert (titles(nothing), "0 of 300 features" in words(nothing), "<script" in nothing) == ([], True, False)
        link = re.search(r'href="(/switch\?off=feature_29&amp;[^"]+)"', found)
        assert link
        preview = browser.look(html.unescape(link[1]))
        assert 'href="/?q=FEATURE_29+more"' in preview
        done = browser.submit(preview)
        assert done.headers["Location"] == "/?switched=feature_29&q=FEATURE_29+more"
        assert len(titles(browser.look(done.headers["Location"]))) == 11


def test_the_address_is_told_in_the_users_language(tmp_path: Path) -> None:
    told: list[str] = []

    def say(text: str) -> None:
        told.append(text)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LANGUAGE", "tr_TR:en")
        with pytest.raises(KeyboardInterrupt):
            serve(read_build(str(make_build(tmp_path / "acme").parent)), say, is_opened=False)
    assert re.fullmatch(r"özellikler şu adreste değiştirilir: http://127\.0\.0\.1:\S+ \(Ctrl-C bitirir\)", told[0])


@pytest.mark.parametrize("more", [["--no-browser"], ["--web", "--json"], ["--web", "maps"]])
def test_the_page_goes_with_no_other_form_of_answer(tmp_path: Path, more: list[str]) -> None:
    done = start(make_build(tmp_path / "acme"), "@features", *more)
    assert done.returncode == 2
    assert done.stderr.endswith("@features [--json|--web [--no-browser]]\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("more", [[], ["--no-browser"]])
def test_the_launcher_serves_the_page_until_it_is_interrupted(tmp_path: Path, more: list[str]) -> None:
    launcher = make_open_build(tmp_path)
    browser_file, told = tmp_path / "browser.py", tmp_path / "told"
    browser_file.write_text(
        "import os, sys\nwith open(sys.argv[1] + '.part', 'w') as file:\n    file.write(sys.argv[2])\n"
        "os.rename(sys.argv[1] + '.part', sys.argv[1])\n",
        encoding="utf-8",
    )
    # Where the tests run in the background, SIGINT is ignored, and what they start would do so too.
    program = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    )
    line = [sys.executable, str(launcher), "@features", "--web", *more]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *line],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**surroundings(launcher), "LANGUAGE": "en", "BROWSER": f"{sys.executable} {browser_file} {told} %s"},
        text=True,
    )
    try:
        assert process.stdout
        found = re.fullmatch(r"switch features at (http://\S+) \(Ctrl-C ends it\)\n", process.stdout.readline())
        assert found
        browser = Browser(found[1])
        assert browser.log_in().status == 303
        assert browser.submit(browser.look("/switch?off=maps")).status == 303
        until = time.monotonic() + 60
        while not (more or told.exists()) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, errors) == (0, "")
    assert (told.read_text(encoding="utf-8") if told.exists() else "") == ("" if more else found[1])
    assert read_switches(str(switches(tmp_path)))[0] == {"maps": False}
