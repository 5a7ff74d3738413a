"""Makes real wheels and real builds in a temporary folder, starts them and asks them things, for the tests."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parent.parent / "sarto_runtime"
LAUNCHER = (SOURCES / "launcher.py").read_bytes()

HOST = {
    "host/__init__.py": "",
    "host/cli.py": """
import json, sys
import pluggy

hookspec = pluggy.HookspecMarker("host")

class Specs:
    @hookspec
    def greet(self): ...

def main():
    manager = pluggy.PluginManager("host")
    manager.add_hookspecs(Specs)
    manager.load_setuptools_entrypoints("host")
    if sys.argv[1:2] == ["eval"]:
        print(json.dumps(eval(sys.argv[2])))
    elif sys.argv[1:2] == ["return"]:
        return eval(sys.argv[2])
    else:
        print(json.dumps({"argv": sys.argv, "greetings": manager.hook.greet()}))
""",
}
"""A core product: says its command line and what its plugins greet; ``eval`` and ``return`` let a test look inside."""


@dataclass(frozen=True)
class PartOf:
    """A wheel and the features that need it."""

    wheel: Path
    features: Sequence[str] = ()


@dataclass
class Sketch:
    """What differs between builds; the rest of ``build.json`` is filled in by :func:`make_build`."""

    features: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    parts: Sequence[PartOf] = ()
    order: Sequence[str] = ()
    open: Sequence[str] = ()
    residual: Sequence[tuple[Sequence[str], str]] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    route: Mapping[str, Any] = field(default_factory=dict)
    brand: Mapping[str, str] = field(default_factory=dict)
    brand_files: Mapping[str, bytes] = field(default_factory=dict)
    look: Mapping[str, Any] = field(default_factory=dict)
    target: Mapping[str, str] = field(default_factory=lambda: {"python": "3.11", "platform": "any"})
    object: str = "host.cli:main"
    plugins: Sequence[tuple[str, str, str, str]] = ()
    policies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    licence: Mapping[str, Any] = field(default_factory=dict)
    signing_key: str = ""
    needs: Sequence[tuple[Sequence[str], str]] = ()
    usage: Mapping[str, Any] = field(default_factory=dict)


def feature(value: bool | int | float | str = True, **said: str) -> dict[str, Any]:
    """An entry of ``features`` in ``build.json``."""
    plain = {"reason": "Selected by Acme.", "cause": "wish", "stage": "customer", "binding": "build", "summary": ""}
    return {"value": value, **plain, **said}


def make_wheel(
    folder: Path,
    name: str,
    files: Mapping[str, str | bytes],
    *,
    version: str = "1.0",
    entry_points: str = "",
    tag: str = "py3-none-any",
) -> Path:
    """A wheel as a build backend would make it."""
    stem = f"{name.replace('-', '_')}-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}-{tag}.whl"
    info = f"{stem}.dist-info"
    metadata: dict[str, str | bytes] = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    if entry_points:
        metadata[f"{info}/entry_points.txt"] = entry_points
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in {**files, **metadata}.items():
            archive.writestr(zipfile.ZipInfo(member), text)  # with no time of now: the same wheel has the same hash
    return path


def make_plugin(folder: Path, name: str, feature_name: str) -> PartOf:
    """A plugin of the host that greets with its own name."""
    module = name.replace("-", "_")
    text = f"import pluggy\n@pluggy.HookimplMarker('host')\ndef greet(): return '{name}'\n"
    wheel = make_wheel(folder, name, {f"{module}.py": text}, entry_points=f"[host]\n{name} = {module}\n")
    return PartOf(wheel, [feature_name])


def runtime_wheel(folder: Path) -> Path:
    """The runtime under test."""
    files = {f"sarto_runtime/{file.name}": file.read_bytes() for file in sorted(SOURCES.glob("*.py"))}
    return make_wheel(folder, "sarto-runtime", files, version="0.1.0")


def pluggy_wheel(folder: Path) -> Path:
    """The installed pluggy, as a wheel again."""
    return installed_wheel(folder, "pluggy", "pluggy")


def installed_wheel(folder: Path, name: str, package: str) -> Path:
    """An installed distribution of one package in Python, as a wheel again."""
    installed = importlib.metadata.distribution(name)
    files = [file for file in installed.files or [] if file.parts[0] == package and file.suffix == ".py"]
    contents = {str(file): file.read_binary() for file in files}
    return make_wheel(folder, name, contents, version=installed.version)


def make_build(folder: Path, sketch: Sketch | None = None) -> Path:
    """A whole build in ``folder``, around the test's host; returns the launcher."""
    sketch = sketch or Sketch()
    parts = folder / "parts"
    parts.mkdir(parents=True)
    always = [make_wheel(parts, "host", HOST), runtime_wheel(parts), pluggy_wheel(parts)]
    for part in sketch.parts:
        parts.joinpath(part.wheel.name).write_bytes(part.wheel.read_bytes())
    for name, content in sketch.brand_files.items():
        folder.joinpath(name).parent.mkdir(exist_ok=True)
        folder.joinpath(name).write_bytes(content)
    write_build_json(folder, sketch, [*map(PartOf, always), *sketch.parts])
    launcher = folder / "acme.py"
    launcher.write_bytes(LAUNCHER)
    launcher.chmod(0o755)
    write_sums(folder)
    return launcher


