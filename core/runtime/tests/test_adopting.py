"""An existing pluggy host gets order, isolation, switching and trace for its hooks, and calls them as it always has."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pluggy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarto_runtime import Points, Policy, adopt, around, before

from .plugins import plugin

hookspec, hookimpl = pluggy.HookspecMarker("host"), pluggy.HookimplMarker("host")


@pytest.fixture(autouse=True)
def _points_of_other_tests_are_gone() -> None:
    gc.collect()


class Specs:
    @hookspec
    def menu(self, user: str, depth: int) -> Any: ...

    @hookspec(firstresult=True)
    def render(self, page: str) -> Any: ...

    @hookspec(historic=True)
    def ready(self, app: str) -> Any: ...


def host() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("host")
    manager.add_hookspecs(Specs)
    return manager


def entry(text: str, *, tryfirst: bool = False, trylast: bool = False) -> Any:
    @hookimpl(specname="menu", tryfirst=tryfirst, trylast=trylast)
    def menu(user: str) -> str:
        return f"{text} for {user}"

    return menu


def wrapping(text: str, *, tryfirst: bool = False) -> Any:
    @hookimpl(specname="menu", wrapper=True, tryfirst=tryfirst)
    def menu(depth: int) -> Generator[None, list[str], list[str]]:
        found = yield
        return [f"<{text}{depth}", *found, f"{text}>"]

    return menu


def old_wrapping(text: str) -> Any:
    @hookimpl(specname="menu", hookwrapper=True)
    def menu() -> Generator[None, pluggy.Result[list[str]], None]:
        outcome = yield
        outcome.force_result([f"[{text}", *outcome.get_result(), f"{text}]"])

    return menu


def raising(text: str) -> Any:
    @hookimpl(specname="menu")
    def menu(user: str) -> str:
        raise LookupError(f"{text} has no {user}")

    return menu


makers: dict[str, Callable[[str], Any]] = {
    "entry": entry, "first": lambda text: entry(text, tryfirst=True), "last": lambda text: entry(text, trylast=True),
    "wrapping": wrapping, "wrapping first": lambda text: wrapping(text, tryfirst=True), "old wrapping": old_wrapping,
    "raising": raising,
}  # fmt: skip


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except LookupError as error:
        return f"raised {error}"


@pytest.mark.filterwarnings("ignore::pluggy.PluggyTeardownRaisedWarning")
@settings(max_examples=150, deadline=None)
@given(kinds=st.lists(st.sampled_from(sorted(makers)), max_size=7), also=st.booleans())
def test_without_an_order_every_call_gives_what_pluggy_gives(kinds: list[str], also: bool) -> None:
    """As random plugins implement it, and called with methods more or plugins fewer."""
    plain, adopted = host(), host()
    for number, kind in enumerate(kinds):
        module = plugin(f"p{number}", makers[kind](f"p{number}"))
        for manager in (plain, adopted):
            manager.register(module)
    if also:
        adopt(adopted)
    else:
        Points(adopted)
    left_out = [each for each in plain.get_plugins() if each.__name__ in ("p1", "p3")]

    def answers(manager: pluggy.PluginManager) -> list[Any]:
        return [
            outcome(lambda: manager.hook.menu(user="ada", depth=2)),
            outcome(lambda: manager.hook.menu.call_extra([lambda user: f"extra {user}"], {"user": "b", "depth": 1})),
            outcome(lambda: manager.subset_hook_caller("menu", left_out)(user="ada", depth=2)),
        ]

    assert answers(adopted) == answers(plain)


def test_the_hosts_plugins_are_called_in_the_order_that_is_given_whoever_calls() -> None:
    manager = host()
    for name in "abc":
        manager.register(plugin(name, entry(name), wrapping(name)))
    points = adopt(manager, order="b c a")
    assert manager.hook.menu(user="x", depth=1) == [
        "<b1", "<c1", "<a1", "b for x", "c for x", "a for x", "a>", "c>", "b>",
    ]  # fmt: skip
    manager.register(plugin("d", entry("d")))
    assert manager.hook.menu(user="x", depth=1)[3:7] == ["b for x", "c for x", "a for x", "d for x"]
    points.close()
    assert manager.hook.menu(user="x", depth=1)[0] == "<c1"


def test_a_hosts_plugin_that_fails_is_left_out_and_the_rest_goes_on() -> None:
    manager = host()
    manager.register(plugin("good", entry("good")))
    manager.register(plugin("bad", raising("bad")))
    with pytest.raises(LookupError):
        manager.hook.menu(user="x", depth=1)
    points = adopt(manager, policy=Policy("quarantine", 2))
    told: list[str] = []
    points._tell = told.append
    assert [manager.hook.menu(user="x", depth=1) for _ in range(3)] == [["good for x"]] * 3
    assert [said.partition(": ")[0] for said in told] == ["plugin 'bad' fails in a call"] * 2
    assert {(report.name, report.state) for report in points.plugins()} == {("good", "on"), ("bad", "failed")}


def test_only_the_hooks_that_are_meant_are_adopted() -> None:
    manager = host()
    manager.register(plugin("bad", raising("bad")))
    adopt(manager, ["render"], policy=Policy("disable"))
    with pytest.raises(LookupError):
        manager.hook.menu(user="x", depth=1)


def test_our_variants_work_on_a_hosts_hooks_too() -> None:
    @before("host:render")
    def upper(page: str) -> dict[str, str]:
        return {"page": page.upper()}

    @around("host:render")
    def framed(proceed: Callable[[str], str], page: str) -> str:
        return f"|{proceed(page)}|" if page else "nothing"

    @hookimpl
    def render(page: str) -> str:
        return f"page {page}"

    manager = host()
    manager.register(plugin("plain", render=render))
    manager.register(plugin("frame", framed, upper))
    points = adopt(manager, order="frame plain")
    assert manager.hook.render(page="x") == "|page X|"
    assert manager.hook.render(page="") == "nothing"
    with points.trace() as trace:
        manager.hook.render(page="x")
    assert [(event.plugin, event.effect) for event in trace.events] == [
        ("frame", "changed the arguments"), ("plain", "gave the result"), ("frame", "changed the result"),
    ]  # fmt: skip


def test_a_historic_hook_reaches_those_that_come_later_as_it_did() -> None:
    seen: list[str] = []

    def listener(name: str) -> Any:
        @hookimpl(specname="ready")
        def ready(app: str) -> None:
            seen.append(f"{name} {app}")

        return plugin(name, ready)

    manager = host()
    manager.register(listener("early"))
    adopt(manager)
    manager.hook.ready.call_historic(kwargs={"app": "shop"})
    manager.register(listener("late"))
    assert seen == ["early shop", "late shop"]


def test_a_call_that_lacks_an_argument_that_nobody_wants_goes_as_it_went() -> None:
    manager = host()
    manager.register(plugin("a", entry("a")))
    adopt(manager)
    with pytest.warns(UserWarning, match="depth"):
        assert manager.hook.menu(user="x") == ["a for x"]


CONFTEST = """
from sarto_runtime import adopt

def pytest_configure(config):
    config.points = adopt(config.pluginmanager)

def pytest_unconfigure(config):
    on = [report.name for report in config.points.plugins() if report.state == "on"]
    print("adopted:", "terminalreporter" in on and "capturemanager" in on)
"""
TESTS = """
import pytest

@pytest.fixture
def number():
    yield 1

@pytest.mark.parametrize("more", [1, 2])
def test_good(number, more, tmp_path):
    assert number + more > 1

@pytest.mark.xfail
def test_bad(number):
    assert number == 2

def test_skipped():
    pytest.skip("not now")
"""


def test_pytest_itself_runs_adopted(tmp_path: Path) -> None:
    tmp_path.joinpath("conftest.py").write_text(CONFTEST, encoding="utf-8")
    tmp_path.joinpath("test_it.py").write_text(TESTS, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:hypothesispytest",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 passed, 1 skipped, 1 xfailed" in done.stdout
    assert done.stdout.endswith("adopted: True\n")


@pytest.fixture(autouse=True)
def _nothing_is_loaded() -> Iterator[None]:
    from sarto_runtime import product_points

    yield
    product_points._loaded.clear()
