"""Makes pairs of builds, an older and a newer, and the deltas between them, for the tests."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .real_builds import make_wheel, write_sums

NEWS = "import pluggy\n@pluggy.HookimplMarker('host')\ndef greet(): return 'news'\n"


def next_version(launcher: Path, folder: Path, **changes: Any) -> Path:
    """The build of ``launcher`` in its next version: one part more, one less, all others the same; its launcher."""
    shutil.copytree(launcher.parent, folder, ignore=shutil.ignore_patterns("upgrades"))
    said = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    wheel = make_wheel(folder / "parts", "host-news", {"host_news.py": NEWS}, entry_points="[host]\nnews = host_news\n")
    dropped = [part for part in said["parts"] if part["name"] == "host-light"]
    for part in dropped:
        (folder / "parts" / part["file"]).unlink()
    content = wheel.read_bytes()
    entry = {
        "name": "host-news", "version": "1.0", "file": wheel.name, "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content), "features": [],
    }  # fmt: skip
    kept = [part for part in said["parts"] if part not in dropped and part["name"] != entry["name"]]
    said["parts"] = sorted([*kept, entry], key=lambda part: str(part["name"]))
    said["line"]["version"] = "2026.12.0"
    said |= changes
    (folder / "build.json").write_text(json.dumps(said, indent=2), encoding="utf-8")
    write_sums(folder)
    return folder / launcher.name


def build_hash(folder: Path) -> str:
    return hashlib.sha256((folder / "build.json").read_bytes()).hexdigest()


def make_delta(
    old: Path,
    new: Path,
    file: Path,
    *,
    header: Mapping[str, Any] | None = None,
    more: Mapping[str, bytes] | None = None,
) -> Path:
    """The delta from the build in the folder ``old`` to that in ``new``; ``header`` and ``more`` make it a bad one."""
    said = [json.loads((folder / "build.json").read_text(encoding="utf-8")) for folder in (old, new)]
    ends = [
        {"version": each["line"]["version"], "build": build_hash(folder)}
        for each, folder in zip(said, (old, new), strict=True)
    ]
    whole = {
        "format": 1, "line": said[1]["line"]["name"], "name": said[1]["name"], "customer": said[1]["customer"],
        "from": ends[0], "to": ends[1], **(header or {}),
    }  # fmt: skip
    have = {path.name for path in (old / "parts").iterdir()}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("delta.json", json.dumps(whole))
        for path in sorted(path for path in new.rglob("*") if path.is_file()):
            if path.parent.name != "parts" or path.name not in have:
                archive.write(path, f"build/{path.relative_to(new).as_posix()}")
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return file
