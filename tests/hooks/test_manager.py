"""Which plugins take part, what they add together, and which are left out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import click
import pytest
from sarto.derive.plan import Plan
from sarto.errors import SartoError
from sarto.hooks import (
    BrokenPlugin,
    BuildFormat,
    Contribution,
    ModelFormat,
    ModelReading,
    Plugin,
    PluginManager,
    hookimpl,
)
from sarto.model.feature import Feature
from sarto.model.feature_model import FeatureModel

from .conftest import Install

ANY_PLAN = cast("Plan", object())  # the plugins of these tests do not look at it


def read_nothing(path: Path, strict: bool) -> ModelReading:
    return ModelReading(FeatureModel(root="a", features={"a": Feature(name="a")}))


class Uvl:
    @hookimpl
    def sarto_model_formats(self) -> Sequence[ModelFormat]:
        return [ModelFormat(name="uvl", suffixes=(".uvl",), read=read_nothing)]


class Files:
    """A plugin that adds the files it is made with to every build."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    @hookimpl
    def sarto_build_files(self) -> Mapping[str, bytes]:
        return self.files


def with_plugins(**implementations: object) -> PluginManager:
    plugins = PluginManager()
    for name, implementation in implementations.items():
        plugins.register(implementation, Plugin(name, f"sarto-{name}", "1.0"))
    return plugins


def message(error: pytest.ExceptionInfo[SartoError]) -> str:
    return str(error.value)


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


def test_a_plugin_that_raises_inside_a_hook_is_named_with_the_hook_and_the_line(install: Install) -> None:
    site = install("sbom", "@hookimpl\ndef sarto_build_files(plan):\n    return {}['missing']\n")
    plugins = PluginManager.discover(path=[str(site)])

    with pytest.raises(SartoError) as error:
        plugins.build_files(ANY_PLAN)

    assert message(error) == (
        f"{site / 'plugin_sarto_sbom.py'}:4: "
        "plugin 'sbom' (sarto-sbom 1.0) failed in sarto_build_files: KeyError: 'missing'"
    )
    assert isinstance(error.value.__cause__, KeyError)


def test_the_line_is_the_plugins_own_even_where_a_library_raises(install: Install) -> None:
    site = install("sbom", "import json\n@hookimpl\ndef sarto_build_files(plan):\n    return json.loads('{')\n")

    with pytest.raises(SartoError) as error:
        PluginManager.discover(path=[str(site)]).build_files(ANY_PLAN)

    assert str(error.value.where) == f"{site / 'plugin_sarto_sbom.py'}:5"


def test_an_error_of_the_users_input_passes_through_a_plugin_unchanged() -> None:
    class Strict:
        @hookimpl
        def sarto_build_files(self) -> Mapping[str, bytes]:
            raise SartoError("this part has no licence", where="features.toml")

    with pytest.raises(SartoError) as error:
        with_plugins(strict=Strict()).build_files(ANY_PLAN)

    assert message(error) == "features.toml: this part has no licence"


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("[]", "a 'list' where a mapping of paths to bytes belongs"),
        ("{'a': 'text'}", "'str' to 'str' where paths (str) to contents (bytes) belongs"),
    ],
)
def test_an_answer_of_the_wrong_type_is_an_error_that_names_the_plugin(
    install: Install, answer: str, complaint: str
) -> None:
    site = install("odd", f"@hookimpl\ndef sarto_build_files(plan): return {answer}\n")

    with pytest.raises(SartoError) as error:
        PluginManager.discover(path=[str(site)]).build_files(ANY_PLAN)

    assert message(error) == f"plugin 'odd' (sarto-odd 1.0) gave sarto_build_files {complaint}"


