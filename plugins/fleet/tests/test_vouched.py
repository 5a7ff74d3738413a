"""Signed builds of a fleet, and those with provenance: nothing of it is lost when they are built again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sarto.commands import Application
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.derive.verify import verify
from sarto.errors import SartoError
from sarto.hooks import Plugin, PluginManager, Signer, hookimpl
from sarto.testing import make_wheel
from sarto_fleet.command import fleet

from .shop import LINE, order, tree


class Notary:
    """Signs with the hash of what is signed; a key is known by its file's name."""

    @hookimpl
    def sarto_signers(self) -> list[Signer]:
        return [Signer(name="notary", private=_private, public=_public)]


def _id(file: Path) -> str:
    return hashlib.sha256(file.stem.encode()).hexdigest()


def _private(file: Path) -> SigningKey:
    return SigningKey(algorithm="sum", id=_id(file), sign=lambda content: hashlib.sha256(content).digest())


def _public(file: Path) -> VerifyingKey:
    return VerifyingKey(
        algorithm="sum", id=_id(file), verify=lambda content, value: hashlib.sha256(content).digest() == value
    )


def run(*words: str) -> Result:
    plugins = PluginManager()
    plugins.register(Notary(), Plugin(name="notary", distribution="notary", version="1"))
    return invoke(plugins, *words)


def invoke(plugins: PluginManager, *words: str) -> Result:
    application = Application()
    application.__dict__["plugins"] = plugins  # in place of those that are installed here
    return CliRunner().invoke(fleet, list(words), obj=application, catch_exceptions=False)


def said(*words: str) -> str:
    return run(*words).stdout.splitlines()[-1]


def signers(home: Path, key: str) -> set[str]:
    """Whose builds are whole and signed with the key."""
    public = _public(Path(key))
    return {build.name for build in (home / "builds").glob("[!.]*") if not verify(build, public).problems}


@pytest.mark.parametrize("command", [("build",), ("rebuild", "--affected")])
def test_a_fleet_is_signed_once_and_again_with_another_key(home: Path, command: tuple[str, ...]) -> None:
    words = (*command, "orders", "--sign")
    assert said("build", "orders") == "built 3, unchanged 0, failed 0"
    assert said(*words, "one.key") == "built 3, unchanged 0, failed 0"
    assert signers(home, "one.key") == {"acme", "bolt", "cord"}
    before = tree(home / "builds")
    assert said(*words, "one.key") == "built 0, unchanged 3, failed 0"
    assert said(*command, "orders") == "built 0, unchanged 3, failed 0"
    assert said(*command, "orders", "--provenance") == "built 0, unchanged 3, failed 0"
    assert tree(home / "builds") == before
    assert said(*words, "two.key") == "built 3, unchanged 0, failed 0"
    assert (signers(home, "one.key"), signers(home, "two.key")) == (set(), {"acme", "bolt", "cord"})


@pytest.mark.parametrize("command", [("build",), ("rebuild", "--affected"), ("rebuild",)])
def test_a_signed_build_is_not_replaced_by_one_that_is_not(home: Path, command: tuple[str, ...]) -> None:
    run("build", "orders", "--sign", "one.key")
    order(home, "bolt", "[select]\nmaps = false\n")
    before = tree(home / "builds" / "bolt")
    result = run(*command, "orders")
    assert result.exit_code == 1
    assert (
        "error: the build that is there is signed, and the new one would not be\n"
        "  --> builds/bolt\n"
        "  hint: name the private key: --sign KEY\n"
        "orders/bolt.toml was not built\n"
    ) in result.stderr
    assert tree(home / "builds" / "bolt") == before
    assert run(*command, "orders", "--sign", "one.key").exit_code == 0
    assert signers(home, "one.key") == {"acme", "bolt", "cord"}


@pytest.mark.parametrize("command", [("build",), ("rebuild", "--affected")])
def test_a_build_keeps_its_provenance_and_that_keeps_up(home: Path, command: tuple[str, ...]) -> None:
    assert said("build", "orders", "--provenance") == "built 3, unchanged 0, failed 0"
    (home / "features.toml").write_text(f"# A comment, which is in no build but in the digest of the line.\n{LINE}")
    assert said(*command, "orders") == "built 3, unchanged 0, failed 0"
    after = tree(home / "builds")
    assert "acme/provenance.json" in after
    assert said("rebuild", "orders") == "built 3, unchanged 0, failed 0"
    assert tree(home / "builds") == after


def test_without_a_signer_signing_is_refused_before_anything_is_built(home: Path) -> None:
    with pytest.raises(SartoError, match="sign"):
        invoke(PluginManager(), "build", "orders", "--sign", "one.key")
    assert not (home / "builds").exists()


@pytest.mark.parametrize("vouching", [("--provenance",), ("--sign", "one.key")])
def test_a_provenance_that_would_be_the_same_is_no_reason_to_build_again(home: Path, vouching: tuple[str, ...]) -> None:
    assert said("build", "orders", *vouching) == "built 3, unchanged 0, failed 0"
    before = tree(home / "builds")
    make_wheel(home / "wheelhouse", "shop-maps", {"shop_maps.py": "NEW = True\n"}, version="1.1")  # acme has none
    assert said("rebuild", "orders", "--affected", *vouching) == "built 2, unchanged 1, failed 0"
    after = tree(home / "builds")
    assert {name.split("/")[0] for name in after if before.get(name) != after[name]} == {".fleet", "bolt", "cord"}


def test_the_time_in_a_provenance_is_one_of_its_bytes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("build", "orders", "--provenance") == "built 3, unchanged 0, failed 0"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert said("rebuild", "orders", "--affected") == "built 3, unchanged 0, failed 0"
    after = tree(home / "builds")
    assert b"2023-11-14" in after["acme/provenance.json"]
    assert said("rebuild", "orders") == "built 3, unchanged 0, failed 0"
    assert tree(home / "builds") == after
