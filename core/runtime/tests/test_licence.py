"""A licence covers features for some days: signed by the vendor, checked offline, never stopping what runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sarto_runtime.ed25519 import ORDER, is_signed
from sarto_runtime.licence import signed_bytes

from .real_builds import Sketch, feature, greetings, make_build, make_plugin, start, surroundings

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ANOTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ONE_OF = "A product has maps or tables."


def make_licensed_build(tmp_path: Path, **changes: Any) -> Path:
    names = ("maps", "tables", "export")
    user = {"stage": "user", "binding": "start", "cause": "default", "reason": "The vendor's default."}
    sketch = Sketch(
        features={"maps": feature(True, **user), "tables": feature(False, **user), "export": feature(False, **user)},
        parts=[make_plugin(tmp_path / "wheels", f"host-{each}", each) for each in names],
        order=names,
        open=names,
        residual=[(["maps", "tables"], ONE_OF)],
        licence={"key": KEY.public_key().public_bytes_raw().hex(), "features": ["maps", "export"]},
    )
    for key, value in changes.items():
        setattr(sketch, key, value)
    return make_build(tmp_path / "acme", sketch)


def write_licence(path: Path, key: Ed25519PrivateKey = KEY, name: str = "acme", **terms: tuple[str, str]) -> Path:
    features = {feature: {"begin": begin, "end": end} for feature, (begin, end) in terms.items()}
    data = {"format": 1, "line": "greeter", "name": name, "features": features}
    path.write_text(json.dumps({**data, "signature": key.sign(signed_bytes(data)).hex()}), encoding="utf-8")
    return path


def kept(launcher: Path) -> Path:
    return Path(surroundings(launcher)["SARTO_STATE"]) / "sarto" / "greeter" / "acme" / "licence.json"


def test_what_a_licence_covers_is_on_and_can_be_switched_on(tmp_path: Path) -> None:
    launcher = make_licensed_build(tmp_path)
    file = write_licence(tmp_path / "a.licence", maps=("2020-01-01", "2999-12-31"), export=("", ""))
    done = start(launcher, "@licence", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "maps: licensed until 2999-12-31\nexport: licensed\n"
    assert greetings(launcher) == ["host-maps"]
    assert start(launcher, "@enable", "export").returncode == 0
    assert greetings(launcher) == ["host-maps", "host-export"]


def test_without_a_licence_the_rest_starts_and_the_rules_still_hold(tmp_path: Path) -> None:
    launcher = make_licensed_build(tmp_path)
    done = start(launcher)
    assert json.loads(done.stdout)["greetings"] == ["host-tables"]
    assert done.stderr == "acme: no licence covers 'maps', so it is off, and 'tables' on with it\n"
    done = start(launcher, "@enable", "export")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "acme.py: no licence covers 'export'")
    assert start(launcher, "@licence").stdout == "maps: no licence covers 'maps'\nexport: no licence covers 'export'\n"


@pytest.mark.parametrize(
    ("term", "problem"),
    [
        (("", "2020-12-31"), "the licence of 'maps' ended on 2020-12-31"),
        (("2999-01-01", ""), "the licence of 'maps' begins on 2999-01-01, and by this computer's clock it is 2"),
    ],
)
def test_outside_its_days_a_licence_covers_nothing(tmp_path: Path, term: tuple[str, str], problem: str) -> None:
    launcher = make_licensed_build(tmp_path)
    start(launcher, "@licence", str(write_licence(tmp_path / "a.licence", maps=term)))
    done = start(launcher)
    assert json.loads(done.stdout)["greetings"] == ["host-tables"]
    assert done.stderr.startswith(f"acme: {problem}")
    assert done.stderr.endswith(", so it is off, and 'tables' on with it\n")


def test_what_the_product_cannot_be_without_stays_on_and_that_is_said(tmp_path: Path) -> None:
    launcher = make_licensed_build(tmp_path, residual=[(["maps"], ONE_OF)])
    done = start(launcher)
    assert json.loads(done.stdout)["greetings"] == ["host-maps"]
    assert done.stderr == "acme: no licence covers 'maps'; it stays on, because this product cannot be without it\n"


@pytest.mark.parametrize(
    ("key", "name", "problem"),
    [
        (ANOTHER, "acme", "the licence was changed after it was signed, or is not by this product's vendor"),
        (KEY, "globex", "the licence is for 'globex' of 'greeter', not for 'acme'"),
    ],
)
def test_a_licence_of_somebody_else_is_refused_and_the_one_before_stays(
    tmp_path: Path, key: Ed25519PrivateKey, name: str, problem: str
) -> None:
    launcher = make_licensed_build(tmp_path)
    start(launcher, "@licence", str(write_licence(tmp_path / "good", maps=("", ""))))
    before = kept(launcher).read_bytes()
    done = start(launcher, "@licence", str(write_licence(tmp_path / "bad", key, name, maps=("", ""))))
    assert done.returncode == 1
    assert done.stderr.startswith(f"acme.py: {problem}")
    assert kept(launcher).read_bytes() == before


@pytest.mark.parametrize("text", ["", "{}", "[]", "\ufffd", '{"signature": "00"}', "[" * 100_000])
def test_what_is_no_licence_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text, encoding="utf-8")
    done = start(make_licensed_build(tmp_path), "@licence", str(tmp_path / "file"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == f"acme.py: this is no licence: {tmp_path / 'file'}"


def test_a_kept_licence_that_was_tampered_with_covers_nothing_and_is_named(tmp_path: Path) -> None:
    launcher = make_licensed_build(tmp_path)
    start(launcher, "@licence", str(write_licence(tmp_path / "a", maps=("", "2020-12-31"))))
    kept(launcher).write_text(kept(launcher).read_text().replace("2020-12-31", "2999-12-31"), encoding="utf-8")
    done = start(launcher)
    assert json.loads(done.stdout)["greetings"] == ["host-tables"]
    assert done.stderr.startswith("acme: the licence was changed after it was signed")


def test_a_licence_that_ends_does_not_stop_what_runs(tmp_path: Path) -> None:
    launcher = make_licensed_build(tmp_path)
    start(launcher, "@licence", str(write_licence(tmp_path / "a", maps=("", ""))))
    asked = "__import__('sarto_runtime').product().is_enabled('maps')"
    program = f"[{asked}, print('up', flush=True), input(), {asked}]"
    running = subprocess.Popen(
        [sys.executable, str(launcher), "eval", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings(launcher),
    )  # fmt: skip
    assert running.stdout
    assert running.stdout.readline() == "up\n"
    kept(launcher).unlink()
    assert json.loads(running.communicate("\n", timeout=60)[0]) == [True, None, "", True]
    assert json.loads(start(launcher).stdout)["greetings"] == ["host-tables"]


def test_rules_that_were_edited_in_the_build_are_not_switched_by(tmp_path: Path) -> None:
    launcher = make_licensed_build(tmp_path, licence={})
    path = launcher.parent / "build.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, "residual": []}), encoding="utf-8")
    done = start(launcher, "@disable", "maps")
    assert done.returncode == 1
    assert done.stderr.startswith("acme.py: this product's rules were changed after it was built, so nothing can be")
    assert greetings(launcher) == ["host-maps"]


def test_a_product_without_licensed_features_needs_none(tmp_path: Path) -> None:
    launcher = make_licensed_build(tmp_path, licence={})
    assert start(launcher, "@licence").stdout == "no feature of this product needs a licence\n"
    done = start(launcher, "@licence", os.devnull)
    assert (done.returncode, done.stderr) == (1, "acme.py: no feature of this product needs a licence\n")


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_signatures_are_what_the_cryptography_library_says(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(message, signature, public)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_signed(message, bytes(changed), public)
    assert not is_signed(message + b"x", signature, public)
    higher = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signed(message, signature[:32] + higher.to_bytes(32, "little"), public)
