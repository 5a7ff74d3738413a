"""Bundles of the greeter: what is in them, that they start, that pip and uv take them, that they are reproducible."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import uv
from packaging.pylock import Pylock
from sarto import __version__
from sarto.derive.bundle import assemble, bundle_sums
from sarto.derive.plan import Plan, ResolvedTarget
from sarto.derive.planning import plan
from sarto.derive.prepare import prepare
from sarto.derive.seed import launcher_source
from sarto.errors import SartoError
from sarto.solve.reasons import Fact

from .making import LINE, line_of, resolved, selection_of


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def bundle(greeter_plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("builds") / "acme-gmbh"
    assemble(greeter_plan, {"notes/origin.txt": b"from a plugin\n"}, folder)
    return folder


def test_a_bundle_holds_what_it_says(bundle: Path, greeter_plan: Plan) -> None:
    assert sorted(contents(bundle)) == sorted([
        "SHA256SUMS", "acme-gmbh.py", "build.json", "notes/origin.txt",
        *(f"parts/{part.filename}" for part in greeter_plan.parts), "pylock.toml",
    ])  # fmt: skip


def test_the_manifest_says_everything_about_the_build(bundle: Path, greeter_plan: Plan) -> None:
    said = json.loads((bundle / "build.json").read_text(encoding="utf-8"))
    parts = said.pop("parts")
    reason = "'greeter' is the root: every product has it"
    assert said.pop("features") == {
        name: {"value": value, "reason": reason, **unusual, "summary": summary}
        for name, value, unusual, summary in [
            ("greeter", True, {}, ""), ("loud", True, {}, ""),
            ("maps", True, {"stage": "user", "binding": "start"}, "Greets with a map"), ("polite", False, {}, ""),
        ]
    }  # fmt: skip
    assert said == {
        "format": 1,
        "sarto": __version__,
        "line": {"name": "greeter", "version": "2026.11.0", "summary": "Greets"},
        "customer": "Acme GmbH",
        "name": "acme-gmbh",
        "launcher": "acme-gmbh",
        "target": {"python": "3.11", "platform": "manylinux_2_28_x86_64"},
        "core": {
            "part": "greeter", "command": "greeter", "object": "greeter:main", "group": "greeter",
            "settings": {"arguments": [], "command": "", "but_not": [], "environment": ""},
        },
        "order": ["loud", "maps"],
        "plugins": [
            {"name": "loud", "object": "greeter_loud:word", "feature": "loud", "part": "greeter-loud"},
            {"name": "maps", "object": "greeter_maps:word", "feature": "maps", "part": "greeter-maps"},
        ],
        "settings": {},
        "brand": {"name": "greeter"},
        "open": ["maps"],
        "residual": [],
        "unlisted": [],
    }  # fmt: skip
    assert [(part["name"], part.get("features")) for part in parts] == [
        ("greeter", None), ("greeter-geo", ["maps"]), ("greeter-loud", ["loud"]), ("greeter-maps", ["maps"]),
        ("pluggy", None), ("sarto-runtime", None),
    ]  # fmt: skip
    first, planned = parts[0], greeter_plan.parts[0]
    assert first == {
        "name": "greeter", "version": "1.0", "file": planned.filename, "sha256": planned.sha256, "size": planned.size,
    }  # fmt: skip


def test_what_still_binds_the_open_features_is_in_the_manifest(greeter_plan: Plan, tmp_path: Path) -> None:
    rules = [[Fact("maps", False), Fact("#1", True)]]
    resolution = resolved(greeter_plan.line, "loud", open=["maps"], rules=rules)
    assemble(replace(greeter_plan, resolution=resolution), {}, tmp_path / "acme")
    said = json.loads((tmp_path / "acme/build.json").read_text(encoding="utf-8"))
    assert said["residual"] == [{"any": ["!maps", "#1"], "sentence": "'rule' is the root: every product has it"}]


def test_the_settings_name_what_the_core_calls_them(workshop: Path, linux: ResolvedTarget, tmp_path: Path) -> None:
    polite = 'parts = ["greeter-polite"]'
    line = line_of(LINE.replace(polite, f'{polite}\nsetting = "be_polite"'), workshop)
    made = plan(line, workshop, selection_of(), resolved(line, "polite"), prepare(line, workshop, linux))
    assemble(made, {}, tmp_path / "acme")
    said = json.loads((tmp_path / "acme/build.json").read_text(encoding="utf-8"))
    assert said["settings"] == {"polite": {"name": "be_polite", "value": True}}


def test_the_sums_are_those_that_sha256sum_checks(bundle: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=bundle, capture_output=True, text=True, check=True
    )
    checked = [line.removesuffix(": OK") for line in done.stdout.splitlines()]
    assert checked == sorted(set(contents(bundle)) - {"SHA256SUMS"})


def test_the_launcher_is_the_runtime_s_own_and_can_be_executed(bundle: Path) -> None:
    launcher = bundle / "acme-gmbh.py"
    assert launcher.read_bytes() == launcher_source()
    assert launcher.stat().st_mode & 0o777 == 0o755


def test_the_launcher_starts_the_core_with_exactly_the_chosen_plugins(bundle: Path, tmp_path: Path) -> None:
    own = {"SARTO_CACHE": str(tmp_path / "cache"), "SARTO_STATE": str(tmp_path / "state")}
    assert sorted(run(sys.executable, bundle / "acme-gmbh.py", **own).split()) == ["!", "hello", "world"]


def test_parts_are_the_very_files_of_the_store(bundle: Path, greeter_plan: Plan) -> None:
    for part in greeter_plan.parts:
        assert (bundle / "parts" / part.filename).samefile(part.path)


def test_the_same_inputs_give_the_same_bytes_on_another_day_in_another_place(
    greeter_plan: Plan,
    workshop: Path,
    linux: ResolvedTarget,
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From a copy of the line elsewhere, with nothing in any cache, under another umask and in another folder."""
    folder = tmp_path / "another" / "line"
    shutil.copytree(workshop, folder, copy_function=shutil.copyfile)
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "another cache"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    before = os.umask(0o077)
    try:
        line = line_of(LINE, folder)
        resolution = resolved(line, "loud", "maps", open=["maps"])
        made = plan(
            line, folder, selection_of(file=str(tmp_path / "acme.toml")), resolution, prepare(line, folder, linux)
        )
        assemble(made, {"notes/origin.txt": b"from a plugin\n"}, tmp_path / "out")
    finally:
        os.umask(before)
    assert contents(tmp_path / "out") == contents(bundle)


