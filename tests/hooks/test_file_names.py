"""A model format can know its files by their names, where no format has the suffix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.hooks import ModelFormat, ModelReading, Plugin, PluginManager, hookimpl


def read_nothing(path: Path, strict: bool) -> ModelReading:
    raise SartoError("nothing to read")


class Kconfig:
    @hookimpl
    def sarto_model_formats(self) -> Sequence[ModelFormat]:
        names = ("Kconfig", "Kconfig.*")
        return [ModelFormat(name="kconfig", suffixes=(), file_names=names, read=read_nothing)]


def with_kconfig() -> PluginManager:
    plugins = PluginManager()
    plugins.register(Kconfig(), Plugin("kconfig", "sarto-kconfig", "1.0"))
    return plugins


@pytest.mark.parametrize("name", ["Kconfig", "Kconfig.debug"])
def test_a_format_is_found_by_the_name_of_the_file(name: str) -> None:
    assert with_kconfig().model_format(Path("drivers") / name).name == "kconfig"


def test_a_suffix_that_a_format_has_goes_before_the_name() -> None:
    assert with_kconfig().model_format(Path("Kconfig.toml")).name == "toml"


def test_a_file_of_no_known_name_is_an_error_that_lists_the_names() -> None:
    with pytest.raises(SartoError) as caught:
        with_kconfig().model_format(Path("kconfig"))
    assert str(caught.value) == (
        "kconfig: no plugin reads files without a suffix\n"
        "  hint: the suffixes that are known: .toml; the names: Kconfig, Kconfig.*"
    )


def test_two_plugins_with_one_file_name_are_an_error_that_names_both() -> None:
    class Other:
        @hookimpl
        def sarto_model_formats(self) -> Sequence[ModelFormat]:
            return [ModelFormat(name="other", suffixes=(), file_names=("Kconfig",), read=read_nothing)]

    plugins = with_kconfig()
    plugins.register(Other(), Plugin("other", "sarto-other", "1.0"))
    with pytest.raises(SartoError) as caught:
        plugins.model_formats()
    assert str(caught.value) == (
        "file name 'Kconfig' comes from two plugins, 'kconfig' (sarto-kconfig 1.0) and 'other' (sarto-other 1.0)\n"
        "  hint: uninstall one of the two"
    )
