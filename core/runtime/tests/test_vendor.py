"""A product that knows its vendor's key takes no delta of anybody else, and needs no network to tell."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sarto_runtime.errors import ProductError
from sarto_runtime.upgrade import upgrade
from sarto_runtime.vendor import check_vendor

from .real_builds import greetings, start
from .test_switching import make_open_build
from .upgrades import make_delta, next_version

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ANOTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def identity(key: Ed25519PrivateKey) -> str:
    return hashlib.sha256(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def sign(file: Path, key: Ed25519PrivateKey = KEY, name: str = "") -> Path:
    """Write the signature beside the file as Sarto does it, with the id of the key or another ``name``."""
    value = base64.b64encode(key.sign(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  -\n".encode())).decode()
    beside = file.with_name(f"{file.name}.sig")
    said = f"sarto-signature 1\nalgorithm: ed25519\nkey: {name or identity(key)}\nsignature: {value}\n"
    beside.write_bytes(said.encode())
    return beside


class Customer:
    """A build that knows its vendor's key, and a delta that is not signed yet."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.launcher = make_open_build(folder, signing_key=public(KEY))
        self.new = next_version(self.launcher, folder / "vendor" / "acme", **changes).parent
        self.delta = make_delta(self.launcher.parent, self.new, folder / "acme.delta")

    def refusal(self) -> str:
        """What is said where the delta is refused; nothing of the product has changed."""
        done = start(self.launcher, "@upgrade", str(self.delta))
        assert (done.returncode, done.stdout, greetings(self.launcher)) == (1, "", ["host-maps", "host-dark"])
        assert not (self.launcher.parent / "upgrades" / "current").exists()
        return done.stderr


@pytest.fixture
def customer(tmp_path: Path) -> Customer:
    return Customer(tmp_path)


def test_a_delta_that_the_vendor_signed_is_taken_under_any_name(customer: Customer, tmp_path: Path) -> None:
    sign(customer.delta).rename(tmp_path / "other.sig")
    renamed = customer.delta.rename(tmp_path / "other")
    assert start(customer.launcher, "@upgrade", str(renamed)).returncode == 0
    assert greetings(customer.launcher)[-1] == "news"
    assert start(customer.launcher, "@rollback").returncode == 0


def test_an_unsigned_delta_is_refused(customer: Customer) -> None:
    assert customer.refusal() == (
        f"acme.py: the delta is not signed, and this product takes none but its vendor's: {customer.delta}.sig is "
        "missing\n  hint: take acme.delta and acme.delta.sig again from where they came\n"
    )


def test_a_delta_that_somebody_else_signed_is_refused_with_both_keys(customer: Customer) -> None:
    sign(customer.delta, ANOTHER)
    assert customer.refusal() == (
        f"acme.py: the delta is signed with the key {identity(ANOTHER)[:12]}, and this product takes none but those of "
        f"its vendor's, {identity(KEY)[:12]}: {customer.delta}\n"
        "  hint: take it again from this product's vendor\n"
    )
    sign(customer.delta, ANOTHER, identity(KEY))  # who lies about the key is found out, too
    assert "acme.py: the delta was changed after it was signed, or is not by this product's vendor" in (
        customer.refusal()
    )


