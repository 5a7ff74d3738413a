"""``sarto upgrade``: real builds of a tiny line, and the customer's product that goes on to a new one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sarto.commands import Application
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.derive.verify import verify
from sarto.derive.verify_delta import is_delta
from sarto.errors import SartoError
from sarto.hooks import Plugin, PluginManager, Signer, hookimpl
from sarto.line import ProductLine, verify_build
from sarto.testing import installed_wheel, make_wheel
from sarto_upgrade.command import upgrade
from sarto_upgrade.delta import current_build

LINE = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop"]
command = "shop"
sources = ["wheelhouse"]
[targets]
python = "3.11"
platforms = "manylinux_2_28_x86_64"
[features.shop]
optional = ["maps", "tea"]
[features.maps]
parts = ["shop-maps"]
stage = "user"
binding = "start"
default = true
[features.tea]
parts = ["shop-tea"]
"""
SCRIPT = "[console_scripts]\nshop = shop:main\n"
SHOP = "import importlib\ndef main():\n    print('shop', {version}, *filter(there, ('shop_maps', 'shop_tea')))\n"
THERE = "def there(name):\n    return importlib.util.find_spec(name) is not None\nimport importlib.util\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vendor's folder with the old build, which the customer has in ``theirs``, and the new one in ``builds``."""
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    house = tmp_path / "wheelhouse"
    installed_wheel(house, "pluggy")
    make_wheel(house, "shop", {"shop.py": THERE + SHOP.format(version=1)}, SCRIPT, requires=["pluggy"])
    make_wheel(house, "shop-maps", {"shop_maps.py": "# " + "x" * 5000})
    make_wheel(house, "shop-tea", {"shop_tea.py": ""})
    (tmp_path / "features.toml").write_text(LINE)
    build("")
    shutil.copytree("builds/acme", "theirs")
    (house / "shop-1.0-py3-none-any.whl").unlink()
    make_wheel(house, "shop", {"shop.py": THERE + SHOP.format(version=2)}, SCRIPT, version="2.0", requires=["pluggy"])
    (tmp_path / "features.toml").write_text(LINE.replace('version = "1"', 'version = "2"'))
    build("tea = true\n")
    return tmp_path


def build(choice: str, customer: str = "Acme", output: str = "builds", key: SigningKey | None = None) -> None:
    selection = Path("acme.toml")
    text = f'line = "features.toml"\ncustomer = "{customer}"\n[select]\n{choice}[open]\nfeatures = ["maps"]\n'
    selection.write_text(text)
    line, wanted = ProductLine.for_selection(selection)
    line.build(wanted, Path(output), key=key)


