"""What a product says of itself: each report as data first (what ``--json`` prints), and the text made from it."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .build import Build, Feature, Value
from .errors import ProductError, did_you_mean
from .followers import wait_for_followers
from .licence import uncovered
from .paths import cache_folder, switches_file
from .sheet import PLAIN, Sheet
from .standing import Scene, lag_text, news, scene_of
from .state import State, parts_in_use, state_of
from .switches import peek
from .switching import current_state, judge
from .words import ENGLISH

if TYPE_CHECKING:
    from .followers import Lag
    from .history import Entry
    from .upgrade import Moved

__all__ = [
    "about",
    "about_text",
    "explanation",
    "explanation_text",
    "features",
    "features_text",
    "history_text",
    "licence",
    "licence_text",
    "moved_text",
    "state_word",
    "switched_text",
]

Report = dict[str, Any]

CHANGES = {"run": "at once", "start": "next start"}
"""When a switch of an open feature counts; at once in a running product that follows."""


def features(build: Build, state: State) -> Report:
    """Every feature in the order of the tree: its value, who decides it, whether it is open, and the reason."""
    scene = scene_of(build, state)
    return {
        "name": build.name,
        "features": [_entry(scene, name, feature) for name, feature in build.features.items()],
        "unlisted": sorted(build.unlisted),
        "ignored": dict(state.ignored),
        "running": [
            {
                "process": each.process,
                "version": each.version,
                "features": dict(each.features),
                "behind": [_behind(lag) for lag in scene.lags() if lag.process == each.process],
            }
            for each in scene.following
        ],
    }


def _behind(lag: Lag) -> Report:
    """What a process has not taken over, and the whole sentence why."""
    return {"feature": lag.feature, "value": lag.is_on, "reason": " ".join(filter(None, lag_text(lag, ENGLISH)))}


def features_text(report: Report, sheet: Sheet = PLAIN) -> str:
    """A table of all but the unlisted ones; a line each for what runs and for the switches without effect."""
    rows = [("FEATURE", "STATE", "DECIDED BY", "OPEN", "CHANGES", "REASON")]
    unlisted = set(report["unlisted"])
    for entry in report["features"]:
        if entry["feature"] in unlisted:
            continue
        is_open, changes = ("yes", CHANGES.get(entry["binding"], "")) if entry["open"] else ("no", "")
        rows.append((entry["feature"], state_word(entry["value"]), entry["stage"], is_open, changes, entry["reason"]))
    lines = sheet.table(rows)
    for each in report["running"]:
        lines += sheet.fitted(ENGLISH.say("process", **{key: each[key] for key in ("process", "version")}))
        lines += [line for behind in each["behind"] for line in sheet.fitted(behind["reason"])]
    opened = {entry["feature"] for entry in report["features"] if entry["open"]}
    lines.extend(_ignored(report["ignored"], opened))
    return "\n".join(lines)


def _ignored(switches: Mapping[str, bool], opened: Container[str]) -> Iterator[str]:
    for name, value in switches.items():
        why = "does not go with your other switches" if name in opened else "is not open in this build"
        yield f"Ignored: you switched '{name}' {state_word(value)}, but it {why}."


def switched_text(build: Build, before: State, wanted: Mapping[str, bool]) -> str:
    """What has become of switches that are stored, also in the processes that run and follow them."""
    path = switches_file(build.line.name, build.name)
    wait_for_followers(path)
    scene = scene_of(build, state_of(build, peek(path), uncovered(build)))
    lines: list[str] = []
    for name, value in wanted.items():
        already = [f"{name}: {state_word(value)} already"]
        lines += already if before.is_on(name) is value else news(scene, ENGLISH, name)
    lines += [" ".join(filter(None, lag_text(lag, ENGLISH))) for lag in scene.lags() if lag.feature in wanted]
    return "\n".join(lines)


def moved_text(moved: Moved) -> str:
    """What starts from now on, in place of what; and of each of the user's switches whether it still counts."""
    build = moved.build
    if moved.before == moved.build:
        return f"{build.launcher} is {build.line.name} {build.line.version} of this delta already; nothing was done"
    replaced = moved.before.line.version if moved.before else "a build that is damaged"
    lines = [f"{build.launcher}: {build.line.name} {build.line.version} from the next start, in place of {replaced}"]
    state = current_state(build)
    lines.extend(f"Kept: you switched '{name}' {state_word(state.is_on(name))}." for name in sorted(state.switched))
    lines.extend(_ignored(state.ignored, build.open))
    return "\n".join(lines)


def explanation(build: Build, state: State, name: str) -> Report:
    """Why one feature is as it is, what it brings, and, where it is open, what switching it would mean.

    Raises :class:`ProductError` for a feature that the line does not have.
    """
    if name not in build.features:
        raise ProductError(f"there is no feature '{name}'", hint=did_you_mean(name, list(build.features)))
    feature = build.features[name]
    report = {
        **_entry(scene_of(build, state), name, feature),
        "cause": feature.cause,
        "parts": [part.name for part in build.parts if name in part.features],
    }
    if name in build.open:
        to = not state.is_on(name)
        refusal = judge(build, state, {name: to})
        report["switch"] = {
            "to": to,
            "allowed": refusal is None,
            "because": list(refusal.sentences) if refusal else [],
            "with": dict(refusal.repair) if refusal and refusal.repair else {},
        }
    return report


