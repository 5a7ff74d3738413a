"""The reasons that the line's constraints give are facts: a line without the constraints shows each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ...asking import Product

pytestmark = pytest.mark.network

Reckless = Callable[[Mapping[str, object]], Product]

MARKED = """\
import pytest

@pytest.mark.flaky({words})
def test_marked():
    assert True
"""


def test_pytest_does_not_start_with_two_plugins_for_snapshots(reckless: Reckless, tmp_path: Path) -> None:
    done = reckless({"serialised": True, "files": True}).ask(at=tmp_path)
    assert done.returncode != 0
    assert "conflicting option string: --snapshot-update" in done.stderr


def test_a_mark_for_reruns_is_wrong_for_the_plugin_flaky(reckless: Reckless, tmp_path: Path) -> None:
    (tmp_path / "test_marked.py").write_text(MARKED.format(words="reruns=2"))
    assert reckless({"reruns": True}).ask(at=tmp_path).returncode == 0
    both = reckless({"reruns": True, "flaky_marks": True}).ask(at=tmp_path)
    assert both.returncode != 0
    assert "unexpected keyword argument 'reruns'" in both.stdout + both.stderr


def test_pytest_does_not_start_with_another_mode_of_asyncio(reckless: Reckless, tmp_path: Path) -> None:
    done = reckless({"coroutines": True, "coroutine_mode": "lazy"}).ask(at=tmp_path)
    assert done.returncode != 0
    assert "'lazy' is not a valid asyncio_mode" in done.stderr
