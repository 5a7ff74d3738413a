"""How a build came about, as in-toto and SLSA want it said, and as ``sarto verify`` checks it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.derive.bundle import assemble
from sarto.derive.deliver import deliver
from sarto.derive.envelope import envelope_fault, envelope_of, read_envelope
from sarto.derive.extraction import Opened
from sarto.derive.files import file_digest
from sarto.derive.plan import Plan
from sarto.derive.provenance import read_statement
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.derive.sums import SIGNATURE, SUMS, files_below, read_sums, sums_text
from sarto.derive.verify import verify
from sarto.derive.verify_file import verify_file
from sarto.derive.vouching import Vouching
from sarto.errors import SartoError

from .formats import archive, bundle
from .making import write

PRIVATE = SigningKey(algorithm="sum", id="0" * 64, sign=lambda content: hashlib.sha256(content).digest())
PUBLIC = VerifyingKey(
    algorithm="sum", id="0" * 64, verify=lambda content, value: hashlib.sha256(content).digest() == value
)
OTHER = VerifyingKey(algorithm="sum", id="1" * 64, verify=lambda _content, _value: False)
UNSIGNED, SIGNED = Vouching(provenance=True), Vouching(key=PRIVATE)


@pytest.fixture(autouse=True)
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def made(plan: Plan, folder: Path, vouching: Vouching) -> Path:
    """The plan's build, its files its own, so that a test may change them."""
    assemble(plan, {}, folder, vouching)
    for part in (folder / "parts").iterdir():
        content = part.read_bytes()
        part.unlink()
        part.write_bytes(content)
    return folder


def said(build: Path) -> dict[str, Any]:
    return read_statement((build / "provenance.json").read_bytes())


def resum(build: Path) -> None:
    (build / SUMS).write_bytes(sums_text({name: file_digest(build / name) for name in files_below(build)}))


def test_every_other_file_of_the_build_is_a_subject_with_its_hash(greeter_plan: Plan, tmp_path: Path) -> None:
    build = made(greeter_plan, tmp_path / "b", UNSIGNED)
    subjects = {each["name"]: each["digest"] for each in said(build)["subject"]}
    files = [name for name in files_below(build) if name != "provenance.json"]
    assert subjects == {name: {"sha256": file_digest(build / name)} for name in files}
    assert "provenance.json" in read_sums(build / SUMS)
    assert verify(build).problems == ()


def test_it_says_by_whom_from_what_and_with_which_parts(greeter_plan: Plan, tmp_path: Path) -> None:
    statement = said(made(greeter_plan, tmp_path / "b", UNSIGNED))
    assert (statement["_type"], statement["predicateType"]) == (
        "https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1",
    )  # fmt: skip
    definition, run = statement["predicate"]["buildDefinition"], statement["predicate"]["runDetails"]
    assert definition["buildType"] == "pkg:pypi/sarto#build/v1"
    assert definition["externalParameters"]["line"]["name"] == "greeter"
    assert definition["externalParameters"]["selection"]["customer"] == "Acme GmbH"
    assert definition["externalParameters"]["target"] == {"python": "3.11", "platform": "manylinux_2_28_x86_64"}
    assert [(each["name"], each["digest"]["sha256"]) for each in definition["resolvedDependencies"]] == [
        (part.filename, part.sha256) for part in greeter_plan.parts
    ]
    assert definition["resolvedDependencies"][0]["uri"] == "pkg:pypi/greeter@1.0"
    assert run == {"builder": {"id": "pkg:pypi/sarto@0.1.0", "version": {"sarto": "0.1.0"}}}


