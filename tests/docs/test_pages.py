"""Every page is followed from top to bottom: what it shows is what happens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .page import ROOT, Page
from .session import Session

TUTORIALS = ("end-user", "plugin-author", "testing-a-line", "vendor")
EXAMPLES = sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("examples/*/README.md"))
REFERENCE = ("commands", "product")
NETWORK = frozenset(
    ["README.md", *EXAMPLES]
    + [f"docs/tutorials/{name}.md" for name in TUTORIALS]
    + [f"docs/reference/{name}.md" for name in REFERENCE]
)
"""Pages that check or build with parts from the package index."""


def pages() -> list[Page]:
    documentation = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").rglob("*.md"))
    return [Page.read(name) for name in ("README.md", *documentation, *EXAMPLES)]


def with_steps() -> list[object]:
    return [
        pytest.param(page, id=page.name, marks=[pytest.mark.network] if page.name in NETWORK else [])
        for page in pages()
        if any(block.is_step for block in page.blocks)
    ]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sarto's cache: the one that the environment names, or a new one for all pages."""
    named = os.environ.get("SARTO_CACHE")
    return Path(named) if named else tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("page", with_steps())
def test_a_page_shows_what_really_happens(page: Page, tmp_path: Path, cache: Path) -> None:
    Session(tmp_path / "sarto", cache).follow(page)


def test_the_pages_that_need_the_index_are_there() -> None:
    assert {page.name for page in pages()} >= NETWORK