def write_build_json(folder: Path, sketch: Sketch, parts: Iterable[PartOf]) -> None:
    route = {"arguments": [], "command": "", "but_not": [], "environment": "", **sketch.route}
    entries = sorted((_entry(part) for part in parts), key=lambda entry: str(entry["name"]))
    data = {
        "format": 1,
        "sarto": "0.1.0",
        "line": {"name": "greeter", "version": "2026.11.0", "summary": "Greets"},
        "customer": "Acme GmbH",
        "name": "acme",
        "launcher": "acme",
        "target": sketch.target,
        "core": {"part": "host", "command": "host", "object": sketch.object, "group": "host", "settings": route},
        "features": sketch.features,
        "parts": entries,
        "order": sketch.order,
        "plugins": [dict(zip(("name", "object", "feature", "part"), each, strict=True)) for each in sketch.plugins],
        "policies": sketch.policies,
        "licence": sketch.licence,
        "signing_key": sketch.signing_key,
        "settings": sketch.settings,
        "brand": {"name": "Acme Greetings", **sketch.brand},
        **({"look": dict(sketch.look)} if sketch.look else {}),
        "open": sketch.open,
        "residual": [{"any": clause, "sentence": sentence} for clause, sentence in sketch.residual],
        "needs": [{"any": clause, "sentence": sentence} for clause, sentence in sketch.needs],
        **({"usage": sketch.usage} if sketch.usage else {}),
    }
    folder.joinpath("build.json").write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _entry(part: PartOf) -> dict[str, Any]:
    name, version = part.wheel.name.split("-")[:2]
    data = part.wheel.read_bytes()
    return {
        "name": name.replace("_", "-"),
        "version": version,
        "file": part.wheel.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "features": list(part.features),
    }


def write_sums(folder: Path) -> None:
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != "SHA256SUMS")
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n" for file in files
    ]
    folder.joinpath("SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def start(
    launcher: Path | str,
    *words: str,
    python: Sequence[str] = (sys.executable,),
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Start ``launcher`` as a user would; its cache and state lie beside the build, if not said otherwise."""
    return subprocess.run(
        [*python, str(launcher), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**surroundings(launcher), **(environment or {})},
        cwd=cwd,
        timeout=120,
        check=False,
    )


def surroundings(launcher: Path | str) -> dict[str, str]:
    """The environment for starting ``launcher`` apart from the user's own cache and switches."""
    beside = Path(launcher).absolute().parent.parent
    own = {"SARTO_CACHE": str(beside / "cache"), "SARTO_STATE": str(beside / "state"), "PYTHONUTF8": "1"}
    return {**os.environ, **own}


def ask(launcher: Path, expression: str, **how: Any) -> Any:
    """The value of a Python expression inside the running product."""
    done = start(launcher, "eval", expression, **how)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def greetings(launcher: Path, **how: Any) -> list[str]:
    """What the plugins of the running product greet, in the order in which they are called."""
    done = start(launcher, **how)
    assert (done.returncode, done.stderr) == (0, "")
    found: list[str] = json.loads(done.stdout)["greetings"]
    return found


def pack(launcher: Path, *, members: Mapping[str, bytes] | None = None) -> Path:
    """The build of ``launcher`` in one file that starts itself, beside its folder."""
    folder = launcher.parent
    path = folder.with_suffix(".pyz")
    with zipfile.ZipFile(path, "w") as archive:
        main = "import sys, sarto_runtime\nsys.exit(sarto_runtime.launch_packed(sys.path[0], sys.argv))\n"
        archive.writestr("__main__.py", main)
        for source in sorted(SOURCES.glob("*.py")):
            archive.write(source, f"sarto_runtime/{source.name}")
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            archive.write(file, f"bundle/{file.relative_to(folder).as_posix()}")
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return path


def start_together(launcher: Path, count: int) -> list[tuple[str, int]]:
    """Start ``launcher`` several times at once; what each said on stderr, and its exit code."""
    started = [
        subprocess.Popen(
            [sys.executable, str(launcher)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=surroundings(launcher),
            text=True,
        )
        for _ in range(count)
    ]
    return [(process.communicate()[1], process.returncode) for process in started]


def native_module() -> dict[str, str | bytes]:
    """The files of a wheel with native code: the importable ``pysolvers`` of the installed python-sat."""
    files = importlib.metadata.files("python-sat") or []
    native = next(file for file in files if file.name.startswith("pysolvers.") and file.suffix != ".py")
    return {native.name: native.read_binary()}
