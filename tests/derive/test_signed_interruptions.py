"""A builder that signs a build in one file and is killed at every step: no signature ever lies beside another file."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from sarto.derive.plan import Plan

PROGRAM = """
import hashlib, json, os, pickle, sys
from pathlib import Path
from sarto.derive.deliver import deliver
from sarto.derive.extraction import Opened
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.derive.verify_file import verify_file
from sarto.derive.vouching import Vouching

plan, output = pickle.load(sys.stdin.buffer)
private = SigningKey(algorithm="sum", id="0" * 64, sign=lambda content: hashlib.sha256(content).digest())
public = VerifyingKey(
    algorithm="sum", id="0" * 64, verify=lambda content, value: hashlib.sha256(content).digest() == value
)

def make(step):
    def one_file(plan, folder, output):
        path = output / "acme.one"
        path.write_text(f"made by {step}")
        return path
    deliver(plan, {}, {"one": one_file}, output, vouching=Vouching(key=private))

def child(step):
    left = step
    def count(event, arguments):
        nonlocal left
        if event == "open" or event.startswith(("os.", "shutil.", "ctypes.", "fcntl.")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), 9)
    sys.addaudithook(count)
    make(step)

make(0)
bundle = {"bundle": lambda plan, folder, output: folder}
whole = deliver(plan, {}, bundle, output.parent / "whole", vouching=Vouching(key=private))["bundle"]
for step in range(1, 2000):
    pid = os.fork()
    if pid == 0:
        try:
            child(step)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    file = output / "acme.one"
    problems = verify_file(file, lambda file, folder: Opened(whole), public).problems
    beside = sorted(path.name.removeprefix("acme.one") for path in output.glob("acme.one.*"))
    print(json.dumps([status, file.read_text(), beside, problems]), flush=True)
    if status != 9:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the steps are walked by forks")
def test_a_builder_killed_at_any_step_leaves_a_whole_file_and_no_signature_of_another(
    greeter_plan: Plan, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=pickle.dumps((greeter_plan, tmp_path / "out")), capture_output=True,
        check=False, timeout=300,
    )  # fmt: skip
    assert done.stderr.decode() == ""
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(steps) > 60
    unsigned = ["acme.one.sig: is missing: this file is not signed"]
    assert all(problems in ([], unsigned) for _, _, _, problems in steps)
    makers = [int(text.removeprefix("made by ")) for _, text, _, _ in steps]
    assert makers == sorted(makers)
    assert steps[-1] == [0, f"made by {len(steps)}", [".intoto.jsonl", ".sig"], []]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "acme.one", "acme.one.intoto.jsonl", "acme.one.sig",
    ]  # fmt: skip
