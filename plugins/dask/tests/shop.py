"""A real tiny line with a wheelhouse."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

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
optional = ["tea"]
"""


def make_wheel(folder: Path, name: str, version: str, files: Mapping[str, str], *requires: str) -> None:
    stem = f"{name.replace('-', '_')}-{version}"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    members = {
        **files,
        f"{stem}.dist-info/METADATA": head + "".join(f"Requires-Dist: {each}\n" for each in requires),
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if name == "shop":
        members[f"{stem}.dist-info/entry_points.txt"] = "[console_scripts]\nshop = shop:main\n"
    sums = {path: hashlib.sha256(text.encode()).digest() for path, text in members.items()}
    record = [f"{p},sha256={base64.urlsafe_b64encode(s).rstrip(b'=').decode()}," for p, s in sums.items()]
    members[f"{stem}.dist-info/RECORD"] = "\n".join([*record, f"{stem}.dist-info/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
        for path, text in members.items():
            archive.writestr(zipfile.ZipInfo(path, (2020, 2, 2, 0, 0, 0)), text)
