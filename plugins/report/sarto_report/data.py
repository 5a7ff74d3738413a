"""A study as data, for ``--json``."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sarto.commands import error_as_data
from sarto.orders import Refusal

from .configurations import Whole
from .health import Health
from .pairs import Pair, Pairs
from .prices import Distribution
from .sharing import Sharing
from .study import Study

__all__ = ["study_as_data"]

PLACES = 6


def study_as_data(study: Study, date: str) -> dict[str, Any]:
    """All that the page says; amounts are texts, digit by digit, and shares are from 0 to 1."""
    survey = study.survey
    line = survey.line.written
    return {
        "line": line.name,
        "version": line.version,
        "date": date,
        "customers": [each.name for each in survey.customers],
        "features": {
            each.name: {
                "count": each.count, "standing": each.standing.value, "asked": each.asked, "open": each.open,
                "values": dict(each.values),
            }
            for each in study.choices
        },
        "pairs": _pairs(study.pairs),
        "configurations": [_whole(each) for each in study.wholes],
        "prices": _prices(study.prices) if study.prices else None,
        "parts": _sharing(study.sharing) if study.sharing else None,
        "health": _health(study.health),
        "refused": [_refusal(each) for each in survey.refused],
        "unpriced": [_refusal(each) for each in survey.unpriced],
    }  # fmt: skip


def _pairs(found: Pairs) -> dict[str, Any]:
    return {
        "more": [_pair(each) for each in found.more],
        "fewer": [_pair(each) for each in found.fewer],
        "tried": found.tried,
        "needed": found.needed,
        "knows_rules": found.knows_rules,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "features": [pair.a, pair.b],
        "together": pair.together,
        "counts": [pair.count_a, pair.count_b],
        "expected": round(float(pair.expected), PLACES),
        "lift": round(float(pair.lift), PLACES),
        "chance": float(f"{pair.chance:.{PLACES}g}"),
        "clear": pair.is_clear,
    }


def _whole(whole: Whole) -> dict[str, Any]:
    return {"customers": list(whole.customers), "features": dict(whole.features), "shared": whole.shared}


def _prices(found: Distribution) -> dict[str, Any]:
    names = ("sum", "taxes", "mean", "least", "lower", "median", "upper", "most")
    bars = [{"low": f"{bar.low:f}", "high": f"{bar.high:f}", "count": bar.count} for bar in found.bars]
    amounts = {name: f"{getattr(found, name):f}" for name in names}
    return {"currency": found.currency, "count": found.count, **amounts, "bars": bars}


def _sharing(found: Sharing) -> dict[str, Any]:
    return {
        "files": [asdict(part) for part in found.parts],
        "customers": [asdict(share) for share in found.customers],
        "handed_out": found.handed_out,
        "kept": found.kept,
        "common": found.common,
        "unknown": found.unknown,
        "average_own": round(float(found.average_own), PLACES),
        "average_use": round(float(found.average_use), PLACES),
        "common_share": round(float(found.common_share), PLACES),
        "reuse": round(float(found.reuse), PLACES),
    }


def _health(found: Health) -> dict[str, Any]:
    use, pairs = found.use, found.use.pairs
    return {
        "findings": [
            {
                "severity": each.severity.value, "kind": each.kind, "what": each.what, "where": str(each.where),
                "because": list(each.because), "hint": each.hint,
            }
            for each in found.findings
        ],
        "configurations": None if found.configurations is None else f"{Decimal(found.configurations):f}",
        "variable": use.variable,
        "used": use.used,
        "divided": use.divided,
        "pairs": None if pairs is None else {"covered": pairs.covered, "possible": pairs.covered + pairs.missing},
    }  # fmt: skip


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {"selection": str(refusal.file), "error": error_as_data(refusal.error)}
