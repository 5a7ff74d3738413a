"""What else has a build's place: left alone, named, and not lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.derive.deliver import deliver
from sarto.derive.plan import Plan
from sarto.derive.publish import check_destination
from sarto.errors import SartoError

from .formats import bundle, leftovers
from .making import write

HINT = "\n  hint: move it away, or name another folder with -o"


def refused(plan: Plan, output: Path) -> str:
    before = sorted(output.rglob("*"))
    with pytest.raises(SartoError) as caught:
        deliver(plan, {}, {"bundle": bundle}, output)
    assert sorted(output.rglob("*")) == before
    return str(caught.value)


def test_a_folder_that_holds_something_else_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    write(tmp_path / "acme-gmbh/thesis.odt", "years of work")
    expected = f"the folder '{tmp_path}/acme-gmbh' holds something else than a build{HINT}"
    assert refused(greeter_plan, tmp_path) == expected


@pytest.mark.parametrize("text", ["{}", "[]", "not json", '{"format": 1}'])
def test_a_build_json_of_someone_else_does_not_make_a_folder_ours(
    text: str, greeter_plan: Plan, tmp_path: Path
) -> None:
    write(tmp_path / "acme-gmbh/build.json", text)
    assert "holds something else than a build" in refused(greeter_plan, tmp_path)


def test_another_customer_s_build_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    write(
        tmp_path / "acme-gmbh/build.json",
        '{"format": 1, "sarto": "1", "name": "acme", "customer": "Acme", "form": "gmbh"}',
    )
    assert refused(greeter_plan, tmp_path) == (
        f"the folder '{tmp_path}/acme-gmbh' holds a build for another customer, 'Acme'"
        "\n  hint: give the two customers names that are less alike, or name another folder with -o"
    )


def test_a_build_with_a_person_s_file_in_it_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    write(tmp_path / "acme-gmbh/data/customers.db", "precious")
    assert refused(greeter_plan, tmp_path) == (
        f"the build in '{tmp_path}/acme-gmbh' also holds 'data/customers.db', which Sarto did not make{HINT}"
    )


def test_what_a_file_manager_leaves_in_a_build_is_no_hindrance(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    write(tmp_path / "acme-gmbh/.DS_Store", "")
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    assert not (tmp_path / "acme-gmbh/.DS_Store").exists()


def test_a_file_in_the_place_of_a_folder_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    write(tmp_path / "acme-gmbh", "a letter")
    expected = f"'{tmp_path}/acme-gmbh' is there already, and Sarto did not make it{HINT}"
    assert refused(greeter_plan, tmp_path) == expected


def test_a_link_is_not_followed_even_to_a_build(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path / "real")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/acme-gmbh").symlink_to(tmp_path / "real/acme-gmbh")
    assert "is there already, and Sarto did not make it" in refused(greeter_plan, tmp_path / "out")


def test_a_folder_in_the_place_of_a_file_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "acme.pyz/file", "")
    with pytest.raises(SartoError, match=r"acme\.pyz' is there already, and Sarto did not make it"):
        check_destination(tmp_path / "acme.pyz", is_folder=False)


def test_what_takes_the_place_while_the_build_is_made_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    def meddle(plan: Plan, folder: Path, output: Path) -> Path:
        write(tmp_path / "acme-gmbh/thesis.odt", "years of work")
        return folder

    with pytest.raises(SartoError, match="holds something else than a build"):
        deliver(greeter_plan, {}, {"bundle": meddle}, tmp_path)
    assert (tmp_path / "acme-gmbh/thesis.odt").read_text() == "years of work"
    assert leftovers(tmp_path) == []


def test_an_output_folder_that_cannot_be_made_is_one_sentence(greeter_plan: Plan, tmp_path: Path) -> None:
    write(tmp_path / "file", "")
    with pytest.raises(SartoError) as caught:
        deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path / "file" / "out")
    assert str(caught.value) == (
        f"writing to the folder '{tmp_path}/file/out' failed: Not a directory: '{tmp_path}/file/out'\n"
        "  hint: name another folder with -o"
    )