BROKEN = {
    "an import that fails": (
        "import a_module_that_is_not_there\n",
        "cannot be imported: ModuleNotFoundError: No module named 'a_module_that_is_not_there' ({file}:2)",
    ),
    "an exit while importing": (
        "import sys\nsys.exit('goodbye')\n",
        "cannot be imported: SystemExit: goodbye ({file}:3)",
    ),
    "a syntax error": (
        "def f(:\n",
        "cannot be imported: SyntaxError: invalid syntax (plugin_sarto_bad.py, line 2)",
    ),
    "no hooks": (
        "def sarto_build_files(plan): return {}\n",
        "implements no hook of Sarto, mark its functions with sarto.hooks.hookimpl",
    ),
    "an unknown hook": (
        "@hookimpl\ndef sarto_build_format(): return []\n",
        "implements 'sarto_build_format', which is no hook of Sarto, did you mean 'sarto_build_formats'?",
    ),
    "an unknown argument": (
        "@hookimpl\ndef sarto_build_files(paln): return {}\n",
        "takes 'paln' in sarto_build_files, which gives no such argument, did you mean 'plan'?",
    ),
    "a wrapper": (
        "@hookimpl(wrapper=True)\ndef sarto_build_files(plan): return (yield)\n",
        "wraps sarto_build_files, where Sarto joins what each plugin gives by itself",
    ),
}


@pytest.mark.parametrize(("source", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_named_and_the_rest_goes_on(install: Install, source: str, reason: str) -> None:
    install("good", "@hookimpl\ndef sarto_build_files(plan): return {'good.txt': b'yes'}\n")
    site = install("bad", source)
    heard: list[BrokenPlugin] = []

    plugins = PluginManager.discover(heard.append, path=[str(site)])

    reason = reason.format(file=site / "plugin_sarto_bad.py")
    assert plugins.broken == (BrokenPlugin(Plugin("bad", "sarto-bad", "1.0"), reason),)
    assert tuple(heard) == plugins.broken
    assert plugins.build_files(ANY_PLAN) == {"good.txt": b"yes"}


def test_a_plugin_whose_module_is_not_there_is_broken(install: Install) -> None:
    site = install("gone", "", target="plugin_gone:plugin")

    (broken,) = PluginManager.discover(path=[str(site)]).broken

    assert broken.error == "cannot be imported: ModuleNotFoundError: No module named 'plugin_gone'"


def test_a_plugin_whose_attribute_is_not_there_is_broken(install: Install) -> None:
    site = install("gone", "", target="plugin_sarto_gone:plugin")

    (broken,) = PluginManager.discover(path=[str(site)]).broken

    assert broken.error == ("cannot be imported: AttributeError: module 'plugin_sarto_gone' has no attribute 'plugin'")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise ValueError('not today')", "failed in sarto_model_formats: ValueError: not today ({file}:4)"),
        ("return 'uvl'", "gave sarto_model_formats a 'str' where a sequence of ModelFormat belongs"),
        ("return ['uvl']", "gave sarto_model_formats a 'str' where a ModelFormat belongs"),
    ],
)
def test_a_plugin_that_cannot_say_what_it_adds_is_left_out_from_there_on(
    install: Install, body: str, reason: str
) -> None:
    site = install("bad", f"@hookimpl\ndef sarto_model_formats():\n    {body}\n")
    heard: list[BrokenPlugin] = []
    plugins = PluginManager.discover(heard.append, path=[str(site)])
    assert heard == []

    formats = [format.name for format in plugins.model_formats()]

    assert formats == ["toml"]
    assert [broken.error for broken in heard] == [reason.format(file=site / "plugin_sarto_bad.py")]
    assert plugins.plugins == (Plugin("built-in"),)


def test_of_two_plugins_with_one_name_the_first_by_distribution_takes_part(install: Install) -> None:
    source = "@hookimpl\ndef sarto_build_files(plan): return {'%s': b''}\n"
    install("uvl", source % "second", distribution="sarto-uvl")
    site = install("uvl", source % "first", distribution="acme-uvl")

    plugins = PluginManager.discover(path=[str(site)])

    assert plugins.build_files(ANY_PLAN) == {"first": b""}
    (broken,) = plugins.broken
    assert (broken.plugin.distribution, broken.error) == (
        "sarto-uvl",
        "has the same name as plugin 'uvl' (acme-uvl 1.0), uninstall one of the two",
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


def test_an_interruption_while_a_plugin_is_imported_is_no_fault_of_the_plugin(install: Install) -> None:
    site = install("slow", "raise KeyboardInterrupt\n")

    with pytest.raises(KeyboardInterrupt):
        PluginManager.discover(path=[str(site)])


def test_two_managers_know_nothing_of_each_other() -> None:
    with_plugins(uvl=Uvl())

    assert [format.name for format in PluginManager().model_formats()] == ["toml"]
    assert "plugin_sarto_uvl" not in sys.modules
