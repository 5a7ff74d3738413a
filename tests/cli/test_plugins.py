"""``sarto plugins``, and the commands that plugins add."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from sarto.cli.listing import listing_file, read_listing, write_listing
from sarto.derive.cache import cache_folder

from ..hooks.conftest import Install, install
from .conftest import Sarto

__all__ = ["install"]

GREET = '''
import click

@click.command("greet")
@click.argument("name")
@click.pass_obj
def greet(application, name):
    """Say hello to somebody.

    More of it.
    """
    click.echo(f"hello {name}, I have {len(application.plugins.plugins)} plugins")

@hookimpl
def sarto_commands():
    return [greet]
'''
BROKEN = "import a_module_that_is_not_there\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))


def test_the_plugins_are_listed_with_what_each_adds(sarto: Sarto, install: Install) -> None:
    install("greet", GREET, version="2.5")
    site = install("paper", "@hookimpl\ndef sarto_build_files(plan): return {}\n")

    result = sarto("plugins", plugins=[str(site)])

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "built-in                   model format toml, build format bundle, source of facts toml, source of facts csv, "
        "quote format text, quote language en\n"
        "greet     sarto-greet 2.5  command greet\n"
        "paper     sarto-paper 1.0  files in every build\n"
    )


def test_a_broken_plugin_is_listed_with_the_reason(sarto: Sarto, install: Install) -> None:
    site = install("bad", BROKEN)
    reason = f"No module named 'a_module_that_is_not_there' ({site}/plugin_sarto_bad.py:2)"

    result = sarto("plugins", plugins=[str(site)])
    data = json.loads(sarto("plugins", "--json", plugins=[str(site)]).stdout)

    assert result.stderr == ""
    assert result.stdout.splitlines()[1] == (
        f"bad       sarto-bad 1.0  broken: cannot be imported: ModuleNotFoundError: {reason}"
    )
    assert data["plugins"][1] == {
        "name": "bad",
        "distribution": "sarto-bad",
        "version": "1.0",
        "broken": f"cannot be imported: ModuleNotFoundError: {reason}",
    }


def test_json_lists_what_each_plugin_adds(sarto: Sarto, install: Install) -> None:
    site = install("greet", GREET)

    data = json.loads(sarto("plugins", "--json", plugins=[str(site)]).stdout)

    assert data["plugins"][1]["adds"] == [{"kind": "command", "name": "greet"}]


def test_another_command_warns_of_a_broken_plugin_once_and_goes_on(sarto: Sarto, install: Install, shop: Path) -> None:
    site = install("bad", BROKEN)

    result = sarto("resolve", "acme.toml", plugins=[str(site)])

    assert result.exit_code == 0
    assert result.stdout.endswith("Acme GmbH: 8 of 11 features\n")
    assert result.stderr == (
        "warning: plugin 'bad' (sarto-bad 1.0) is left out: it cannot be imported: ModuleNotFoundError: "
        f"No module named 'a_module_that_is_not_there' ({site}/plugin_sarto_bad.py:2)\n"
    )


def test_a_plugins_command_is_in_the_help_and_runs(sarto: Sarto, install: Install) -> None:
    path = [str(install("greet", GREET))]

    shown = sarto("--help", plugins=path).stdout
    result = sarto("greet", "Ada", plugins=path)

    assert "\nFrom plugins:\n  greet       Say hello to somebody.\n" in shown
    assert (result.exit_code, result.stdout) == (0, "hello Ada, I have 2 plugins\n")


def test_a_plugins_command_is_proposed_for_a_misspelt_one(sarto: Sarto, install: Install) -> None:
    result = sarto("gret", plugins=[str(install("greet", GREET))])

    assert result.exit_code == 2
    assert result.stderr.endswith("Error: there is no command 'gret'; did you mean 'greet'?\n")


def test_a_failing_command_of_a_plugin_is_judged_like_sartos_own(sarto: Sarto, install: Install) -> None:
    source = GREET.replace("click.echo(", "open('no-such-file'); click.echo(")

    result = sarto("greet", "Ada", plugins=[str(install("greet", source))])

    assert (result.exit_code, result.stderr) == (1, "error: No such file or directory\n  --> no-such-file\n")


def test_the_second_help_imports_no_plugin(sarto: Sarto, install: Install) -> None:
    site = install("greet", GREET)
    first = sarto("--help", plugins=[str(site)])
    del sys.modules["plugin_sarto_greet"]

    second = sarto("--help", plugins=[str(site)])

    assert second.stdout == first.stdout
    assert "plugin_sarto_greet" not in sys.modules


def test_a_plugin_that_changed_is_looked_at_again(sarto: Sarto, install: Install) -> None:
    site = install("greet", GREET)
    sarto("--help", plugins=[str(site)])
    del sys.modules["plugin_sarto_greet"]
    module = site / "plugin_sarto_greet.py"
    module.write_text(module.read_text().replace("Say hello", "Say good morning"))
    os.utime(module, ns=(1, 1))

    assert "greet       Say good morning to somebody.\n" in sarto("--help", plugins=[str(site)]).stdout


def test_a_plugin_that_is_gone_is_no_longer_listed(sarto: Sarto, install: Install) -> None:
    site = install("greet", GREET)
    sarto("--help", plugins=[str(site)])

    assert "greet" not in sarto("--help", plugins=[]).stdout


def test_help_goes_on_where_two_plugins_have_one_command(sarto: Sarto, install: Install) -> None:
    install("greet", GREET)
    site = install("also", GREET)

    result = sarto("--help", plugins=[str(site)])

    assert result.exit_code == 0
    assert result.stderr == (
        "warning: command 'greet' comes from two plugins, 'also' (sarto-also 1.0) and 'greet' (sarto-greet 1.0)\n"
        "  hint: uninstall one of the two\n"
    )
    assert "From plugins" not in result.stdout
    assert sarto("greet", "Ada", plugins=[str(site)]).exit_code == 1


def test_a_plugin_cannot_take_the_name_of_one_of_sartos_own_commands(sarto: Sarto, install: Install) -> None:
    site = install("check", GREET.replace('"greet"', '"check"'))

    result = sarto("--help", plugins=[str(site)])

    assert result.stderr.startswith(
        "warning: command 'check' comes from two plugins, 'built-in' and 'check' (sarto-check 1.0)\n"
    )


def test_the_help_of_a_broken_plugin_is_looked_for_each_time(sarto: Sarto, install: Install) -> None:
    site = install("bad", BROKEN)

    for _ in range(2):
        assert "plugin 'bad' (sarto-bad 1.0) is left out" in sarto("--help", plugins=[str(site)]).stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"SARTO_CACHE": "/somewhere", "XDG_CACHE_HOME": "/xdg"},
        {"SARTO_CACHE": "~/mine"},
        {"XDG_CACHE_HOME": "/xdg"},
        {},
    ],
)
def test_the_listing_is_kept_where_sarto_keeps_everything(environment: dict[str, str]) -> None:
    assert Path(listing_file(environment, "key")).parent == cache_folder(environment)


def test_a_listing_is_read_back_for_its_key_alone(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("")
    file = str(tmp_path / "deep" / "listing.txt")

    write_listing(file, "key", [str(module)], {"a": "Does\na.", "b": ""})

    assert read_listing(file, "key") == {"a": "Does a.", "b": ""}
    assert read_listing(file, "other") is None


@pytest.mark.parametrize("content", ["", "key", "key\n\n\n\nno tab", "key\n\nx\n\n", "key\n\n1\t/no/such/module\n\n"])
def test_a_damaged_listing_counts_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "listing.txt"
    file.write_text(content)

    assert read_listing(str(file), "key") is None


def test_a_listing_that_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    write_listing(str(tmp_path / "file" / "listing.txt"), "key", [], {"a": "A."})

    assert read_listing(str(tmp_path / "file" / "listing.txt"), "key") is None
