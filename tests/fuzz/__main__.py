"""Fuzzing with coverage: ``python -m tests.fuzz READER FOLDER [libFuzzer's options]``, from the root of the repository.

READER is uvl, toml, featureide, dimacs or kconfig. It begins with the seed and the kept cases of the reader and with
what an earlier run has left in FOLDER, and goes on until it is stopped, or as long as libFuzzer's options say
(``-max_total_time=600``, ``-runs=100000``). What breaks the promise ends the run: its input is left in FOLDER as
``crash-…``, to be kept, as small as it can be made, in ``tests/fuzz/cases/READER/``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]  # has no stubs, and no wheel for every system

with atheris.instrument_imports(include=["sarto.model", "sarto.hooks"]):
    from sarto.hooks.manager import PluginManager

    from .promise import check
    from .seeds import SEEDS, cases

LONGEST = 4000
INSTRUMENTED = ["sarto.model", "sarto_uvl", "sarto_featureide", "sarto_dimacs", "sarto_kconfig", "kconfiglib"]


def main(reader: str, folder: Path, *options: str) -> None:
    """Fuzz one reader; never returns."""
    format = next(each for each in PluginManager.discover().model_formats() if each.name == reader)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, content in {"seed": SEEDS[reader].encode(), **cases(reader)}.items():
        (corpus / name).write_bytes(b"\0" + content)
    path = folder / f"model{format.suffixes[0]}"
    path.write_bytes(SEEDS[reader].encode())
    with atheris.instrument_imports(include=INSTRUMENTED):
        check(format, path)  # which imports what a reader imports late

    def one_input(data: bytes) -> None:
        """The first byte says whether the reading is strict."""
        path.write_bytes(data[1:])
        check(format, path, strict=bool(data[:1]) and data[0] % 2 == 1)

    given = [f"-max_len={LONGEST}", "-rss_limit_mb=2048", "-timeout=20", f"-artifact_prefix={folder}/", *options]
    atheris.Setup(["tests.fuzz", *given, str(corpus)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
