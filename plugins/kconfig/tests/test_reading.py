"""The features that a file becomes, values and their ranges, and what is said of files that cannot be read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import kconfiglib as k  # type: ignore[import-untyped]  # it has neither stubs nor py.typed
import pytest
from sarto.errors import SartoError
from sarto.hooks import ModelReading
from sarto.hooks.reading import LARGEST
from sarto.model.evaluation import is_valid
from sarto.model.feature import ValueType
from sarto.model.grammar import write
from sarto_kconfig.reading import read

ROUTER = """mainmenu "A router, configured"
menu "Net-work & more"
config NET
	bool "Network"
	default y
config PORT
	int "Port"
	range 1 9 if !WIDE
	range 1 99
	default 42
	depends on NET
config WIDE
	bool "Wide"
config SECURE
	bool "Secure" if PORT != 42
config HOST
	string "Host"
	default "here" if !WIDE
	depends on NET
config LOCAL
	bool
	default y if HOST = "here"
config MASK
	hex "Mask"
	default 0xff
endmenu
choice MODE
	prompt "Mode"
config FAST
	bool "Fast"
config SAFE
	bool "Safe"
endchoice
config BUILD
	string
	default "none"
"""


@pytest.fixture(autouse=True)
def _usual_depth() -> Iterator[None]:
    """How deep Python goes decides on what is too deep; mypy, say, raises it in the process that it is called in."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


def reading(text: str, folder: Path, strict: bool = False) -> ModelReading:
    path = folder / "Kconfig"
    path.write_text(text)
    return read(path, strict)


def faults(text: str, folder: Path, strict: bool = False) -> list[str]:
    with pytest.raises(SartoError) as caught:
        reading(text, folder, strict)
    return [str(error).replace(f"{folder}/", "") for error in caught.value.errors]


def test_menus_and_choices_are_abstract_and_symbols_stand_below_them(tmp_path: Path) -> None:
    model = reading(ROUTER, tmp_path).model
    assert [(group.parent, str(group.kind), group.members) for group in model.groups] == [
        ("A router configured", "mandatory", ("Net-work more",)),
        ("A router configured", "optional", ("MODE",)),
        ("Net-work more", "optional", ("NET", "PORT", "WIDE", "SECURE", "HOST", "LOCAL", "MASK")),
        ("MODE", "cardinality", ("FAST", "SAFE")),
    ]
    assert [name for name, feature in model.features.items() if feature.abstract] == [
        "A router configured", "Net-work more", "LOCAL", "MODE",
    ]  # fmt: skip
    assert str(model.features["PORT"].where) == f"{tmp_path / 'Kconfig'}:6"


def test_values_have_types_summaries_and_preferences(tmp_path: Path) -> None:
    features = reading(ROUTER, tmp_path).model.features
    preferred = {name: feature for name, feature in features.items() if feature.default is not None}
    assert {name: (feature.type, feature.default) for name, feature in preferred.items()} == {
        "NET": (None, True), "PORT": (ValueType.INTEGER, 42), "MASK": (ValueType.INTEGER, 255),
    }  # fmt: skip
    assert (features["HOST"].type, features["HOST"].summary) == (ValueType.STRING, "Host")


def test_a_symbol_with_a_value_that_nobody_decides_is_no_feature(tmp_path: Path) -> None:
    assert [str(warning).replace(f"{tmp_path}/", "") for warning in reading(ROUTER, tmp_path).warnings] == [
        "Kconfig:34: 'BUILD' has no prompt: its value follows from the others, and is no feature"
    ]


def test_ranges_and_comparisons_with_values_mean_what_kconfiglib_makes_of_them(tmp_path: Path) -> None:
    model = reading(ROUTER, tmp_path).model
    kconfig = k.Kconfig(str(tmp_path / "Kconfig"), warn=False)
    symbols = kconfig.syms
    always = {"A router configured": True, "Net-work more": True, "MODE": True, "FAST": True, "MASK": 255}
    seen = 0
    for net, wide, secure, port, host in product([0, 2], [0, 2], [0, 2], [1, 9, 42, 99], ["here", "there"]):
        kconfig.unset_values()
        for name, value in (("NET", net), ("WIDE", wide), ("PORT", str(port)), ("HOST", host), ("SECURE", secure)):
            symbols[name].set_value(value)
        given = {
            "NET": net == 2, "WIDE": wide == 2, "SECURE": secure == 2, "LOCAL": symbols["LOCAL"].tri_value == 2,
            **({"PORT": port, "HOST": host} if net else {}),
        }  # fmt: skip
        is_so = symbols["SECURE"].tri_value == secure and (not net or symbols["PORT"].str_value == str(port))
        assert is_valid(model, {**always, **given}) is is_so, given
        wrong = {**always, **given, "LOCAL": not given["LOCAL"]}
        assert not is_valid(model, wrong)
        seen += is_so
    assert 0 < seen < 64