def explanation_text(report: Report, sheet: Sheet = PLAIN) -> str:
    """The report in a few lines."""
    summary = f": {report['summary']}" if report["summary"] else ""
    lines = [
        f"{report['feature']}{summary}",
        f"  It is {state_word(report['value'])}: {report['reason']}",
        f"  Decided by: the {report['stage']}; binding: {report['binding']}; open: {'yes' if report['open'] else 'no'}",
    ]
    if report["parts"]:
        lines.append(f"  Parts: {', '.join(report['parts'])}")
    if hooks := report.get("hooks"):
        lines.append("  Hooks: " + ", ".join(f"{each['hook']} ({each['kind']})" for each in hooks))
    if switch := report.get("switch"):
        lines.append(f"  {_switch_text(switch)}")
        lines.extend(f"    {sentence}" for sentence in switch["because"])
    return "\n".join(part for line in lines for part in sheet.fitted(line))


def _switch_text(switch: Mapping[str, Any]) -> str:
    verb = state_word(switch["to"])
    if switch["allowed"]:
        return f"You may switch it {verb}."
    if switch["with"]:
        more = ", ".join(f"'{name}' {state_word(value)}" for name, value in switch["with"].items())
        return f"You may switch it {verb} together with {more}:"
    return f"It cannot be switched {verb} as things stand:"


def about(build: Build, state: State, folder: str) -> Report:
    """What this product is: line, customer, target, parts in the order of the path, and where it keeps its files."""
    used = parts_in_use(build, state)
    return {
        "name": build.name,
        "brand": build.brand.get("name", ""),
        "customer": build.customer,
        "line": {"name": build.line.name, "version": build.line.version, "summary": build.line.summary},
        "sarto": build.sarto,
        "target": {"python": f"{build.python[0]}.{build.python[1]}", "platform": build.platform},
        "python": sys.version.split()[0],
        "parts": [{"name": part.name, "version": part.version} for part in used],
        "folder": folder,
        "switches": switches_file(build.line.name, build.name),
        "cache": cache_folder(),
    }


def about_text(report: Report) -> str:
    """The report, a line for each thing."""
    line, target = report["line"], report["target"]
    summary = f"({line['summary']})" if line["summary"] else ""
    rows = [
        ("product", report["brand"] or report["name"]),
        ("line", f"{line['name']} {line['version']} {summary}".rstrip()),
        ("customer", report["customer"]),
        ("made with", f"Sarto {report['sarto']} for Python {target['python']} on {target['platform']}"),
        ("runs on", f"Python {report['python']}"),
        ("parts", ", ".join(f"{part['name']} {part['version']}" for part in report["parts"])),
        ("build", report["folder"]),
        ("switches", report["switches"]),
        ("cache", report["cache"]),
    ]
    return "\n".join(f"{label:<10} {value}" for label, value in rows)


def history_text(entries: Sequence[Entry], broken: int) -> str:
    """A line for every switch, the oldest first."""
    lines = []
    width = max((len(entry.who) for entry in entries), default=0)
    for entry in entries:
        features = ", ".join(f"{name} {state_word(value)}" for name, value in entry.features.items())
        words = {"switched": "at once", "stored": "from the next start"}.get(entry.outcome, entry.outcome)
        lines.append(f"{entry.when}  {entry.who:<{width}}  {features}: {words}")
    if broken:
        lines.append(f"{broken} line{'s' * (broken != 1)} of the file cannot be read")
    return "\n".join(lines) or "nothing was switched yet"


def licence(build: Build) -> Report:
    """The licensed features, each with its days and what keeps it from being used today."""
    from .licence import Licence, licence_file, read_licence

    path = licence_file(build)
    try:
        found = read_licence(path, build)
    except ProductError:
        found = Licence("", "", {})
    missing = uncovered(build)
    return {
        "file": path,
        "features": [
            {
                "feature": name,
                "begin": found.terms[name].begin if name in found.terms else "",
                "end": found.terms[name].end if name in found.terms else "",
                "problem": missing.get(name, ""),
            }
            for name in build.licensed
        ],
    }


def licence_text(report: Report) -> str:
    """A line for each licensed feature."""
    rows = [
        f"{each['feature']}: {each['problem'] or ' until '.join(filter(None, ['licensed', each['end']]))}"
        for each in report["features"]
    ]
    return "\n".join(rows) or "no feature of this product needs a licence"


def state_word(value: Value) -> str:
    """``on``, ``off``, or a typed feature's value."""
    return ENGLISH.state(value)


def _entry(scene: Scene, name: str, feature: Feature) -> Report:
    return {
        "feature": name,
        "value": scene.state.features[name],
        "stage": feature.stage,
        "open": name in scene.build.open,
        "binding": feature.binding,
        "group": scene.group(name),
        "reason": "".join(scene.reason(name, ENGLISH)),
        "summary": feature.summary,
    }
