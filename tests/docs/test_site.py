"""The site builds without a warning and asks nobody else's servers for anything; what README links to is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .page import ROOT, Page

LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
FOREIGN = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//[^>]+>")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr
    return folder


def test_every_page_is_in_the_site(site: Path) -> None:
    pages = [page.relative_to(ROOT / "docs").with_suffix("") for page in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if page.name != "index" and not (site / page / "index.html").is_file()] == []


def test_the_site_asks_no_foreign_server_for_anything(site: Path) -> None:
    found = {match for page in site.rglob("*.html") for match in FOREIGN.findall(page.read_text(encoding="utf-8"))}
    assert {each for each in found if 'rel="canonical"' not in each} == set()


def test_the_site_has_the_tour_of_the_readme(site: Path) -> None:
    assert "harbour-museum" in (site / "tour" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("link", LINK.findall(Page.read("README.md").text))
def test_what_the_readme_links_to_is_there(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_readme_opens_with_the_two_commands() -> None:
    blocks = Page.read("README.md").blocks
    assert [block.text for block in blocks[:2]] == [
        "pip install . && sarto build selections/studio.toml\n",
        "pip install -r requirements-dev.txt && pytest\n",
    ]
    assert {"selections/studio.toml", "requirements-dev.txt"} <= {
        str(path.relative_to(ROOT)) for path in (*ROOT.glob("selections/*"), *ROOT.glob("*.txt"))
    }
