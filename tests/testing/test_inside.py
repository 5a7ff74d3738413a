"""Entering a product without starting it: its parts can be imported, the folders beside them, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from sarto.testing import make_bundle, make_plan

CODE = """
import importlib.util, json, os, sys
sys.path.insert(0, sys.argv[1])
import sarto_runtime.inside
sarto_runtime.inside.enter(sys.argv[2], [sys.argv[3]])
found = {name: importlib.util.find_spec(name) is not None for name in ("greeter", "maps", "beside", "pytest", "sarto")}
import sarto_runtime
product = sarto_runtime.product()
print(json.dumps({"found": found, "name": product.name, "maps": product.features["maps"]}))
"""


def test_a_product_is_entered_with_its_parts_and_what_is_beside_them(tmp_path: Path) -> None:
    folder = make_bundle(make_plan(tmp_path / "wheels"), tmp_path / "bundle")
    (tmp_path / "beside").mkdir()
    for name in ("beside", "greeter"):
        (tmp_path / "beside" / f"{name}.py").write_text(f"where = {name!r}\n", encoding="utf-8")
    (runtime,) = (folder / "parts").glob("sarto_runtime-*.whl")

    done = subprocess.run(
        [sys.executable, "-c", CODE, str(runtime), str(folder), str(tmp_path / "beside")],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env={"SARTO_CACHE": str(tmp_path / "cache"), "SARTO_STATE": str(tmp_path / "state")},
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "found": {"greeter": True, "maps": True, "beside": True, "pytest": False, "sarto": False},
        "name": "acme-gmbh", "maps": True,
    }  # fmt: skip