def test_the_files_that_people_wrote_stand_in_it_by_their_hash_and_without_their_folders(
    greeter_plan: Plan, tmp_path: Path
) -> None:
    line = write(tmp_path / "line" / "features.toml", "line")
    profile = write(tmp_path / "line" / "europe.toml", "profile")
    selection = write(tmp_path / "line" / "selections" / "acme.toml", "selection")
    plan = replace(
        greeter_plan,
        line=replace(greeter_plan.line, file=str(line)),
        selection=replace(greeter_plan.selection, file=str(selection), extends=("../europe.toml",)),
    )
    parameters = said(made(plan, tmp_path / "b", UNSIGNED))["predicate"]["buildDefinition"]["externalParameters"]

    def named(file: Path) -> dict[str, Any]:
        return {"file": file.name, "digest": {"sha256": file_digest(file)}}

    assert parameters["line"] == {"name": "greeter", "version": "2026.11.0", **named(line)}
    assert parameters["selection"] == {"customer": "Acme GmbH", **named(selection), "extends": [named(profile)]}
    assert str(tmp_path) not in json.dumps(parameters)


def test_there_is_no_clock_in_it_but_the_one_that_was_asked_for(
    greeter_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (made(greeter_plan, tmp_path / name, UNSIGNED) for name in "ab")
    assert (first / "provenance.json").read_bytes() == (second / "provenance.json").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    timed = said(made(greeter_plan, tmp_path / "c", UNSIGNED))
    assert timed["predicate"]["runDetails"]["metadata"] == {"finishedOn": "1970-01-02T00:00:00Z"}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(SartoError) as caught:
        made(greeter_plan, tmp_path / "d", UNSIGNED)
    assert str(caught.value) == (
        "SOURCE_DATE_EPOCH is 'yesterday', which is no time\n  hint: give whole seconds since 1970, or unset it"
    )


def test_a_signed_build_has_it_in_an_envelope_that_is_signed_as_dsse_says(greeter_plan: Plan, tmp_path: Path) -> None:
    build = made(greeter_plan, tmp_path / "b", SIGNED)
    assert not (build / "provenance.json").exists()
    lines = (build / "provenance.intoto.jsonl").read_text().splitlines()
    assert len(lines) == 1
    envelope = json.loads(lines[0])
    payload = base64.b64decode(envelope["payload"])
    signed = b"DSSEv1 28 application/vnd.in-toto+json " + str(len(payload)).encode() + b" " + payload
    signature = {"keyid": "0" * 64, "sig": base64.b64encode(hashlib.sha256(signed).digest()).decode()}
    assert envelope["signatures"] == [signature]
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert read_statement(payload)["subject"]
    assert verify(build, PUBLIC).problems == ()


def test_a_build_without_it_has_none(greeter_plan: Plan, tmp_path: Path) -> None:
    build = made(greeter_plan, tmp_path / "b", Vouching())
    assert [name for name in files_below(build) if "provenance" in name] == []


def test_a_statement_about_other_files_is_found_out_though_the_sums_were_made_to_fit(
    greeter_plan: Plan, tmp_path: Path
) -> None:
    build = made(greeter_plan, tmp_path / "b", UNSIGNED)
    (build / "acme-gmbh.py").write_text("evil")
    resum(build)
    assert verify(build).problems == ("provenance.json: does not agree with the file 'acme-gmbh.py'",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: s["subject"].pop(), "does not agree with the file 'pylock.toml'"),
        (lambda s: s["predicate"]["buildDefinition"]["resolvedDependencies"].pop(0),
         "does not agree with the parts on 'greeter-1.0-py3-none-any.whl'"),
        (lambda s: s["subject"].append({"name": 5, "digest": {"sha256": ""}}), "does not agree with the file '5'"),
        (lambda s: s.update(_type="x"), "is no provenance that this Sarto knows"),
        (lambda s: s.update(subject="x"), "is no provenance that this Sarto knows"),
        (lambda s: s.update(predicate=[]), "is no provenance that this Sarto knows"),
    ],
)  # fmt: skip
def test_an_edited_statement_is_named(change: Any, problem: str, greeter_plan: Plan, tmp_path: Path) -> None:
    build = made(greeter_plan, tmp_path / "b", UNSIGNED)
    statement = json.loads((build / "provenance.json").read_text())
    change(statement)
    (build / "provenance.json").write_text(json.dumps(statement))
    assert verify(build).problems == ("provenance.json: was changed",)
    resum(build)
    assert verify(build).problems == (f"provenance.json: {problem}",)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"payload": "!", "signatures": []}', "[" * 9999])
