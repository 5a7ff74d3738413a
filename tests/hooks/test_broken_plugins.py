"""Plugins that fail: named with what went wrong, and left out where the rest can go on without them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sarto.errors import SartoError
from sarto.hooks import BrokenPlugin, Plugin, PluginManager, hookimpl

from .conftest import Install
from .samples import ANY_PLAN, message, with_plugins


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


def test_an_interruption_while_a_plugin_is_imported_is_no_fault_of_the_plugin(install: Install) -> None:
    site = install("slow", "raise KeyboardInterrupt\n")

    with pytest.raises(KeyboardInterrupt):
        PluginManager.discover(path=[str(site)])
