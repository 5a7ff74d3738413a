"""The options of Sarto's own commands, with the plugin behind them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sarto.cli import program

from .making import make_build
from .test_signing import Pair, pair


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, [str(each) for each in arguments], prog_name="sarto")


@pytest.fixture
def vendor(tmp_path: Path) -> Pair:
    return pair(tmp_path / "vendor")


def test_verify_with_the_public_key_says_who_signed(vendor: Pair, tmp_path: Path) -> None:
    build = make_build(tmp_path, vendor[0])
    result = run("verify", build, "--key", tmp_path / "vendor.pub")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{build}: 7 files, all as they were built; signed with the key {vendor[1].id}\n"
    said = json.loads(run("verify", build, "--key", tmp_path / "vendor.pub", "--json").stdout)
    assert said["signature"] == {"algorithm": "ed25519", "key": vendor[1].id, "checked": True}


def test_verify_with_another_key_fails(vendor: Pair, tmp_path: Path) -> None:
    pair(tmp_path / "other")
    build = make_build(tmp_path, vendor[0])
    result = run("verify", build, "--key", tmp_path / "other.pub")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: SHA256SUMS.sig: was made with the key ")


def test_an_order_to_sign_with_no_key_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("build", "acme.toml", "--sign", "vendor.key")
    assert (result.exit_code, result.stderr) == (
        1,
        "error: the key cannot be read: No such file or directory\n"
        "  --> vendor.key\n"
        "  hint: make one with: sarto key new\n",
    )
