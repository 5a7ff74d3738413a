"""Only a bundle goes on to a bundle: a build in another form would not start, or not follow the pointer."""

from __future__ import annotations

from pathlib import Path

import pytest

from .real_builds import greetings, start, write_sums
from .test_switching import make_open_build
from .upgrades import make_delta, next_version


@pytest.mark.parametrize("form", ["pyvenv.cfg", "unpacked"])
def test_a_build_whose_parts_are_installed_is_replaced_whole(form: str, tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    new = next_version(launcher, tmp_path / "vendor" / "acme").parent
    delta = make_delta(launcher.parent, new, tmp_path / "acme.delta")
    (launcher.parent / form).mkdir()
    done = start(launcher, "@upgrade", str(delta))
    assert (done.returncode, done.stderr) == (
        1, "acme.py: this build has its parts installed\n  hint: to upgrade it, put the whole new one in its place\n",
    )  # fmt: skip
    assert not (launcher.parent / "upgrades").exists()


@pytest.mark.parametrize("is_installed", [False, True])
def test_a_build_that_the_launcher_could_not_start_is_not_gone_on_to(is_installed: bool, tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    before = greetings(launcher)
    new = next_version(launcher, tmp_path / "vendor" / "acme").parent
    (new / "pyvenv.cfg").write_text("version = 3.11\n")
    if is_installed:
        next((new / "parts").glob("host_news-*.whl")).unlink()
        record = new / "lib/python3/site-packages/host_news-1.0.dist-info/RECORD"
        record.parent.mkdir(parents=True)
        record.write_text("")
    write_sums(new)
    delta = make_delta(launcher.parent, new, tmp_path / "acme.delta")
    done = start(launcher, "@upgrade", str(delta))
    assert (done.returncode, done.stderr) == (
        1,
        "acme.py: the delta leads to a build in another format, which this one cannot start\n"
        "  hint: take the whole new build from the vendor\n",
    )
    assert greetings(launcher) == before
