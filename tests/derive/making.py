"""Makes what the tests of derivation work on: real projects, wheels, lines and resolutions, and a package index."""

from __future__ import annotations

import base64
import hashlib
import http.server
import importlib.metadata
import threading
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import tomli_w
from packaging.utils import canonicalize_name, parse_wheel_filename
from sarto.model.line import LineDescription
from sarto.model.selection import Selection
from sarto.model.toml_line import read_line
from sarto.model.toml_selection import load_selection
from sarto.solve.reasons import Cause, Decision, Fact, Reason, ResidualRule, Resolution, RootRule

BACKENDS = {
    "uv_build": {"requires": ["uv_build>=0.9,<1"], "build-backend": "uv_build"},
    "hatchling": {"requires": ["hatchling"], "build-backend": "hatchling.build"},
}
"""uv carries ``uv_build`` itself, so that building with it needs no network."""

LINE = """
[line]
name = "greeter"
version = "2026.11.0"
summary = "Greets"
root = "greeter"

[core]
parts = ["greeter>=1"]
command = "greeter"
group = "greeter"
sources = ["projects", "wheelhouse"]

[targets]
python = "3.11"
platforms = "manylinux_2_28_x86_64"

[features.greeter]
optional = ["loud", "maps", "polite"]

[features.loud]
parts = ["greeter-loud"]

[features.maps]
summary = "Greets with a map"
parts = ["greeter-maps>=1"]
stage = "user"
binding = "start"

[features.polite]
parts = ["greeter-polite"]
"""
"""A line over the projects of :func:`greeter_projects`."""


