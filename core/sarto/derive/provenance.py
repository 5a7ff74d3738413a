"""Provenance: how a build came about, as an in-toto statement (v1) with the SLSA provenance predicate (v1)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from .. import __version__
from ..errors import SartoError
from .part import Part
from .plan import Plan

__all__ = ["BUILD_TYPE", "PREDICATE_TYPE", "STATEMENT_TYPE", "read_statement", "statement", "statement_faults"]

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "pkg:pypi/sarto#build/v1"
"""What the parameters of the predicate mean; written down in the docs, beside the build format."""

Json = dict[str, Any]


def statement(plan: Plan, subjects: Mapping[str, str]) -> bytes:
    """The statement about files with these paths and sha256s, made by the plan, in JSON on one line.

    The same plan and files give the same bytes: a time is in it only where ``SOURCE_DATE_EPOCH`` gives one.
    """
    content = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in sorted(subjects.items())],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": _parameters(plan),
                "resolvedDependencies": [_dependency(part) for part in plan.parts],
            },
            "runDetails": {
                "builder": {"id": f"pkg:pypi/sarto@{quote(__version__, safe='')}", "version": {"sarto": __version__}},
                **_metadata(),
            },
        },
    }
    return f"{json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def _parameters(plan: Plan) -> Json:
    line, selection = plan.line, plan.selection
    profiles = [Path(os.path.normpath(Path(selection.file).parent / name)) for name in selection.extends]
    return {
        "line": {"name": line.name, "version": line.version, **_file(Path(line.file))},
        "selection": {
            "customer": selection.customer,
            **_file(Path(selection.file)),
            **({"extends": [_file(profile) for profile in profiles]} if profiles else {}),
        },
        "target": {"python": plan.target.python, "platform": plan.target.platform},
    }


def _file(path: Path) -> Json:
    """A file that a person wrote, without its folder, which is nobody's business and differs by machine."""
    named = {"file": PurePath(path).name}
    try:
        return {**named, "digest": {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}}
    except OSError:
        return named


def _dependency(part: Part) -> Json:
    described = {
        "name": part.filename,
        "uri": f"pkg:pypi/{part.name}@{quote(part.version, safe='')}",
        "digest": {"sha256": part.sha256},
        "downloadLocation": part.url,
    }
    return {key: value for key, value in described.items() if value}


def _metadata() -> Json:
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return {}
    try:
        time = datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SartoError(
            f"SOURCE_DATE_EPOCH is '{text}', which is no time", hint="give whole seconds since 1970, or unset it"
        ) from error
    return {"metadata": {"finishedOn": time.strftime("%Y-%m-%dT%H:%M:%SZ")}}


def read_statement(content: bytes) -> Json:
    """The statement in some bytes. Raises :class:`SartoError` where they are none, or one of another kind."""
    try:
        said = json.loads(content)
        kinds = (said["_type"], said["predicateType"], said["predicate"]["buildDefinition"]["buildType"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SartoError("is no provenance that this Sarto knows") from error
    if kinds != (STATEMENT_TYPE, PREDICATE_TYPE, BUILD_TYPE):
        raise SartoError("is no provenance that this Sarto knows")
    return dict(said)


def statement_faults(said: Json, subjects: Mapping[str, str], parts: Mapping[str, str] | None) -> list[str]:
    """Where a statement does not agree with the files that there are, and the parts by file name (None: any)."""
    try:
        named = {each["name"]: each["digest"]["sha256"] for each in said["subject"]}
        used = {
            each["name"]: each["digest"]["sha256"]
            for each in said["predicate"]["buildDefinition"]["resolvedDependencies"]
        }
    except (KeyError, TypeError):
        return ["is no provenance that this Sarto knows"]
    if len(named) == len(subjects) == 1:  # a build in one file, which may have been renamed
        named = dict(zip(subjects, named.values(), strict=True))
    wrong = sorted((name for name in named.keys() | subjects.keys() if named.get(name) != subjects.get(name)), key=str)
    faults = [f"does not agree with the file '{name}'" for name in wrong]
    known = used if parts is None else parts
    missed = sorted((name for name in used.keys() | known.keys() if used.get(name) != known.get(name)), key=str)
    return faults + [f"does not agree with the parts on '{name}'" for name in missed]
