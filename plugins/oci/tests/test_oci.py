"""A build as a container image: what the tools say of it, and what it answers when it is started."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from sarto.derive.bundle import bundle_files
from sarto.derive.deliver import deliver
from sarto.derive.files import file_digest
from sarto.derive.plan import Plan
from sarto.derive.sums import SUMS, files_below, sums_text
from sarto.derive.vouching import Vouching
from sarto.errors import SartoError
from sarto.hooks.manager import PluginManager
from sarto.line import verify_build
from sarto.testing import answer, make_bundle, make_plan, make_wheel, native_module, part_of, start

from sarto_oci.layers import Source, small_layer, write_layer
from sarto_oci.packing import pack

from .tools import config_of, layers_of, make_base, manifest_of, python_files, run, unpack


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "makers cache"))
    return tmp_path / "makers cache"


def image_of(plan: Plan, folder: Path) -> Path:
    folder.mkdir()
    return pack(plan, make_bundle(plan, folder / "bundle"), folder).path


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return image_of(make_plan(tmp_path / "wheels"), tmp_path / "image")


def with_base(plan: Plan, base: Path, **more: str) -> Plan:
    return replace(plan, line=replace(plan.line, formats={"oci": {"base": str(base), **more}}))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_skopeo_reads_it(image: Path) -> None:
    said = json.loads(run("skopeo", "inspect", f"oci:{image}"))
    assert (said["Os"], said["Architecture"], len(said["Layers"])) == ("linux", "amd64", 3)
    assert said["Labels"]["org.opencontainers.image.title"] == "Acme"
    assert said["Labels"]["org.opencontainers.image.version"] == "2026.11.0"
    assert said["Created"] == "1970-01-01T00:00:00Z"


def test_skopeo_copies_it(image: Path, tmp_path: Path) -> None:
    run("skopeo", "copy", "--quiet", f"oci:{image}", f"oci:{tmp_path / 'copy'}:latest")
    assert manifest_of(tmp_path / "copy") == manifest_of(image)


def test_unpacked_by_umoci_it_starts_the_product(image: Path, tmp_path: Path) -> None:
    launcher = unpack(image, tmp_path / "there") / "app" / "acme-gmbh.py"
    assert answer(launcher, "one", "two", home=tmp_path) == {"argv": ["acme-gmbh", "one", "two"], "plugins": ["maps"]}
    assert not (tmp_path / "cache").exists()


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux may change its root folder"
)
def test_on_a_base_it_starts_with_the_bases_python_and_nothing_of_this_machine(tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", {**python_files(), "bin/sh": Path("/bin/sh").resolve()})
    image = image_of(with_base(make_plan(tmp_path / "wheels"), base), tmp_path / "image")
    root = unpack(image, tmp_path / "there")
    settings = config_of(image)["config"]
    environment = dict(variable.split("=", 1) for variable in settings["Env"])
    program = settings["Entrypoint"]
    assert (environment["PATH"], program) == ("/opt/bin", ["python3", "/app/acme-gmbh.py"])
    chroot = shutil.which("chroot")
    assert chroot
    (root / "opt/bin/python3").chmod(0o755)
    words = ["eval", "[__import__('os').listdir('/app'), __import__('sys').path]"]
    done = subprocess.run(
        [chroot, root, f"/opt/bin/{program[0]}", program[1], *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    listing, path = json.loads(done.stdout)
    assert sorted(listing) == ["SHA256SUMS", "acme-gmbh.py", "build.json", "parts", "pylock.toml", "unpacked"]
    assert sum(entry.startswith("/app/unpacked/") for entry in path) == 4


def test_its_modules_are_compiled_for_the_python_that_made_it(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    compiled = image_of(replace(plan, target=replace(plan.target, python=here)), tmp_path / "here")
    plain = image_of(replace(plan, target=replace(plan.target, python="3.99")), tmp_path / "elsewhere")
    assert [
        sum(".pyc" in name for layer in layers_of(image) for name in members(layer)) > 5 for image in (compiled, plain)
    ] == [True, False]


def members(layer: Path) -> list[str]:
    with tarfile.open(layer) as archive:
        return archive.getnames()


def test_its_features_are_switched_as_in_the_folder(image: Path, tmp_path: Path) -> None:
    launcher = unpack(image, tmp_path / "there") / "app" / "acme-gmbh.py"
    assert start(launcher, "@disable", "maps", home=tmp_path).stdout == "maps: off from the next start\n"
    assert answer(launcher, home=tmp_path)["plugins"] == []
    assert start(launcher, "@enable", "export", home=tmp_path).returncode == 1


def test_verify_in_the_container_names_what_was_changed_added_and_lost(image: Path, tmp_path: Path) -> None:
    root = unpack(image, tmp_path / "there") / "app"
    whole = start(root / "acme-gmbh.py", "@verify", home=tmp_path)
    assert (whole.returncode, whole.stdout) == (0, "every file is as it was handed out\n")
    greeter = next(root.glob("unpacked/*/lib/python3/site-packages/greeter.py"))
    greeter.write_text(greeter.read_text() + "# evil\n")
    (greeter.parent / "more.py").write_text("")
    (root / "pylock.toml").unlink()
    done = start(root / "acme-gmbh.py", "@verify", home=tmp_path)
    where = greeter.parent.relative_to(root).as_posix()
    assert (done.returncode, done.stdout.splitlines()) == (
        1, ["pylock.toml: is missing", f"{where}/greeter.py: was changed", f"{where}/more.py: was added"]
    )  # fmt: skip


def test_a_changed_list_of_sums_below_is_named(image: Path, tmp_path: Path) -> None:
    root = unpack(image, tmp_path / "there") / "app"
    sums = sorted(root.glob("unpacked/*/SHA256SUMS"))[0]
    sums.write_text("nothing\n")
    done = start(root / "acme-gmbh.py", "@verify", home=tmp_path)
    assert done.returncode == 1
    assert f"{sums.relative_to(root).as_posix()}: was changed" in done.stdout.splitlines()


def test_parts_that_open_their_own_data_and_native_code_work(tmp_path: Path) -> None:
    files = {**native_module(), "poems/__init__.py": "", "poems/one.txt": "Nel mezzo"}
    plan = make_plan(tmp_path / "wheels", part_of(make_wheel(tmp_path / "wheels", "poems", files)))
    launcher = unpack(image_of(plan, tmp_path / "image"), tmp_path / "there") / "app" / "acme-gmbh.py"
    read = "open(__import__('os').path.join(__import__('poems').__path__[0], 'one.txt')).read()"
    assert answer(launcher, "eval", read, home=tmp_path) == "Nel mezzo"
    assert answer(launcher, "eval", f"bool(__import__('{NATIVE}'))", home=tmp_path) is True


NATIVE = next(iter(native_module())).partition(".")[0].replace("/", ".")


def test_customers_share_all_layers_but_their_own(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    other = replace(plan, name="other", brand={"name": "Other"})
    *first, own = layers_of(image_of(plan, tmp_path / "one"))
    *second, theirs = layers_of(image_of(other, tmp_path / "two"))
    assert [path.stat().st_ino for path in first] == [path.stat().st_ino for path in second]
    assert own.name != theirs.name
    assert own.stat().st_nlink == theirs.stat().st_nlink == 1


def test_what_every_customer_has_is_one_layer_and_each_other_part_its_own(tmp_path: Path) -> None:
    image = image_of(make_plan(tmp_path / "wheels"), tmp_path / "image")
    always, maps, own = map(members, layers_of(image))
    assert {"greeter.py", "sarto_runtime"} <= {name.rpartition("/")[2] for name in always}
    assert [name for name in maps if name.endswith("/maps.py")]
    assert sorted(own) == ["app", "app/SHA256SUMS", "app/acme-gmbh.py", "app/build.json", "app/pylock.toml"]


def test_many_parts_stay_below_the_number_of_layers_that_engines_take(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    more = [part_of(make_wheel(wheels, f"part-{n}", {f"part_{n}.py": ""}), ["maps"]) for n in range(102)]
    plan = make_plan(wheels, *more)
    image = image_of(replace(plan, target=replace(plan.target, python="3.99")), tmp_path / "image")
    assert len(layers_of(image)) == 103
    assert verify_build(image, PluginManager.discover()).problems == ()


def test_the_same_build_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan(tmp_path / "wheels")
    first = contents(image_of(plan, tmp_path / "one"))
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "another cache"))
    mask = os.umask(0o077)
    second = contents(image_of(plan, tmp_path / "two"))
    os.umask(mask)
    bundle = {name: content for name, content in first.items() if not name.startswith("bundle/")}
    assert bundle == {name: content for name, content in second.items() if not name.startswith("bundle/")}


def test_nothing_in_it_is_of_the_machine_that_made_it(image: Path) -> None:
    found = set()
    for layer in layers_of(image):
        with tarfile.open(layer) as archive:
            found |= {(m.uid, m.gid, m.uname, m.gname, m.mtime, m.mode) for m in archive.getmembers()}
    assert found == {(0, 0, "", "", 0, 0o755), (0, 0, "", "", 0, 0o644)}


def test_layers_hold_what_tarfile_writes_to_the_byte(tmp_path: Path) -> None:
    """The customer's own, made at once, and one of a file after the other, with long names and empty files."""
    files: dict[str, bytes] = {
        "app/größe.txt": b"",
        f"app/{'deep/' * 25}er.txt": b"deeper",
        "app/large.bin": os.urandom(3_000_000),
        "app/start.py": b"1" * 512,
    }
    (tmp_path / "start.py").write_bytes(b"1" * 512)
    (tmp_path / "start.py").chmod(0o755)
    sources: dict[str, Source] = {**files, "app/start.py": tmp_path / "start.py"}
    written = write_layer(sources, tmp_path / "layer", level=1)
    small, content = small_layer(files, {"app/start.py"})
    expected = io.BytesIO()
    with tarfile.open(fileobj=expected, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for folder in sorted({str(above) for name in files for above in Path(name).parents} - {"."}):
            archive.addfile(uniform(folder, tarfile.DIRTYPE, 0o755))
        for name, file in sorted(files.items()):
            member = uniform(name, tarfile.REGTYPE, 0o755 if name == "app/start.py" else 0o644)
            member.size = len(file)
            archive.addfile(member, io.BytesIO(file))
        end = archive.offset + 2 * tarfile.BLOCKSIZE
    whole = expected.getvalue()  # padded to a record, which is left out where each customer would pay for it
    for layer, packed, plain in ((written, (tmp_path / "layer").read_bytes(), whole), (small, content, whole[:end])):
        assert gzip.decompress(packed) == plain
        assert (layer.digest, layer.size) == (hashlib.sha256(packed).hexdigest(), len(packed))
        assert layer.diff_id == hashlib.sha256(plain).hexdigest()


def uniform(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.mode = kind, mode
    return member


def test_the_files_of_a_build_give_the_same_image_as_its_folder(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    whole = contents(image_of(plan, tmp_path / "whole"))
    assert contents(pack(plan, bundle_files(plan, {}), tmp_path).path) == whole


def test_what_is_not_on_the_disk_yet_is_named_all_of_it_and_nothing_else(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    packed = pack(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path)
    files = [path for path in packed.path.rglob("*") if path.is_file() and path.stat().st_nlink == 1]
    assert {*packed.files} == {path.relative_to(packed.path).as_posix() for path in files}
    assert packed.folders == ("blobs", "blobs/sha256")


def test_beside_the_index_stands_what_the_build_is_and_in_the_image_also_why(image: Path) -> None:
    said = json.loads((image / "build.json").read_text())
    with tarfile.open(layers_of(image)[-1]) as archive:
        content = archive.extractfile("app/build.json")
        assert content
        inside = json.loads(content.read())
    values = {name: {"value": decided["value"]} for name, decided in inside["features"].items()}
    assert said == {"form": "oci", **inside, "features": values}
    assert inside["features"]["maps"]["reason"]


def test_a_damaged_layer_in_the_cache_is_made_again(image: Path, tmp_path: Path, cache: Path) -> None:
    for layer in cache.glob("oci/*/layer"):
        layer.chmod(0o644)
        layer.write_bytes(b"evil")
    again = image_of(make_plan(tmp_path / "wheels"), tmp_path / "again")
    assert verify_build(again, PluginManager.discover()).problems == ()
    assert verify_build(image, PluginManager.discover()).problems != ()


def test_sarto_verify_finds_it_whole_and_names_what_is_not(image: Path) -> None:
    plugins = PluginManager.discover()
    assert verify_build(image, plugins).problems == ()
    always, maps, own = layers_of(image)
    own.write_bytes(maps.read_bytes())
    maps.unlink()
    problems = verify_build(image, plugins).problems
    assert f"blobs/sha256/{own.name}: was changed" in problems
    assert f"blobs/sha256/{maps.name}: is missing" in problems
    assert "build.json: names the part 'greeter-maps', which is in no layer" not in problems
    assert always.exists()


def test_sarto_verify_names_a_part_that_is_in_no_layer_though_all_sums_fit(image: Path) -> None:
    file = image / "build.json"
    said = json.loads(file.read_text())
    said["parts"].append({**said["parts"][0], "name": "ghost", "sha256": "0" * 64})
    file.write_text(json.dumps(said))
    assert verify_build(image, PluginManager.discover()).problems == ("build.json: was changed",)
    names = [
        path.relative_to(image).as_posix() for path in image.rglob("*") if path.is_file() and path.name != "SHA256SUMS"
    ]
    sums = subprocess.run(["sha256sum", *sorted(names)], cwd=image, capture_output=True, check=True).stdout
    (image / "SHA256SUMS").write_bytes(sums)
    expected = ("build.json: names the part 'ghost', which is in no layer",)
    assert verify_build(image, PluginManager.discover()).problems == expected


def test_a_layer_that_unpacks_to_more_than_is_real_is_not_unpacked_though_all_sums_fit(image: Path) -> None:
    manifest = manifest_of(image)
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    manifest["layers"][-1] |= {"digest": blob(image, bomb), "size": len(bomb)}
    said = json.dumps(manifest).encode()
    index = json.loads((image / "index.json").read_text())
    index["manifests"][0] |= {"digest": blob(image, said), "size": len(said)}
    (image / "index.json").write_text(json.dumps(index))
    (image / SUMS).write_bytes(sums_text({name: file_digest(image / name) for name in files_below(image)}))
    name = manifest["layers"][-1]["digest"].replace("sha256:", "blobs/sha256/")
    problems = verify_build(image, PluginManager.discover()).problems
    assert f"{name}: cannot be unpacked (it unpacks to more than 100 times its size)" in problems


def blob(image: Path, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    (image / "blobs/sha256" / digest).write_bytes(content)
    return f"sha256:{digest}"


def test_an_index_that_leads_nowhere_is_a_problem_in_words(image: Path) -> None:
    (image / "index.json").write_text('{"manifests": []}')
    (problem,) = verify_build(image, PluginManager.discover()).problems
    assert problem == "index.json: was changed"


def test_an_earlier_image_is_replaced_and_one_with_a_foreign_file_is_not(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    folder = deliver(plan, {}, {"oci": pack}, tmp_path / "out")["oci"]
    assert deliver(plan, {"more.txt": b""}, {"oci": pack}, tmp_path / "out") == {"oci": folder}
    assert "app/more.txt" in members(layers_of(folder)[-1])
    assert verify_build(folder, PluginManager.discover()).problems == ()
    (folder / "notes").write_text("mine")
    with pytest.raises(SartoError, match="also holds 'notes', which Sarto did not make"):
        deliver(plan, {}, {"oci": pack}, tmp_path / "out")


def test_a_base_keeps_its_layers_and_settings_but_for_its_command(tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", {"etc/motd": b"hello"})
    image = image_of(with_base(make_plan(tmp_path / "wheels"), base, python="/opt/bin/python3"), tmp_path / "image")
    assert layers_of(image)[0].samefile(layers_of(base)[0])
    settings = config_of(image)["config"]
    assert settings["Env"] == ["PATH=/opt/bin", "LANG=C.UTF-8"]
    assert settings["Entrypoint"] == ["/opt/bin/python3", "/app/acme-gmbh.py"]
    assert "Cmd" not in settings
    assert len(config_of(image)["history"]) == len(config_of(image)["rootfs"]["diff_ids"]) == 4
    assert verify_build(image, PluginManager.discover()).problems == ()
    assert (unpack(image, tmp_path / "there") / "etc/motd").read_text() == "hello"


def refusal(plan: Plan, folder: Path) -> str:
    with pytest.raises(SartoError) as caught:
        image_of(plan, folder)
    return caught.value.what


def test_a_base_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    (tmp_path / "empty").mkdir()
    assert (
        refusal(with_base(plan, tmp_path / "empty"), tmp_path / "1")
        == "this is no image layout: it has no file 'oci-layout'"
    )
    arm = make_base(tmp_path / "arm", {"etc/motd": b""}, architecture="arm64")
    assert refusal(with_base(plan, arm), tmp_path / "2") == "the base is for linux/arm64, and the build for linux/amd64"
    two = make_base(tmp_path / "two", {"etc/motd": b""})
    index = json.loads((two / "index.json").read_text())
    (two / "index.json").write_text(json.dumps({**index, "manifests": index["manifests"] * 2}))
    assert refusal(with_base(plan, two), tmp_path / "3") == "the base has 2 images for amd64"
    damaged = make_base(tmp_path / "damaged", {"etc/motd": b"damaged"})
    (layer,) = layers_of(damaged)
    layer.write_bytes(b"evil")
    assert refusal(with_base(plan, damaged), tmp_path / "4") == f"the blob sha256:{layer.name} of the base is damaged"
    (damaged / "index.json").write_text("{")
    assert refusal(with_base(plan, damaged), tmp_path / "5").startswith("the base image cannot be read: Expecting")


def test_the_image_of_a_base_for_several_machines_is_the_one_for_the_target(tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", {"etc/motd": b""})
    index = json.loads((base / "index.json").read_text())
    (ours,) = index["manifests"]
    theirs = {**ours, "digest": f"sha256:{'0' * 64}", "platform": {"architecture": "arm64", "os": "linux"}}
    (base / "index.json").write_text(json.dumps({**index, "manifests": [theirs, ours]}))
    assert len(layers_of(image_of(with_base(make_plan(tmp_path / "wheels"), base), tmp_path / "image"))) == 4


def test_a_key_that_the_format_does_not_know_is_an_error_with_the_right_spelling(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    with pytest.raises(SartoError) as caught:
        image_of(replace(plan, line=replace(plan.line, formats={"oci": {"bsae": "x"}})), tmp_path / "image")
    assert str(caught.value) == "features.toml: formats.oci.bsae: unknown key 'bsae'\n  hint: did you mean 'base'?"


@pytest.mark.parametrize("platform", ["win_amd64", "macosx_11_0_arm64"])
def test_a_target_that_is_no_linux_is_refused_with_the_way_out(platform: str, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    with pytest.raises(SartoError) as caught:
        image_of(replace(plan, target=replace(plan.target, platform=platform)), tmp_path / "image")
    assert caught.value.what == f"there are no images for '{platform}'"
    assert caught.value.hint.endswith("or build it as a folder: --format bundle")


FULL = """
import pickle, resource, sys
from sarto.derive.deliver import deliver
from sarto.errors import SartoError
from sarto_oci.packing import pack
plan, output, limit = pickle.load(sys.stdin.buffer)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    deliver(plan, {}, {"oci": pack}, output)
except SartoError as error:
    print(error.what)
"""


@pytest.mark.parametrize("limit", [100, 1_000, 20_000])
def test_a_full_disk_is_one_sentence_and_nothing_half_made(limit: int, tmp_path: Path, cache: Path) -> None:
    """No file may grow beyond a limit: as on a disk that is full, at another file each time."""
    order = pickle.dumps((make_plan(tmp_path / "wheels"), tmp_path / "out", limit))
    done = subprocess.run([sys.executable, "-c", FULL], input=order, capture_output=True, check=False)
    assert done.stderr.decode() == ""
    (sentence,) = done.stdout.decode().splitlines()
    assert "File too large" in sentence or "cannot be" in sentence
    assert list((tmp_path / "out").iterdir()) == []
    assert list(cache.glob("oci/.making-*")) == []
    whole = deliver(make_plan(tmp_path / "wheels"), {}, {"oci": pack}, tmp_path / "out")["oci"]
    assert verify_build(whole, PluginManager.discover()).problems == ()


KILLED = """
import json, os, pickle, sys
from sarto.derive.deliver import deliver
from sarto.hooks.manager import PluginManager
from sarto.line import verify_build
from sarto_oci.packing import pack

plugins = PluginManager.discover()
plan, output = pickle.load(sys.stdin.buffer)

def child(step):
    left = step
    def count(event, arguments):
        nonlocal left
        if event == "open" or event.startswith(("os.", "shutil.", "tempfile.", "ctypes.", "fcntl.", "subprocess.")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), 9)
    sys.addaudithook(count)
    deliver(plan, {f"made by {step}": b""}, {"oci": pack}, output)

for step in range(1, 40000, 43):
    pid = os.fork()
    if pid == 0:
        try:
            child(step)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    folder = output / f"{plan.name}-oci"
    print(json.dumps([step, status, verify_build(folder, plugins).problems if folder.exists() else ()]), flush=True)
    if status != 9:
        break
"""


def test_a_builder_that_is_killed_at_any_step_leaves_nothing_or_a_whole_image(tmp_path: Path) -> None:
    """From an empty cache on; what earlier builders had finished stays, so each gets further than the last."""
    order = pickle.dumps((make_plan(tmp_path / "wheels"), tmp_path / "out"))
    done = subprocess.run([sys.executable, "-c", KILLED], input=order, capture_output=True, check=False, timeout=300)
    assert done.stderr.decode() == ""
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(steps) > 5
    assert {tuple(problems) for _, _, problems in steps} == {()}
    assert steps[-1][1:] == [0, []]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["acme-gmbh-oci"]


def test_the_provenance_of_an_image_is_about_the_parts_of_its_manifest(tmp_path: Path) -> None:
    out, plugins = tmp_path / "out", PluginManager.discover()
    made = deliver(make_plan(tmp_path / "wheels"), {}, {"oci": pack}, out, vouching=Vouching(provenance=True))["oci"]
    assert verify_build(made, plugins).problems == ()
    said = json.loads((made / "provenance.json").read_bytes())
    lost = said["predicate"]["buildDefinition"]["resolvedDependencies"].pop()["name"]
    (made / "provenance.json").write_text(json.dumps(said))
    sums = {name: file_digest(made / name) for name in files_below(made)}
    (made / SUMS).write_bytes(sums_text(sums))
    assert verify_build(made, plugins).problems == (f"provenance.json: does not agree with the parts on '{lost}'",)


def test_of_two_customers_who_differ_in_their_brand_only_the_last_layer_differs(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    other = replace(
        plan, name="other", selection=replace(plan.selection, customer="Other", brand={"name": "Other Hello"}),
        brand={"name": "Other Hello", "logo": "brand/logo.svg"}, brand_files={"brand/logo.svg": b"<svg/>"},
    )  # fmt: skip
    *first, own = layers_of(image_of(plan, tmp_path / "one"))
    *second, theirs = layers_of(image_of(other, tmp_path / "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert {Path(name).name for name in set(members(theirs)) ^ set(members(own))} == {
        "brand", "logo.svg", "acme-gmbh.py", "other-hello.py"
    }  # fmt: skip
    one, two = (_contents(layer) for layer in (own, theirs))
    assert {name for name in one.keys() & two.keys() if one[name] != two[name]} == {
        "app/build.json", "app/SHA256SUMS"
    }  # fmt: skip


def _contents(layer: Path) -> dict[str, bytes]:
    with tarfile.open(layer) as archive:
        files = [(member.name, archive.extractfile(member)) for member in archive.getmembers() if member.isfile()]
        return {name: file.read() for name, file in files if file is not None}