def write(file: Path, text: str) -> Path:
    """Write a text file, with its folders, and return it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(text), encoding="utf-8")
    return file


def make_project(
    folder: Path,
    name: str,
    *,
    version: str = "1.0",
    requires: Sequence[str] = (),
    optional: Mapping[str, Sequence[str]] | None = None,
    scripts: Mapping[str, str] | None = None,
    plugins: Mapping[str, str] | None = None,
    backend: str = "uv_build",
    text: str = "",
) -> Path:
    """A project folder ``folder/name`` with one package; ``plugins`` are entry points of the group ``greeter``."""
    project: dict[str, object] = {"name": name, "version": version, "dependencies": list(requires)}
    if optional:
        project["optional-dependencies"] = {extra: list(names) for extra, names in optional.items()}
    if scripts:
        project["scripts"] = dict(scripts)
    if plugins:
        project["entry-points"] = {"greeter": dict(plugins)}
    home = folder / name
    package = name.replace("-", "_")
    write(home / "pyproject.toml", tomli_w.dumps({"build-system": BACKENDS[backend], "project": project}))
    write(home / "src" / package / "__init__.py", text)
    return home


def greeter_projects(folder: Path) -> Path:
    """A core product with three plugins, one of which needs a fourth part, as project folders; returns ``folder``."""
    main = """
    import sys
    from importlib.metadata import entry_points

    def main():
        greetings = [point.load() for point in entry_points(group="greeter")]
        print(" ".join(["hello", *greetings]))
    """
    make_project(folder, "greeter", requires=["pluggy>=1.5"], scripts={"greeter": "greeter:main"}, text=main)
    make_project(folder, "greeter-loud", requires=["greeter"], plugins={"loud": "greeter_loud:word"}, text="word = '!'")
    make_project(
        folder, "greeter-maps", requires=["greeter", "greeter-geo"], plugins={"maps": "greeter_maps:word"},
        text="from greeter_geo import word",
    )  # fmt: skip
    make_project(folder, "greeter-geo", text="word = 'world'")
    make_project(folder, "greeter-polite", plugins={"polite": "greeter_polite:word"}, text="word = 'dear'")
    return folder


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    tag: str = "py3-none-any",
    requires: Iterable[str] = (),
    files: Mapping[str, str] | None = None,
    entry_points: str = "",
    metadata: str = "",
) -> Path:
    """A wheel as a build backend writes it, in ``folder``."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {r}" for r in requires),
    ]
    members = {
        f"{name.replace('-', '_')}.py": f"version = {version!r}\n",
        **(files or {}),
        f"{info}/METADATA": "\n".join([*lines, metadata, ""]),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    if entry_points:
        members[f"{info}/entry_points.txt"] = dedent(entry_points)
    members[f"{info}/RECORD"] = "".join(
        f"{member},sha256={_record_hash(text)},{len(text.encode())}\n" for member, text in members.items()
    ) + f"{info}/RECORD,,\n"  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in members.items():
            archive.writestr(zipfile.ZipInfo(member, (2020, 2, 2, 0, 0, 0)), text)
    return path


def _record_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def pluggy_wheel(folder: Path) -> Path:
    """The installed pluggy as a wheel again: the runtime needs it, and these tests take it from no index."""
    pluggy = importlib.metadata.distribution("pluggy")
    names = [file for file in pluggy.files or [] if file.parts[0] == "pluggy" and file.suffix == ".py"]
    files = {file.as_posix(): Path(str(pluggy.locate_file(file))).read_text(encoding="utf-8") for file in names}
    return make_wheel(folder, "pluggy", pluggy.version, files=files)


def line_of(text: str, folder: Path) -> LineDescription:
    """The line of a features.toml's text; the errors call the file ``features.toml``, wherever ``folder`` is."""
    write(folder / "features.toml", text)
    return read_line(dedent(text), "features.toml")


def selection_of(text: str = "", file: str = "acme.toml", customer: str = "Acme GmbH") -> Selection:
    """A selection's text without its line and customer."""
    whole = f'line = "features.toml"\ncustomer = "{customer}"\n{dedent(text)}'
    return load_selection(file, lambda _: whole)


def resolved(
    line: LineDescription, *selected: str, open: Sequence[str] = (), rules: Sequence[Sequence[Fact]] = ()
) -> Resolution:
    """A resolution made by hand: the root and the named features are selected; ``rules`` bind the open ones."""
    on = {line.model.root, *selected}
    reason = Reason(Cause.CONSEQUENCE, (RootRule(line.model.root),))
    return Resolution(
        decisions={name: Decision(name, name in on, reason) for name in line.model.preorder()},
        open=tuple(open),
        residual=tuple(ResidualRule(tuple(facts), RootRule("rule")) for facts in rules),
    )


@dataclass
class Index:
    """A package index on a loopback port, over the wheels and sdists that are given to it.

    ``asked`` are the paths that were asked for; ``answer``, where set, answers a file's request instead of it.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answer: Callable[[http.server.BaseHTTPRequestHandler, bytes], None] | None = None
    without_hashes: bool = False
    needs: str = ""
    url: str = ""

    def add(self, path: Path) -> Path:
        """Offer a file."""
        self.files[path.name] = path.read_bytes()
        return path

    @property
    def fetched(self) -> list[str]:
        """The files that were asked for."""
        return [path.rpartition("/")[2] for path in self.asked if path.startswith("GET /files/")]

    def page(self, name: str) -> bytes | None:
        """The page of a part, or None where the index does not know it."""
        links = [
            f'<a href="/files/{file}{"" if self.without_hashes else "#sha256=" + hashlib.sha256(content).hexdigest()}">'
            f"{file}</a>"
            for file, content in self.files.items()
            if _part_of(file) == name
        ]
        return f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode() if links else None


def _part_of(file: str) -> str:
    return parse_wheel_filename(file)[0] if file.endswith(".whl") else canonicalize_name(file.rpartition("-")[0])


def serve(index: Index) -> http.server.ThreadingHTTPServer:
    """Start the index; the caller shuts it down."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            index.asked.append(f"{self.command} {self.path}")
            if index.needs and self.headers.get("Authorization") != index.needs:
                self.send_error(401)
                return
            kind, _, name = self.path.strip("/").partition("/")
            content = index.page(name) if kind == "simple" else index.files.get(name)
            if content is None:
                self.send_error(404)
            elif kind == "files" and index.answer and self.command == "GET":
                index.answer(self, content)
            else:
                self.send_response(200)
                self.send_header("Content-Type", "text/html" if kind == "simple" else "application/octet-stream")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    index.url = f"http://127.0.0.1:{server.server_address[1]}/simple"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


HEAD_OF_HOOKS = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop-core"]
command = "shop"
group = "shop"
hooks = "shop_specs"
sources = ["wheelhouse"]
[targets]
python = "host"
platforms = ["host"]
[features.shop]
optional = ["audit", "maps"]
[features.audit]
parts = ["shop-audit"]
[features.maps]
parts = ["shop-maps"]
before = ["audit"]
"""
"""A line with hooks, over the wheels of :func:`hooked_wheels`."""


def hooked_wheels(folder: Path, *, marks: Mapping[str, str] | None = None) -> None:
    """A core with two hooks, and two plugins that implement one of them, with ``marks`` such as ``tryfirst=True``."""
    pluggy_wheel(folder)
    specs = "import pluggy\nspec = pluggy.HookspecMarker('shop')\n@spec\ndef shop_draw(page, where): ...\n"
    specs += "@spec\ndef shop_start(): ...\n"
    make_wheel(
        folder, "shop-core", requires=["pluggy"], entry_points="[console_scripts]\nshop = shop_core:main\n",
        files={"shop_specs.py": specs, "shop_core.py": "def main(): pass\n"},
    )  # fmt: skip
    for name, arguments in {"maps": "page", "audit": ""}.items():
        mark = (marks or {}).get(name, "")
        text = f"import pluggy\n@pluggy.HookimplMarker('shop')({mark})\ndef shop_draw({arguments}): return (yield)\n"
        text = text if "wrapper" in mark else text.replace("return (yield)", "...")
        make_wheel(
            folder, f"shop-{name}", files={f"shop_{name}.py": text},
            entry_points=f"[shop]\n{name} = shop_{name}\n",
        )  # fmt: skip
