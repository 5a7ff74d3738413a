"""Hosts that, as pytest does, know hooks by how their names begin: marks say more of a hook, and are not needed."""

from __future__ import annotations

from pathlib import Path

from .hall import HOOKS, of_plugin

BY_NAME = HOOKS.replace("def greeting", "def hall_greeting").replace("@hookspec\ndef song", "def hall_song")
MARKED = BY_NAME.replace("def hall_song", "@hookspec\ndef hall_song")
IMPORT = "from hall_hooks import hookimpl\n"


def test_an_unmarked_function_among_the_specs_is_a_hook(tmp_path: Path) -> None:
    text = f"{IMPORT}@hookimpl\ndef hall_song(): ...\n@hookimpl\ndef hall_greeting(guest): ...\n"
    assert of_plugin(text, tmp_path, hooks=BY_NAME) == []


def test_an_unmarked_implementation_has_to_fit(tmp_path: Path) -> None:
    assert of_plugin("def hall_greeting(gest): ...\n", tmp_path, hooks=BY_NAME) == [
        "takes 'gest' in the hook 'hall_greeting', which gives no such argument (did you mean 'guest'?)"
    ]


def test_a_name_that_is_no_hook_is_said_of_an_unmarked_function(tmp_path: Path) -> None:
    assert of_plugin("hall_size = 3\ndef other(x): ...\ndef hall_sing(): ...\n", tmp_path, hooks=BY_NAME) == [
        "implements 'hall_sing', which is no hook of the core or of another part (did you mean 'hall_song'?)"
    ]


def test_where_all_specs_are_marked_only_marked_functions_are_implementations(tmp_path: Path) -> None:
    assert of_plugin("def hall_greeting(gest): ...\n", tmp_path, hooks=MARKED) == []
