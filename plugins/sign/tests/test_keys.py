"""Keys in files: how they are made, who may read them, what is refused."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sarto.errors import SartoError
from sarto_sign.command import key
from sarto_sign.keys import key_files, make_keys, open_private, open_public
from sarto_sign.passphrase import VARIABLE, asked


def run(*arguments: str | Path, input: str = "") -> Result:
    return CliRunner().invoke(key, [str(each) for each in arguments], input=input)


def never(file: Path) -> str:
    raise AssertionError(f"{file} has no passphrase to ask for")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_name_gives_a_private_and_a_public_key_of_one_pair(tmp_path: Path) -> None:
    result = run("new", tmp_path / "vendor")
    private, public = open_private(tmp_path / "vendor.key", never), open_public(tmp_path / "vendor.pub")
    assert private.id == public.id
    assert public.verify(b"content", private.sign(b"content"))
    assert not public.verify(b"contents", private.sign(b"content"))
    assert result.output == (
        f"{tmp_path / 'vendor.key'}: the private key, which signs: keep it to yourself\n"
        f"{tmp_path / 'vendor.pub'}: the public key, which checks: give it to whoever gets your builds\n"
        f"the key's id is {public.id}\n"
    )


def test_a_file_is_the_private_key_and_the_public_one_goes_beside_it() -> None:
    assert key_files(Path("keys/acme.pem")) == (Path("keys/acme.pem"), Path("keys/acme.pub"))
    with pytest.raises(SartoError) as caught:
        key_files(Path("vendor.pub"))
    assert str(caught.value) == "vendor.pub: this is the name of a public key\n  hint: sarto key new vendor"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_private_key_is_readable_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_keys(key_files(tmp_path / "vendor"))
    finally:
        os.umask(before)
    assert (tmp_path / "vendor.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("there", ["vendor.key", "vendor.pub"])
def test_no_key_is_ever_overwritten_and_none_is_made_beside_one(there: str, tmp_path: Path) -> None:
    (tmp_path / there).write_text("mine")
    with pytest.raises(SartoError) as caught:
        make_keys(key_files(tmp_path / "vendor"))
    assert str(caught.value) == (
        f"{tmp_path / there}: there is a key already, and it is never overwritten\n"
        "  hint: choose another name; a key that was handed out is needed as long as its builds are"
    )
    assert [file.name for file in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "mine"


def test_a_folder_that_is_not_there_is_an_error_that_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SartoError, match="the key cannot be written: No such file or directory"):
        make_keys(key_files(tmp_path / "nowhere" / "vendor"))


@pytest.mark.parametrize("which", [1, 2])
def test_where_the_disk_is_full_no_key_is_left(which: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def full(handle: int) -> None:
        written.append(handle)
        if len(written) == which:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SartoError) as caught:
        make_keys(key_files(tmp_path / "vendor"))
    file = tmp_path / ("vendor.key", "vendor.pub")[which - 1]
    assert str(caught.value) == f"{file}: the key cannot be written: No space left on device"
    assert [*tmp_path.iterdir()] == []


def test_what_a_killed_process_left_half_made_is_mended(tmp_path: Path) -> None:
    private, public = key_files(tmp_path / "vendor")
    private.touch()
    identity = make_keys((private, public))
    assert open_private(private, never).id == open_public(public).id == identity
    for harm in (public.unlink, public.touch):
        harm()
        with pytest.raises(SartoError) as caught:
            make_keys((private, public))
        assert str(caught.value) == (
            f"{private}: there is a key already, and it is never overwritten\n"
            f"  hint: its public one is made anew with: openssl pkey -in {private} -pubout -out {public}"
        )


def test_a_passphrase_from_the_variable_opens_the_key_that_was_made_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "open sesame")
    assert run("new", tmp_path / "vendor", "--passphrase").exit_code == 0
    private = open_private(tmp_path / "vendor.key", asked)
    assert private.id == open_public(tmp_path / "vendor.pub").id
    assert b"ENCRYPTED PRIVATE KEY" in (tmp_path / "vendor.key").read_bytes()


def test_a_passphrase_is_typed_twice(tmp_path: Path) -> None:
    result = run("new", tmp_path / "vendor", "--passphrase", input="one\ntwo\nsame\nsame\n")
    assert result.exit_code == 0
    assert "do not match" in result.output
    assert open_private(tmp_path / "vendor.key", lambda _: "same").id == open_public(tmp_path / "vendor.pub").id


def test_a_wrong_passphrase_and_one_that_nobody_can_be_asked_for_are_errors(tmp_path: Path) -> None:
    file = tmp_path / "vendor.key"
    make_keys(key_files(file), "right")
    with pytest.raises(SartoError) as caught:
        open_private(file, lambda _: "wrong")
    assert str(caught.value) == f"{file}: the passphrase is not that of this key"
    with pytest.raises(SartoError) as caught:
        open_private(file, asked)
    assert str(caught.value) == (
        f"{file}: this key has a passphrase\n  hint: give it in the variable SARTO_KEY_PASSPHRASE"
    )


def test_files_that_are_no_keys_are_refused_by_name(tmp_path: Path) -> None:
    make_keys(key_files(tmp_path / "vendor"))
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("-----BEGIN PRIVATE KEY-----\nrubbish\n")
    with pytest.raises(SartoError, match="this is no private key"):
        open_private(rubbish, never)
    with pytest.raises(SartoError, match="this is no private key"):
        open_private(tmp_path / "vendor.pub", never)
    with pytest.raises(SartoError) as caught:
        open_public(tmp_path / "vendor.key")
    assert str(caught.value) == (
        f"{tmp_path / 'vendor.key'}: this is a private key, where a public one belongs\n"
        f"  hint: name the public one: {tmp_path / 'vendor.pub'}"
    )
    with pytest.raises(SartoError, match="the key cannot be read: No such file or directory"):
        open_public(tmp_path / "nowhere.pub")


def test_keys_of_another_algorithm_are_refused(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1())
    file, public = tmp_path / "ec.key", tmp_path / "ec.pub"
    file.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(SartoError, match="this private key is not one of Ed25519"):
        open_private(file, never)
    with pytest.raises(SartoError, match="this public key is not one of Ed25519"):
        open_public(public)


@pytest.mark.parametrize(("suffix", "kind"), [("key", "private"), ("pub", "public")])
def test_show_tells_what_a_key_is(suffix: str, kind: str, tmp_path: Path) -> None:
    identity = make_keys(key_files(tmp_path / "vendor"))
    file = tmp_path / f"vendor.{suffix}"
    said = json.loads(run("show", file, "--json").output)
    public = said.pop("public")
    assert said == {"kind": kind, "algorithm": "ed25519", "id": identity}
    whole = bytes.fromhex(f"302a300506032b6570032100{public}")  # its DER form (RFC 8410)
    assert hashlib.sha256(whole).hexdigest() == identity
    keys = f'signing_key = "{public}"\nlicence_key = "{public}"\n'
    assert run("show", file).output == f"{file}: a {kind} key of ed25519, id {identity}\n{keys}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees_on_the_id_and_on_a_signature(tmp_path: Path) -> None:
    identity = make_keys(key_files(tmp_path / "vendor"))
    public = tmp_path / "vendor.pub"
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", public, "-outform", "DER"], capture_output=True, check=True
    ).stdout
    assert hashlib.sha256(der).hexdigest() == identity
    (tmp_path / "content").write_bytes(b"content")
    (tmp_path / "signature").write_bytes(open_private(tmp_path / "vendor.key", never).sign(b"content"))
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", tmp_path / "content",
         "-sigfile", tmp_path / "signature"], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Signature Verified Successfully" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
@pytest.mark.parametrize(("mode", "can"), [(0o644, "read"), (0o602, "replace"), (0o666, "replace")])
def test_a_private_key_that_is_everybody_s_signs_nothing_unless_a_passphrase_protects_it(
    tmp_path: Path, mode: int, can: str
) -> None:
    file = tmp_path / "vendor.key"
    make_keys(key_files(file))
    file.chmod(mode)
    with pytest.raises(SartoError) as caught:
        open_private(file, lambda _: "")
    assert str(caught.value) == (
        f"{file}: everybody on this machine can {can} this private key\n"
        f"  hint: chmod 600 {file}, and make a new pair if that may have happened: sarto key new"
    )
    file.chmod(0o640)
    open_private(file, lambda _: "")
    make_keys(key_files(tmp_path / "safe"), "words")
    (tmp_path / "safe.key").chmod(mode)
    open_private(tmp_path / "safe.key", lambda _: "words")