def test_nothing_in_a_bundle_names_this_machine(bundle: Path, workshop: Path, shared_cache: Path) -> None:
    for name, content in contents(bundle).items():
        if not name.startswith("parts/"):
            for place in (workshop, shared_cache, Path.home()):
                assert str(place).encode() not in content


def test_builds_that_differ_in_brand_alone_have_the_same_functional_parts(
    workshop: Path, linux: ResolvedTarget, tmp_path: Path
) -> None:
    line = line_of(LINE + '[cosmetics]\nlogo = { type = "file" }\n', workshop)
    catalog, built = prepare(line, workshop, linux), []
    for customer in ("a", "b"):
        (tmp_path / f"{customer}.png").write_text(customer)
        selection = selection_of(f'[brand]\nname = "{customer}"\nlogo = "{customer}.png"\n', str(tmp_path / "x.toml"))
        assemble(plan(line, workshop, selection, resolved(line, "loud"), catalog), {}, tmp_path / customer)
        made = contents(tmp_path / customer)
        built.append({"launcher": made.pop(f"{customer}.py"), **made})
    first, second = built
    assert first.keys() == second.keys()
    assert sorted(name for name in first if first[name] != second[name]) == [
        "SHA256SUMS",
        "brand/logo.png",
        "build.json",
    ]


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "", "a/../../b", "C:/evil", "a\\b", "./a", "a//b"])
def test_a_plugin_cannot_write_outside_the_build(path: str, greeter_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        assemble(greeter_plan, {path: b""}, tmp_path / "acme")
    assert str(caught.value) == f"a plugin adds the file '{path}', which is no path below the build"
    assert not (tmp_path / "acme").exists()


@pytest.mark.parametrize("path", ["build.json", "BUILD.json", "SHA256SUMS", "acme-gmbh.py", "parts/x.whl", "Parts"])
def test_a_plugin_cannot_take_the_place_of_what_the_build_has(path: str, greeter_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        assemble(greeter_plan, {path: b""}, tmp_path / "acme")
    assert str(caught.value) == f"a plugin adds the file '{path}', which the build has already"


def test_a_part_that_is_damaged_between_planning_and_building_is_noticed(greeter_plan: Plan, tmp_path: Path) -> None:
    part = greeter_plan.parts[0]
    copy = tmp_path / part.filename
    copy.write_bytes(part.path.read_bytes()[:-1])
    damaged = replace(greeter_plan, parts=(replace(part, path=copy), *greeter_plan.parts[1:]))
    with pytest.raises(SartoError) as caught:
        assemble(damaged, {}, tmp_path / "acme")
    assert str(caught.value) == (
        "part 'greeter' in the store was damaged while this build was made\n  hint: build again"
    )


def test_the_standard_lock_has_exactly_the_build_s_parts(bundle: Path, greeter_plan: Plan) -> None:
    lock = Pylock.from_dict(tomllib.loads((bundle / "pylock.toml").read_text(encoding="utf-8")))
    assert str(lock.requires_python) == "==3.11.*"
    assert [(package.name, str(package.version)) for package in lock.packages] == [
        (part.name, part.version) for part in greeter_plan.parts
    ]
    for package, part in zip(lock.packages, greeter_plan.parts, strict=True):
        (wheel,) = package.wheels or ()
        assert (wheel.path, wheel.url, wheel.size) == (f"parts/{part.filename}", None, part.size)
        assert wheel.hashes == {"sha256": part.sha256}


def test_the_standard_lock_names_one_place_of_a_part_of_the_index(greeter_plan: Plan, tmp_path: Path) -> None:
    first, *others = greeter_plan.parts
    url = f"https://example.org/{first.filename}"
    assemble(replace(greeter_plan, parts=(replace(first, url=url), *others)), {}, tmp_path / "acme")
    lock = tomllib.loads((tmp_path / "acme/pylock.toml").read_text(encoding="utf-8"))
    wheel = {"path": f"parts/{first.filename}", "size": first.size, "hashes": {"sha256": first.sha256}}
    assert lock["packages"][0] == {"name": first.name, "version": first.version, "wheels": [wheel]}


def installed(python: Path, parts: Mapping[str, str]) -> bool:
    said = run(
        python, "-c", "import importlib.metadata as m; print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
    )
    return {f"{name}=={version}" for name, version in parts.items()} <= set(said.split())


def environment(folder: Path) -> Path:
    """An empty environment of this Python; returns its interpreter."""
    run(uv.find_uv_bin(), "venv", "-q", "--python", sys.executable, folder)
    return folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the build is for Python 3.11")
def test_uv_installs_the_lock_from_the_bundle_alone(bundle: Path, greeter_plan: Plan, tmp_path: Path) -> None:
    python = environment(tmp_path / "venv")
    offline = {"UV_OFFLINE": "1", "UV_CACHE_DIR": str(tmp_path / "uv")}
    run(uv.find_uv_bin(), "pip", "sync", "--python", python, bundle / "pylock.toml", **offline)
    assert installed(python, {part.name: part.version for part in greeter_plan.parts})
    assert run(python.with_name("greeter")).split()[0] == "hello"


@pytest.mark.network
@pytest.mark.usefixtures("package_index")
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the build is for Python 3.11")
def test_pip_installs_the_lock_from_the_bundle_alone(bundle: Path, greeter_plan: Plan, tmp_path: Path) -> None:
    python = environment(tmp_path / "venv")
    run(uv.find_uv_bin(), "pip", "install", "-q", "--python", python, "pip>=26.1")
    lock = bundle / "pylock.toml"
    run(python, "-m", "pip", "install", "-q", "--no-index", "-r", lock, PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull)
    assert installed(python, {part.name: part.version for part in greeter_plan.parts})


def test_the_sums_of_a_bundle_are_known_before_it_is_made(bundle: Path, greeter_plan: Plan) -> None:
    extra = {"notes/origin.txt": b"from a plugin\n"}
    assert bundle_sums(greeter_plan, extra) == (bundle / "SHA256SUMS").read_bytes()
    other = replace(greeter_plan, brand={**greeter_plan.brand, "name": "Other"})
    assert bundle_sums(other, extra) != bundle_sums(greeter_plan, extra)


def test_a_plugin_cannot_put_files_where_upgrades_go(greeter_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(SartoError, match="a plugin adds the file 'upgrades/current', which the build has already"):
        assemble(greeter_plan, {"upgrades/current": b"."}, tmp_path / "build")
