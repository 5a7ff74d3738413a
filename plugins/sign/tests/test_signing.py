"""Builds that are signed: good, unsigned, by another key, and tampered with in every single file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sarto.derive.files import file_digest
from sarto.derive.signature import SigningKey, VerifyingKey, read_signature
from sarto.derive.sums import SIGNATURE, SUMS, files_below, sums_text
from sarto.derive.verify import verify
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto_sign.keys import key_files, make_keys, open_private, open_public
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # the documented place, without an __all__

from .making import make_build

Pair = tuple[SigningKey, VerifyingKey]


def pair(name: Path) -> Pair:
    files = key_files(name)
    make_keys(files)
    return open_private(files[0], lambda _: ""), open_public(files[1])


@pytest.fixture
def vendor(tmp_path: Path) -> Pair:
    return pair(tmp_path / "vendor")


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_plugin_is_found_and_signs() -> None:
    assert PluginManager.discover().signer().name == "ed25519"


def test_a_signed_build_is_good_for_who_has_the_public_key(vendor: Pair, tmp_path: Path) -> None:
    private, public = vendor
    build = make_build(tmp_path, private)
    report = verify(build, public)
    assert report.problems == ()
    assert report.signature == read_signature((build / SIGNATURE).read_bytes())
    assert report.signature is not None
    assert (report.signature.algorithm, report.signature.key) == ("ed25519", public.id)


def test_the_same_build_and_key_give_the_same_bytes(vendor: Pair, tmp_path: Path) -> None:
    first, second = (make_build(tmp_path / name, vendor[0]) for name in ("a", "b"))
    assert contents(first) == contents(second)


def test_a_signature_comes_with_the_provenance_and_changes_no_other_file(vendor: Pair, tmp_path: Path) -> None:
    signed, plain = contents(make_build(tmp_path / "a", vendor[0])), contents(make_build(tmp_path / "b"))
    added = {SIGNATURE, "provenance.intoto.jsonl"}
    assert signed.keys() - plain.keys() == added
    assert {name for name in plain if signed[name] != plain[name]} == {SUMS}


def test_an_unsigned_build_is_named_where_a_key_is_asked_for_and_good_where_not(vendor: Pair, tmp_path: Path) -> None:
    build = make_build(tmp_path)
    assert verify(build).problems == ()
    assert verify(build, vendor[1]).problems == ("SHA256SUMS.sig: is missing: this build is not signed",)


def test_a_build_that_somebody_else_signed_names_both_keys(vendor: Pair, tmp_path: Path) -> None:
    other, _ = pair(tmp_path / "other")
    build = make_build(tmp_path, other)
    asked = f"with the key {other.id}, and the key asked for is {vendor[1].id}"
    assert verify(build, vendor[1]).problems == (
        f"SHA256SUMS.sig: was made {asked}", f"provenance.intoto.jsonl: was signed {asked}",
    )  # fmt: skip


def test_who_signs_anew_under_the_vendors_id_is_found_out(vendor: Pair, tmp_path: Path) -> None:
    other, _ = pair(tmp_path / "other")
    posing = SigningKey(algorithm="ed25519", id=vendor[0].id, sign=other.sign)
    build = make_build(tmp_path, posing)
    assert verify(build, vendor[1]).problems == (
        f"SHA256SUMS: is not what the key {vendor[1].id} signed",
        f"provenance.intoto.jsonl: is not what the key {vendor[1].id} signed",
    )


def test_who_changes_a_file_and_its_sum_is_found_out(vendor: Pair, tmp_path: Path) -> None:
    build = make_build(tmp_path, vendor[0])
    (build / "acme-gmbh.py").write_text("print('evil')")
    (build / SUMS).write_bytes(sums_text({name: file_digest(build / name) for name in files_below(build)}))
    said = "provenance.intoto.jsonl: does not agree with the file 'acme-gmbh.py'"
    assert verify(build).problems == (said,)
    assert verify(build, vendor[1]).problems == (f"SHA256SUMS: is not what the key {vendor[1].id} signed", said)


def test_a_byte_that_is_changed_in_any_file_is_named_with_that_file(vendor: Pair, tmp_path: Path) -> None:
    build = make_build(tmp_path, vendor[0])
    names = [*files_below(build), SUMS, SIGNATURE]
    assert len(names) > 6
    for name in names:
        content = (build / name).read_bytes()
        for position in (0, len(content) // 2, len(content) - 1):
            changed = bytearray(content)
            changed[position] ^= 1
            (build / name).write_bytes(changed)
            named = {problem.partition(": ")[0] for problem in verify(build, vendor[1]).problems}
            assert name in named, (name, position)
            assert name == SUMS or named <= {name, *_unnamed(build, name)}
        (build / name).write_bytes(content)
    assert verify(build, vendor[1]).problems == ()


def _unnamed(build: Path, name: str) -> tuple[str, ...]:
    """A manifest that is damaged does not agree with the lock, and its parts are those of no part any more."""
    parts = tuple(file for file in files_below(build) if file.startswith("parts/"))
    return (*parts, "pylock.toml") if name == "build.json" else ()


@pytest.mark.parametrize(
    "text",
    ["", "rubbish", "sarto-signature 2\n", "sarto-signature 1\nalgorithm: ed25519\nkey: 12\nsignature: AA==\n"],
)
def test_a_signature_of_another_form_is_named_without_any_key(text: str, vendor: Pair, tmp_path: Path) -> None:
    build = make_build(tmp_path, vendor[0])
    (build / SIGNATURE).write_text(text)
    problem = "SHA256SUMS.sig: is not a signature in the form that this Sarto knows"
    assert verify(build).problems == verify(build, vendor[1]).problems == (problem,)


def test_base64_that_is_written_in_a_second_way_is_no_signature() -> None:
    good = f"sarto-signature 1\nalgorithm: ed25519\nkey: {'0' * 64}\nsignature: "
    assert read_signature(f"{good}AA==\n".encode()).value == b"\0"
    with pytest.raises(SartoError):
        read_signature(f"{good}AB==\n".encode())


def test_another_implementation_of_dsse_agrees_on_the_provenance(vendor: Pair, tmp_path: Path) -> None:
    build = make_build(tmp_path, vendor[0])
    envelope = Envelope.from_dict(json.loads((build / "provenance.intoto.jsonl").read_text()))
    public = load_pem_public_key((tmp_path / "vendor.pub").read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    key = SSlibKey.from_crypto(public, keyid=vendor[1].id)
    assert list(envelope.verify([key], threshold=1)) == [vendor[1].id]
    assert json.loads(envelope.payload)["predicateType"] == "https://slsa.dev/provenance/v1"
    other = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(VerificationError):
        envelope.verify([SSlibKey.from_crypto(other, keyid=vendor[1].id)], threshold=1)


def test_a_signed_build_verifies_itself_and_starts(vendor: Pair, tmp_path: Path) -> None:
    """The runtime passes over the signature: it has no key, and needs none to start."""
    build = make_build(tmp_path, vendor[0])
    done = subprocess.run(
        [sys.executable, build / "acme-gmbh.py", "@verify"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