def test_a_byte_changed_anywhere_in_a_signed_delta_or_its_signature_is_refused(customer: Customer) -> None:
    signature = sign(customer.delta)
    for file in (customer.delta, signature):
        content = file.read_bytes()
        for place in range(0, len(content), 1 if file is signature else len(content) // 50):
            file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            with pytest.raises(ProductError, match=r"delta"):
                check_vendor(str(customer.delta), public(KEY))
        file.write_bytes(content)
    check_vendor(str(customer.delta), public(KEY))


@pytest.mark.parametrize("text", ["", "sarto-signature 1\n", "x" * 70_000, "sarto-signature 2\nalgorithm: ed25519\n"])
def test_what_is_no_signature_is_said(customer: Customer, text: str) -> None:
    Path(f"{customer.delta}.sig").write_text(text)
    assert customer.refusal().startswith(f"acme.py: this is no signature of a delta: {customer.delta}.sig\n")


def test_a_signature_that_is_a_folder_is_said(customer: Customer) -> None:
    Path(f"{customer.delta}.sig").mkdir()
    assert f"the delta's signature cannot be read: Is a directory: {customer.delta}.sig" in customer.refusal()


def test_the_key_that_counts_is_that_of_the_build_which_starts(tmp_path: Path) -> None:
    customer = Customer(tmp_path, signing_key=public(ANOTHER))
    sign(customer.delta)
    assert start(customer.launcher, "@upgrade", str(customer.delta)).returncode == 0
    said = json.loads((customer.new / "build.json").read_text())
    said["line"]["version"] = "2027.1"
    newest = next_version(customer.new / "acme.py", tmp_path / "vendor" / "newest", line=said["line"]).parent
    delta = make_delta(customer.new, newest, tmp_path / "next.delta")
    sign(delta)
    assert start(customer.launcher, "@upgrade", str(delta)).returncode == 1
    sign(delta, ANOTHER)
    assert start(customer.launcher, "@upgrade", str(delta)).returncode == 0


def test_a_product_without_a_key_takes_what_it_is_given(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    new = next_version(launcher, tmp_path / "vendor" / "acme").parent
    delta = make_delta(launcher.parent, new, tmp_path / "acme.delta")
    Path(f"{delta}.sig").write_text("anything")
    assert start(launcher, "@upgrade", str(delta)).returncode == 0


def test_a_delta_that_says_it_is_for_this_customer_and_has_another_s_build_is_refused(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    new = next_version(launcher, tmp_path / "vendor" / "acme", name="bolt", customer="Bolt Ltd").parent
    make_delta(launcher.parent, new, tmp_path / "acme.delta", header={"name": "acme", "customer": "Acme GmbH"})
    with pytest.raises(ProductError, match="the delta has another build than it says"):
        upgrade(str(launcher.parent), str(tmp_path / "acme.delta"))
    assert not (launcher.parent / "upgrades" / "current").exists()


@pytest.mark.parametrize("key", ["xyz", "00"])
def test_a_key_that_is_none_is_a_damaged_build(tmp_path: Path, key: str) -> None:
    done = start(make_open_build(tmp_path, signing_key=key), "@about")
    assert (done.returncode, "build.json is damaged" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("header", "sums", "sentence"),
    [
        ({"to": {"version": "1", "build": "../../../../evil"}}, "", "'../../../../evil' is no hash of a build"),
        ({"to": {"version": "1", "build": ["x"]}}, "", "this file is no delta (it is described by "),
        ({}, "parts/../../../evil.whl", "'parts/../../../evil.whl' is no file of a build"),
        ({}, "/evil.whl", "'/evil.whl' is no file of a build"),
        ({}, "C:evil.whl", "'C:evil.whl' is no file of a build"),
    ],
)
def test_a_delta_that_would_write_or_start_something_elsewhere_is_refused(
    tmp_path: Path, header: dict[str, Any], sums: str, sentence: str
) -> None:
    launcher = make_open_build(tmp_path)
    new = next_version(launcher, tmp_path / "vendor" / "acme").parent
    part = next((launcher.parent / "parts").iterdir())
    if sums:  # what the customer has already would be linked there
        with (new / "SHA256SUMS").open("a") as file:
            file.write(f"{hashlib.sha256(part.read_bytes()).hexdigest()}  {sums}\n")
    make_delta(launcher.parent, new, tmp_path / "acme.delta", header=header)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ProductError, match=re.escape(sentence)):
        upgrade(str(launcher.parent), str(tmp_path / "acme.delta"))
    left = {path.name for path in set(tmp_path.rglob("*")) - set(before)}
    assert left <= {"upgrades", "lock"}


def test_a_delta_that_unpacks_to_far_more_than_it_is_is_refused_before_it_is_written(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    new = next_version(launcher, tmp_path / "vendor" / "acme").parent
    delta = make_delta(launcher.parent, new, tmp_path / "acme.delta")
    with zipfile.ZipFile(delta) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, content in {
        "build/acme.py": bytes(30_000_000),
        "delta.json": members["delta.json"] + b" " * 20_000_000,
        "build/SHA256SUMS": members["build/SHA256SUMS"] + b"\n" * 20_000_000,
    }.items():
        with zipfile.ZipFile(delta, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, whole in {**members, name: content}.items():
                archive.writestr(member, whole)
        with pytest.raises(ProductError, match=r"would unpack to|is larger than any can be"):
            upgrade(str(launcher.parent), str(delta))
