"""Which plugins take part, what they add together, and which are left out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from sarto.errors import SartoError
from sarto.hooks import (
    BuildFormat,
    Contribution,
    Plugin,
    PluginManager,
    hookimpl,
)

from .conftest import Install
from .samples import ANY_PLAN, Files, Uvl, message, with_plugins


def test_without_any_plugin_there_are_toml_models_and_folders() -> None:
    plugins = PluginManager()

    assert [(format.name, format.suffixes) for format in plugins.model_formats()] == [("toml", (".toml",))]
    assert [format.name for format in plugins.build_formats()] == ["bundle"]
    assert plugins.commands() == ()
    assert plugins.build_files(ANY_PLAN) == {}


def test_plugins_are_found_by_their_entry_points(install: Install) -> None:
    site = install("paper", "@hookimpl\ndef sarto_build_formats(): return []\n", version="2.5")

    plugins = PluginManager.discover(path=[str(site)])

    assert plugins.plugins == (Plugin("built-in"), Plugin("paper", "sarto-paper", "2.5"))
    assert plugins.broken == ()


def test_plugins_are_called_in_the_order_of_their_names() -> None:
    plugins = with_plugins(zebra=Files({"z": b""}), ant=Files({"a": b""}), mouse=Files({"m": b""}))

    assert [plugin.name for plugin in plugins.plugins] == ["built-in", "ant", "mouse", "zebra"]
    assert list(plugins.build_files(ANY_PLAN)) == ["a", "m", "z"]


def test_everything_that_plugins_add_is_listed_with_who_adds_it() -> None:
    uvl, files = Plugin("uvl", "sarto-uvl", "1.0"), Plugin("files", "sarto-files", "1.0")

    assert with_plugins(uvl=Uvl(), files=Files({})).contributions() == (
        Contribution(Plugin("built-in"), "model format", "toml"),
        Contribution(Plugin("built-in"), "build format", "bundle"),
        Contribution(Plugin("built-in"), "source of facts", "toml"),
        Contribution(Plugin("built-in"), "source of facts", "csv"),
        Contribution(Plugin("built-in"), "quote format", "text"),
        Contribution(Plugin("built-in"), "quote language", "en"),
        Contribution(files, "files in every build", ""),
        Contribution(uvl, "model format", "uvl"),
    )


def test_a_model_format_is_found_by_the_suffix_in_any_case() -> None:
    assert with_plugins(uvl=Uvl()).model_format(Path("MODEL.UVL")).name == "uvl"


def test_a_suffix_that_no_plugin_reads_is_an_error_with_those_that_are_known() -> None:
    with pytest.raises(SartoError) as error:
        with_plugins(uvl=Uvl()).model_format(Path("models/a.xml"))

    assert message(error) == (
        "models/a.xml: no plugin reads files that end in '.xml'\n  hint: the suffixes that are known: .toml, .uvl"
    )


def test_a_file_without_a_suffix_is_an_error() -> None:
    with pytest.raises(SartoError) as error:
        PluginManager().model_format(Path("model"))

    assert message(error) == (
        "model: no plugin reads files without a suffix\n  hint: the suffixes that are known: .toml"
    )


def test_an_unknown_build_format_is_an_error_with_the_nearest_name() -> None:
    plugins = PluginManager()

    with pytest.raises(SartoError) as near:
        plugins.build_format("bundel")
    with pytest.raises(SartoError) as far:
        plugins.build_format("pyz")

    assert message(near) == "unknown build format 'bundel'\n  hint: did you mean 'bundle'?"
    assert message(far) == "unknown build format 'pyz'\n  hint: the formats that are known: bundle"


def test_a_missing_format_of_a_broken_plugin_is_explained_by_the_broken_plugin(install: Install) -> None:
    site = install("pyz", "import a_module_that_is_not_there\n")

    with pytest.raises(SartoError) as error:
        PluginManager.discover(path=[str(site)]).build_format("pyz")

    assert error.value.hint == "the formats that are known: bundle; plugin 'pyz' is broken and left out"


def test_two_plugins_with_one_format_are_an_error_that_names_both() -> None:
    with pytest.raises(SartoError) as error:
        with_plugins(uvl=Uvl(), other=Uvl()).model_formats()

    assert message(error) == (
        "suffix '.uvl' comes from two plugins, 'other' (sarto-other 1.0) and 'uvl' (sarto-uvl 1.0)\n"
        "  hint: uninstall one of the two"
    )


def test_two_plugins_that_write_one_file_are_an_error_whatever_the_case_of_its_letters() -> None:
    with pytest.raises(SartoError) as error:
        with_plugins(a=Files({"SBOM.json": b"1"}), b=Files({"sbom.json": b"2"})).build_files(ANY_PLAN)

    assert message(error) == (
        "file 'sbom.json' comes from two plugins, 'a' (sarto-a 1.0) and 'b' (sarto-b 1.0)\n"
        "  hint: uninstall one of the two"
    )


@pytest.mark.parametrize("path", ["/etc/passwd", "../up", "a/../../b", "a\\b", "C:x", "a//b", "./a", ""])
def test_a_plugin_cannot_write_outside_of_the_build(path: str) -> None:
    with pytest.raises(SartoError) as error:
        with_plugins(bad=Files({path: b""})).build_files(ANY_PLAN)

    assert message(error) == (
        f"plugin 'bad' (sarto-bad 1.0) gave sarto_build_files the path '{path}' "
        "where a plain relative path with '/' belongs"
    )


def test_a_command_with_the_name_of_one_of_sartos_own_is_an_error() -> None:
    class Checker:
        @hookimpl
        def sarto_commands(self) -> Sequence[click.Command]:
            return [click.Command("check")]

    with pytest.raises(SartoError) as error:
        with_plugins(checker=Checker()).commands(reserved=["build", "check"])

    assert message(error) == (
        "command 'check' comes from two plugins, 'built-in' and 'checker' (sarto-checker 1.0)\n"
        "  hint: uninstall one of the two"
    )


def test_registering_by_hand_what_does_not_fit_is_an_error() -> None:
    with pytest.raises(SartoError) as error:
        PluginManager().register(object(), Plugin("empty"))

    assert message(error) == (
        "plugin 'empty' implements no hook of Sarto\n  hint: mark its functions with sarto.hooks.hookimpl"
    )


def test_a_plugin_registered_late_takes_part_in_the_next_call() -> None:
    plugins = PluginManager()
    plugins.model_formats()

    plugins.register(Uvl(), Plugin("uvl"))

    assert [format.name for format in plugins.model_formats()] == ["toml", "uvl"]


def test_formats_are_asked_for_once() -> None:
    calls = []

    class Counting:
        @hookimpl
        def sarto_build_formats(self) -> Sequence[BuildFormat]:
            calls.append(1)
            return []

    plugins = with_plugins(counting=Counting())
    plugins.build_formats()
    plugins.build_formats()

    assert calls == [1]


def test_two_managers_know_nothing_of_each_other() -> None:
    with_plugins(uvl=Uvl())

    assert [format.name for format in PluginManager().model_formats()] == ["toml"]
    assert "plugin_sarto_uvl" not in sys.modules