def test_modules_are_features_of_their_own(tmp_path: Path) -> None:
    text = 'config MODULES\n\tbool "M"\n\toption modules\nconfig USB\n\ttristate "USB"\nconfig USB_MODULE\n\tbool "x"\n'
    model = reading(text, tmp_path).model
    assert model.parent_of("USB_MODULE_") == "USB"
    assert "USB_MODULE_ => MODULES" in [write(constraint.expression) for constraint in model.constraints]


def test_files_are_looked_up_beside_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("srctree", "/nowhere")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "Kconfig").write_text('config B\n\tbool "B"\n')
    model = reading('config A\n\tbool "A"\nsource "sub/Kconfig"\n', tmp_path).model
    assert [*model.features] == ["Main menu", "A", "B"]
    assert str(model.features["B"].where) == f"{tmp_path / 'sub' / 'Kconfig'}:1"


def test_no_command_is_run(tmp_path: Path) -> None:
    said = faults(f'X := $(shell,touch {tmp_path}/run)\nconfig A\n\tbool "A"\n', tmp_path)
    assert said == [
        "Kconfig:1: this asks for the command 'touch run', and no command is run\n"
        "  hint: write down what the command prints"
    ]
    assert not (tmp_path / "run").exists()


def test_no_code_beside_the_files_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kconfigfunctions.py").write_text("raise SystemExit('it was run')\n")
    (tmp_path / "others.py").write_text("raise SystemExit('it was run')\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "A" in reading('config A\n\tbool "A"\n', tmp_path).model.features
    monkeypatch.setenv("KCONFIG_FUNCTIONS", "others")
    assert "A" in reading('config A\n\tbool "A"\n', tmp_path).model.features


UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
BROKEN = [
    ('config A\n\tbool "A"\n\tdefult y\n', "Kconfig:3: couldn't parse 'defult y': syntax error"),
    (f'config A\n\tbool "A"\n\tdepends on {"(" * 20_000}B{")" * 20_000}\n',
     "Kconfig:3: this is nested too deeply, or has too many parts"),
    ("".join(f'config F{n}\n\tbool "F"\n' + f"\tdepends on F{n - 1}\n" * (n > 0) for n in range(3000)),
     "Kconfig: menus, conditions or dependencies are nested too deeply to be put together"),
    ("a" * 1_000_000, f"Kconfig:1: couldn't parse '{'a' * 184}..."),
    ("\0" * 5 + "\x1b[31m", f"Kconfig:1: couldn't parse '{UNPRINTABLE * 6}[31m': unknown token at start of line"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_file_that_cannot_be_parsed_is_one_error(text: str, said: str, tmp_path: Path) -> None:
    assert faults(text, tmp_path) == [said]


def test_menus_that_are_nested_without_end_are_refused_at_the_line_where_it_is_too_much(tmp_path: Path) -> None:
    menus = "".join(f'menu "{n}"\nconfig F{n}\n\tbool "F"\n' for n in range(2000))
    [said] = faults(menus + "endmenu\n" * 2000, tmp_path)
    assert re.fullmatch(r"Kconfig:\d+: this is nested too deeply, or has too many parts", said)


def test_a_loop_a_missing_file_and_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    loop = 'config A\n\tbool "A"\n\tdepends on B\nconfig B\n\tbool "B"\n\tdepends on A\n'
    assert faults(loop, tmp_path)[0].startswith("Kconfig: Dependency loop\n")
    assert faults('source "nope"\n', tmp_path)[0].startswith("Kconfig:1: 'nope' not found")
    (tmp_path / "Kconfig").write_bytes(b'config A\n\tbool "\xff"\n')
    with pytest.raises(SartoError, match="Malformed utf-8 in 'Kconfig'"):
        read(tmp_path / "Kconfig")
    with pytest.raises(SartoError, match="there is no such file"):
        read(tmp_path / "none")
    with pytest.raises(SartoError, match=r"a file cannot be read|not found"):
        read(tmp_path)


def test_everything_that_a_feature_model_cannot_say_is_told_at_once(tmp_path: Path) -> None:
    text = """config HIGH
	hex "High"
config A
	int "A"
	range 3 HIGH
config B
	int "B"
	depends on C
	default HIGH
config C
	bool "C"
config D
	bool "D"
	depends on B > 3
config S
	string "S"
config E
	bool "E"
	depends on S > 7
config F
	bool "F"
	depends on A < "x"
"""
    hint = "  hint: compare numbers with numbers, and strings with texts that are neither numbers nor n, m or y"
    assert faults(text, tmp_path) == [
        "Kconfig:3: a bound of the range of 'A' is the value of 'HIGH', a hex where 'A' is an int\n"
        "  hint: give both the same type",
        f"Kconfig:3: 'A < \"x\"' compares 'A' in a way that a feature model has no words for\n{hint}",
        "Kconfig:6: the default of 'B' is the value of 'HIGH', a hex where 'B' is an int\n"
        "  hint: give both the same type",
        f"Kconfig:15: 'S > 7' compares 'S' in a way that a feature model has no words for\n{hint}",
    ]


def test_a_value_with_too_many_cases_is_refused(tmp_path: Path) -> None:
    switches = "".join(f'config S{n}\n\tbool "S{n}"\n' for n in range(250))
    defaults = "".join(f"\tdefault {n} if S{n}\n" for n in range(250))
    text = f'{switches}config A\n\tint\n{defaults}config B\n\tbool "B"\n\tdepends on A > 3\n'
    assert faults(text, tmp_path) == [
        "Kconfig:501: 'A' has more than 200 values, depending on others, that are not the user's\n"
        "  hint: fewer defaults and ranges, or a prompt that is always visible"
    ]


def test_a_range_that_always_holds_bounds_the_feature(tmp_path: Path) -> None:
    text = """config MAX
	int "Max"
	range 2 8
	default 9
config A
	int "A"
	range 0 MAX
config B
	hex "B"
	depends on C
	range 0x10 0x20
config C
	bool "C"
config D
	hex "D"
	range 0x5 0x9 if C
"""
    model = reading(text, tmp_path).model
    bounds = {name: (feature.minimum, feature.maximum) for name, feature in model.features.items() if feature.type}
    assert bounds == {"MAX": (2, 8), "A": (0, 8), "B": (16, 32), "D": (0, None)}
    assert model.features["MAX"].default == 8
    assert [write(constraint.expression) for constraint in model.constraints] == [
        "MAX", "A", "A => A <= MAX", "B <=> C", "D", "D & C => D >= 5", "D & C => D <= 9",
    ]  # fmt: skip


def test_what_kconfiglib_warns_of_is_a_warning_and_an_error_where_strict(tmp_path: Path) -> None:
    text = 'config A\n\tbool "A"\n\tselect N\nconfig N\n\tint "N"\n'
    [warning] = reading(text, tmp_path).warnings
    assert "the int symbol N" in warning.what
    assert len(faults(text, tmp_path, strict=True)) == 1


def test_long_conditions_are_read_and_those_nested_without_end_refused(tmp_path: Path) -> None:
    selects = "".join(f'config S{n}\n\tbool "S{n}"\n\tselect T\n' for n in range(800))
    model = reading(f'{selects}config T\n\tbool "T"\n', tmp_path).model
    assert len(model.constraints) == 1
    defaults = "".join(f"\tdefault A if {'!' * (n % 2)}B\n" for n in range(5000))
    text = f'config A\n\tbool "A"\nconfig B\n\tbool "B"\nconfig C\n\tbool\n{defaults}'
    assert faults(text, tmp_path) == ["Kconfig:5: the conditions of 'C' are nested too deeply to be read"]


def test_files_that_are_together_larger_than_any_model_are_refused(tmp_path: Path) -> None:
    (tmp_path / "remarks").write_bytes(b"# nothing\n" * (LARGEST // 25))
    with pytest.raises(SartoError) as caught:
        reading('source "remarks"\n' * 3, tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / 'remarks'}: with this file there are more than 16 MB, and Sarto reads no more"
        "\n  hint: name the Kconfig of a smaller part"
    )


def test_what_is_never_closed_is_said_once(tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        reading('if X\nconfig A\n\tbool "a"\n', tmp_path)
    assert str(caught.value) == f"{tmp_path / 'Kconfig'}: expected 'endif' at end of 'Kconfig'"


def test_bytes_that_are_no_text_come_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "Kconfig").write_bytes(b'config A\n\tbool "\xfc"\n')
    with pytest.raises(SartoError) as caught:
        read(tmp_path / "Kconfig", False)
    assert caught.value.what.startswith("Malformed utf-8 in 'Kconfig'")
    assert caught.value.hint == "save the file as UTF-8"