def run(*words: str) -> str:
    done = CliRunner().invoke(upgrade, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def ask(*words: str, launcher: str = "theirs/acme.py") -> str:
    line = [sys.executable, launcher, *words]
    done = subprocess.run(line, capture_output=True, text=True, env=dict(os.environ), timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_delta_from_a_build_json_alone_brings_the_customer_up_to_date(home: Path) -> None:
    assert ask() == "shop 1 shop_maps\n"
    shutil.copy("theirs/build.json", "known.json")
    assert run("builds/acme", "--from", "known.json", "--delta", "acme.delta").startswith(
        "wrote acme.delta: from 1 to 2, "
    )
    ask("@disable", "maps")
    assert (
        ask("@upgrade", "acme.delta")
        == "acme: shop 2 from the next start, in place of 1\nKept: you switched 'maps' off.\n"
    )
    assert ask() == "shop 2 shop_tea\n"
    assert ask("@enable", "maps") == "maps: on from the next start\n"
    assert ask() == "shop 2 shop_maps shop_tea\n"
    assert verify(Path("theirs")).problems == ()
    assert ask("@rollback").startswith("acme: shop 1 from the next start, in place of 2\n")
    assert ask() == "shop 1 shop_maps\n"


def as_environment(folder: Path) -> None:
    (folder / "pyvenv.cfg").write_text("version = 3.11\n")


def as_wheelhouse(folder: Path) -> None:
    (folder / "acme.py").unlink()


def as_image(folder: Path) -> None:
    said = json.loads((folder / "build.json").read_text())
    (folder / "build.json").write_text(json.dumps({**said, "form": "oci"}))


@pytest.mark.parametrize("form", [as_environment, as_wheelhouse, as_image])
@pytest.mark.parametrize("which", ["builds/acme", "theirs"])
def test_only_a_folder_with_launcher_and_wheels_is_upgraded_and_to_no_other(
    which: str, form: Callable[[Path], None], home: Path
) -> None:
    """A delta to an environment would leave the customer without a build that starts."""
    form(home / which)
    done = CliRunner().invoke(upgrade, [*WORDS], catch_exceptions=True)
    assert isinstance(done.exception, SartoError)
    assert done.exception.what == "this build is no bundle, and only bundles are upgraded"
    assert done.exception.hint == "name the bundle; a build in another format is upgraded by the whole new one"
    assert (str(done.exception.where), Path("acme.delta").exists()) == (which, False)


def test_a_delta_carries_the_signature_and_the_provenance_of_a_signed_build(home: Path) -> None:
    def sign(content: bytes) -> bytes:
        return hashlib.sha512(b"secret" + content).digest()

    build("tea = true\n", key=SigningKey(algorithm="test", id="0" * 64, sign=sign))
    public = VerifyingKey(algorithm="test", id="0" * 64, verify=lambda content, given: given == sign(content))
    assert verify(Path("builds/acme"), public).problems == ()
    run("builds/acme", "--from", "theirs/build.json", "--delta", "acme.delta")
    ask("@upgrade", "acme.delta")
    assert ask("@verify") == "every file is as it was handed out\n"
    (new,) = Path("theirs/upgrades").glob("[!.]*/build.json")
    assert verify(new.parent, public).problems == ()
    assert verify(Path("theirs"), public).problems == ("SHA256SUMS.sig: is missing: this build is not signed",)


def test_a_delta_has_the_missing_parts_and_no_others_and_always_the_same_bytes(home: Path) -> None:
    said = json.loads(run("builds/acme", "--from", "theirs/build.json", "--delta", "one.delta", "--json"))
    assert said["shipped"] == ["shop-2.0-py3-none-any.whl", "shop_tea-1.0-py3-none-any.whl"]
    assert "shop_maps-1.0-py3-none-any.whl" in said["kept"]
    with zipfile.ZipFile("one.delta") as archive:
        wheels = [name for name in archive.namelist() if name.endswith(".whl")]
    assert [name.removeprefix("build/parts/") for name in wheels] == said["shipped"]
    run("builds/acme", "--from", "theirs", "--delta", "two.delta")
    assert Path("one.delta").read_bytes() == Path("two.delta").read_bytes()
    assert Path("one.delta").stat().st_size < said["bytes"] + 4000


def test_a_build_on_this_machine_is_upgraded_at_once_and_from_what_it_is_now(home: Path) -> None:
    assert run("builds/acme", "--from", "theirs").startswith("acme: shop 2 from the next start, in place of 1\n")
    assert ask() == "shop 2 shop_maps shop_tea\n"
    Path("features.toml").write_text(LINE.replace('version = "1"', 'version = "3"'))
    build("tea = false\n")
    said = json.loads(run("builds/acme", "--from", "theirs", "--json"))
    assert (said["from"], said["to"], said["shipped"]) == ("2", "3", [])
    assert ask() == "shop 2 shop_maps\n"
    said = json.loads((current_build(Path("theirs")) / "build.json").read_text())
    assert said["line"]["version"] == "3"
    again = Path("theirs/upgrades/current").read_text()
    ask("@rollback")
    assert Path("theirs/upgrades/current").read_text().split() == again.split()[::-1]


def test_what_cannot_be_upgraded_is_said(home: Path) -> None:
    build("", "Bolt", "others")
    with pytest.raises(SartoError, match=r"this build is bolt of shop, and the one to upgrade is acme of shop"):
        run("others/bolt", "--from", "theirs", "--delta", "x.delta")
    with pytest.raises(SartoError, match="there is nothing to upgrade: this is the build that the customer has"):
        run("theirs", "--from", "theirs", "--delta", "x.delta")
    with pytest.raises(SartoError, match="there is no build here: No such file or directory"):
        run("builds/acme", "--from", "nowhere", "--delta", "x.delta")
    Path("bad.json").write_text("[]")
    with pytest.raises(SartoError, match=r"this is no build\.json that can be read"):
        run("builds/acme", "--from", "bad.json", "--delta", "x.delta")
    said = json.loads(Path("theirs/build.json").read_text())
    Path("bad.json").write_text(json.dumps({**said, "format": 7}))
    with pytest.raises(SartoError, match="this build has format 7, and this Sarto makes builds of format 1"):
        run("builds/acme", "--from", "bad.json", "--delta", "x.delta")
    part = Path("builds/acme/parts/shop-2.0-py3-none-any.whl")
    part.unlink()
    with pytest.raises(SartoError, match=r"this build is not whole: parts/shop-2\.0-py3-none-any\.whl: is missing"):
        run("builds/acme", "--from", "theirs", "--delta", "x.delta")
    assert not Path("x.delta").exists()


def test_a_build_in_one_file_is_not_upgraded(home: Path) -> None:
    Path("acme.pyz").write_bytes(b"PK")
    with pytest.raises(
        SartoError, match=r"no build\.json that can be read\n  hint: name the folder of a bundle, or its"
    ):
        run("builds/acme", "--from", "acme.pyz", "--delta", "x.delta")


def test_of_a_build_json_only_a_delta_is_made(home: Path) -> None:
    done = CliRunner().invoke(upgrade, ["builds/acme", "--from", "theirs/build.json"])
    assert done.exit_code == 2
    assert "of a build.json only a delta can be made: add --delta FILE" in done.output


def test_a_build_whose_upgrade_is_refused_stays_as_it_is(home: Path) -> None:
    Path("theirs/parts/shop_maps-1.0-py3-none-any.whl").chmod(0o644)
    Path("theirs/parts/shop_maps-1.0-py3-none-any.whl").write_bytes(b"damaged")
    with pytest.raises(SartoError, match=r"the build was not upgraded: acme\.py: the new build is not as it should be"):
        run("builds/acme", "--from", "theirs")
    assert not Path("theirs/upgrades/current").exists()


def test_a_new_build_is_never_made_over_an_upgraded_one(home: Path) -> None:
    shutil.copytree("builds/acme", "new")
    shutil.rmtree("builds/acme")
    shutil.copytree("theirs", "builds/acme")
    run("new", "--from", "builds/acme")
    with pytest.raises(SartoError, match="also holds 'upgrades/"):
        build("tea = true\n")


def test_a_damaged_upgrade_is_named_by_sarto_verify(home: Path) -> None:
    run("builds/acme", "--from", "theirs")
    current = current_build(Path("theirs"))
    (current / "pylock.toml").write_text("")
    assert verify(Path("theirs")).problems[0].startswith(f"upgrades/{current.name}/pylock.toml: was changed")


class Notary:
    """Signs with the hash of what is signed; a key is known by its file's name."""

    @hookimpl
    def sarto_signers(self) -> list[Signer]:
        return [Signer(name="notary", private=_private, public=_public)]


def _private(file: Path) -> SigningKey:
    return SigningKey(algorithm="test", id=file.stem[:1] * 64, sign=lambda content: hashlib.sha512(content).digest())


def _public(file: Path) -> VerifyingKey:
    return VerifyingKey(
        algorithm="test",
        id=file.stem[:1] * 64,
        verify=lambda content, given: given == hashlib.sha512(content).digest(),
    )


def signed(*words: str, by: object = None) -> Result:
    plugins = PluginManager()
    plugins.register(by or Notary(), Plugin(name="notary", distribution="notary", version="1"))
    application = Application()
    application.__dict__["plugins"] = plugins  # in place of those that are installed here
    return CliRunner().invoke(upgrade, list(words), obj=application, catch_exceptions=False)


def problems(file: str, key: str = "") -> tuple[str, ...]:
    return verify_build(Path(file), PluginManager(), _public(Path(key)) if key else None).problems


WORDS = ("builds/acme", "--from", "theirs", "--delta", "acme.delta")


def test_a_signed_delta_is_checked_with_the_public_key_and_any_byte_that_was_changed_is_told(home: Path) -> None:
    assert signed(*WORDS, "--sign", "a.key").exit_code == 0
    assert (problems("acme.delta"), problems("acme.delta", "a.pub")) == ((), ())
    assert problems("acme.delta", "b.pub") == (
        f"acme.delta.sig: was made with the key {'a' * 64}, and the key asked for is {'b' * 64}",
    )
    whole = Path("acme.delta").read_bytes()
    for place in range(0, len(whole), 997):
        Path("acme.delta").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        if is_delta(Path("acme.delta")):
            assert f"acme.delta: is not what the key {'a' * 64} signed" in problems("acme.delta", "a.pub")
    Path("acme.delta").write_bytes(whole)
    ask("@upgrade", "acme.delta")
    assert ask() == "shop 2 shop_maps shop_tea\n"


def test_an_unsigned_delta_takes_the_signature_of_the_one_before_away_and_is_no_signed_one(home: Path) -> None:
    signed(*WORDS, "--sign", "a.key")
    run(*WORDS)
    assert not Path("acme.delta.sig").exists()
    assert problems("acme.delta") == ()
    assert problems("acme.delta", "a.pub") == ("acme.delta.sig: is missing: this file is not signed",)


def test_without_a_key_a_delta_is_held_against_its_own_sums(home: Path) -> None:
    run(*WORDS)
    with zipfile.ZipFile("acme.delta") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}

    def told(changes: Mapping[str, bytes | None]) -> tuple[str, ...]:
        with zipfile.ZipFile("other.delta", "w") as archive:
            for name, content in {**members, **changes}.items():
                if content is not None:
                    archive.writestr(name, content)
        return problems("other.delta")

    assert told({}) == ()
    tea = next(name for name in members if "shop_tea" in name).removeprefix("build/")
    assert told({f"build/{tea}": b"tea"}) == (f"{tea}: was changed",)
    assert told({"build/acme.py": None}) == ("acme.py: is missing",)
    assert told({"build/more.py": b""}) == ("more.py: was added",)
    assert told({"build/build.json": b"{}"})[0].startswith("other.delta: is damaged (KeyError")
    assert told({"more.py": b""}) == ("more.py: is no file of a delta",)
    header = members["delta.json"].replace(b'"Acme"', b'"Bolt"')
    assert told({"delta.json": header}) == ("delta.json: is about another customer than the build that is in it",)
    assert told({"build/../../out": b""})[0].startswith("other.delta: ")
    assert not Path("out").exists()


def ed25519(seed: int) -> SigningKey:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    public = key.public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(
        algorithm="ed25519", id=hashlib.sha256(der).hexdigest(), sign=key.sign, public=public.public_bytes_raw()
    )


class Smith:
    """Makes true keys of Ed25519, of a file by its name's first letter."""

    @hookimpl
    def sarto_signers(self) -> list[Signer]:
        return [Signer(name="smith", private=lambda file: ed25519(ord(file.name[0])), public=_public)]


@pytest.fixture
def sealed(home: Path) -> Path:
    """The same, of a line whose products take no delta but those that the key ``a`` signs."""
    text = LINE.replace('root = "shop"', f'root = "shop"\nsigning_key = "{ed25519(ord("a")).public.hex()}"')
    for folder in ("theirs", "builds"):
        shutil.rmtree(folder)
    Path("features.toml").write_text(text)
    build("")
    shutil.copytree("builds/acme", "theirs")
    Path("features.toml").write_text(text.replace('version = "1"', 'version = "2"'))
    build("tea = true\n")
    return home


def sealing(*words: str) -> Result:
    return signed(*words, by=Smith())


def test_a_product_whose_line_has_a_signing_key_takes_the_signed_delta_alone(sealed: Path) -> None:
    assert sealing(*WORDS, "--sign", "a.key").exit_code == 0
    signature = Path("acme.delta.sig").rename("kept")
    line = [sys.executable, "theirs/acme.py", "@upgrade", "acme.delta"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "the delta is not signed" in done.stderr) == (1, True)
    assert ask() == "shop 2 shop_maps\n"
    signature.rename("acme.delta.sig")
    assert ask("@upgrade", "acme.delta").startswith("acme: shop 2 from the next start, in place of 1\n")
    assert ask() == "shop 2 shop_maps shop_tea\n"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((), "the customer's product takes signed deltas only, as its line's signing_key says"),
        (("--sign", "b.key"), "the customer's product would refuse a delta that this key signs"),
    ],
)
def test_what_the_product_would_refuse_is_not_even_written(sealed: Path, more: tuple[str, ...], sentence: str) -> None:
    for words in (WORDS, WORDS[:3]):
        with pytest.raises(SartoError, match=sentence):
            sealing(*words, *more)
    assert not Path("acme.delta").exists()
    assert ask() == "shop 2 shop_maps\n"


def test_a_build_on_this_machine_is_upgraded_with_a_signed_delta(sealed: Path) -> None:
    done = sealing("builds/acme", "--from", "theirs", "--sign", "a.key")
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "acme: shop 2 from the next start, in place of 1")
    assert ask() == "shop 2 shop_maps shop_tea\n"