def test_an_envelope_that_is_none_is_named_also_without_a_key(content: str, greeter_plan: Plan, tmp_path: Path) -> None:
    build = made(greeter_plan, tmp_path / "b", SIGNED)
    (build / "provenance.intoto.jsonl").write_text(content)
    (build / SIGNATURE).unlink()
    resum(build)
    assert verify(build).problems == ("provenance.intoto.jsonl: is no signed statement (DSSE)",)


def test_a_statement_of_another_key_and_one_that_was_not_signed_are_told_apart() -> None:
    envelope = read_envelope(envelope_of(b"{}", PRIVATE))
    assert envelope_fault(envelope, PUBLIC) == ""
    assert envelope_fault(envelope, OTHER) == f"was signed with the key {'0' * 64}, and the key asked for is {'1' * 64}"
    posing = VerifyingKey(algorithm="sum", id="0" * 64, verify=OTHER.verify)
    assert envelope_fault(envelope, posing) == f"is not what the key {'0' * 64} signed"


@given(st.binary(max_size=200))
def test_an_envelope_gives_back_what_went_in_and_no_other_bytes_pass(payload: bytes) -> None:
    envelope = read_envelope(envelope_of(payload, PRIVATE))
    assert (envelope.payload, envelope_fault(envelope, PUBLIC)) == (payload, "")
    changed = type(envelope)(payload + b"\0", envelope.signatures)
    assert envelope_fault(changed, PUBLIC) == f"is not what the key {'0' * 64} signed"


@pytest.mark.parametrize(("vouching", "ending"), [(UNSIGNED, "provenance.json"), (SIGNED, "intoto.jsonl")])
def test_a_build_in_one_file_has_it_beside_the_file(
    vouching: Vouching, ending: str, greeter_plan: Plan, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    file = deliver(greeter_plan, {}, {"bundle": bundle, "list": archive}, out, vouching=vouching)["list"]
    beside = file.with_name(f"{file.name}.{ending}")

    def unpack(_file: Path, _folder: Path) -> Opened:
        return Opened(out / "acme-gmbh")

    key = PUBLIC if vouching.key else None
    assert verify_file(file, unpack, key).problems == ()
    for each in sorted(out.glob("acme-gmbh.txt*")):
        each.rename(each.with_name(each.name.replace("acme-gmbh.txt", "other.txt")))
    file, beside = file.with_name("other.txt"), beside.with_name(f"other.txt.{ending}")
    assert verify_file(file, unpack, key).problems == ()
    file.write_text("changed")
    assert f"{beside.name}: does not agree with the file 'other.txt'" in verify_file(file, unpack, key).problems
    beside.write_text("rubbish")
    assert verify_file(file, unpack, key).problems[-1].startswith(f"{beside.name}: is no ")
    deliver(greeter_plan, {}, {"list": archive}, tmp_path / "again", vouching=vouching)
    deliver(greeter_plan, {}, {"list": archive}, tmp_path / "again")
    assert [path.name for path in (tmp_path / "again").iterdir()] == ["acme-gmbh.txt"]


def test_a_byte_beside_what_is_signed_is_noticed_too() -> None:
    whole = envelope_of(b'{"a":1}', PRIVATE)
    more = json.dumps({**json.loads(whole), "note": "evil"}).encode()
    for content in (whole + b"\n", b" " + whole, whole.replace(b":", b": ", 1), whole.removesuffix(b"\n"), more):
        with pytest.raises(SartoError, match="holds more than a signed statement"):
            read_envelope(content)
