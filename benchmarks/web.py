"""How long a click takes in the web configurator, and how much memory a room: 200 people at once, one on a large line.

    python benchmarks/web.py [--output FILE] [--line LINE] [--people N] [--seconds N] [--pause SECONDS]

``sarto web`` is started on the loopback, as anybody starts it. Each of the people has a room of their own and decides,
takes back and undoes at random, with a pause of about so many seconds in between; what is measured is the time from a
request to its answer, with all consequences, the price and the number of products left. The people are one process
beside the server, so that both share the machine's processors. Needs httpx.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent
CLICKS = 40


def main() -> None:
    """Measure, print, and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results" / "web.json")
    parser.add_argument("--line", type=Path, default=ROOT / "examples" / "datasette")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pause", type=float, default=5)
    parser.add_argument("--large", type=Path, help="a features.toml of a large line, for one person at it")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    crowd = run(options.line, lambda base, link, pid: asyncio.run(crowded(base, link, pid, options)))
    found: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "load": round(load, 1),
        "crowd": crowd,
    }
    if options.large:
        found["alone on a large line"] = run(options.large, lambda base, link, pid: asyncio.run(alone(base, link, pid)))
    print(json.dumps(found, indent=2))
    options.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def run(line: Path, measure: Any) -> dict[str, Any]:
    """Start a server for a line, measure, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SARTO_STATE": folder, "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "sarto.cli", "web", str(line), "--no-browser"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                said = re.search(r"(http://\S+?)(/\?token=\S+)", process.stdout.readline())
                assert said is not None
                result: dict[str, Any] = measure(said[1], said[2], process.pid)
                return result
            finally:
                process.terminate()
                process.wait(20)


async def crowded(base: str, link: str, pid: int, options: argparse.Namespace) -> dict[str, Any]:
    """Many people, each in a room."""
    host = await entered(base, link)
    before = memory(pid)
    features = [each["name"] for each in (await host.get("/api/search?q=&limit=500")).json()["found"]]
    rooms = [(await host.post("/api/rooms", {"customer": f"number {n}"})).json() for n in range(options.people)]
    opened = memory(pid)
    people = [await entered(base, room["links"]["customer"]) for room in rooms]
    times: list[float] = []
    end, worked = time.monotonic() + options.seconds, processor(pid)
    await asyncio.gather(
        *(person(client, room, features, times, end, options.pause) for client, room in zip(people, rooms, strict=True))
    )
    after, worked = memory(pid), processor(pid) - worked
    for client in (*people, host):
        await client.aclose()
    return {
        "people": options.people,
        "clicks": len(times),
        "clicks a second": round(len(times) / options.seconds, 1),
        "pause in seconds": options.pause,
        "milliseconds": figures(times),
        "processor milliseconds a click": round(worked * 1000 / len(times), 1),
        "memory in MB": {"before": before, "with all rooms": opened, "at the end": after},
        "KB a room": round((opened - before) * 1024 / options.people, 1),
    }


async def person(
    client: Wire, room: dict[str, Any], features: list[str], times: list[float], end: float, pause: float
) -> None:
    """One of them: clicks, looks, and clicks again."""
    chance = random.Random(room["id"])
    version, path = room["version"], f"/api/rooms/{room['id']}"
    await asyncio.sleep(chance.random() * pause)
    while time.monotonic() < end:
        feature, turn = chance.choice(features), chance.random()
        begun = time.perf_counter()
        if turn < 0.8:
            body = {"value": turn < 0.5, "version": version}
            answer = await client.put(f"{path}/decisions/{feature}", body)
        elif turn < 0.9:
            answer = await client.post(f"{path}/undo", {"version": version})
        else:
            answer = await client.delete(f"{path}/decisions/{feature}?version={version}")
        times.append(time.perf_counter() - begun)
        assert answer.status_code in (200, 404, 409, 422), answer.text
        version = answer.json().get("version", version) if answer.status_code == 200 else version
        await asyncio.sleep(pause * (0.5 + chance.random()))


async def alone(base: str, link: str, pid: int) -> dict[str, Any]:
    """One person who decides at random on a large line."""
    client = await entered(base, link)
    chance = random.Random(1)
    began = time.perf_counter()
    room = (await client.post("/api/rooms", {})).json()
    opening = time.perf_counter() - began
    version, path, times = room["version"], f"/api/rooms/{room['id']}", []
    line = (await client.get("/api/line")).json()
    settled = {*room["selected"], *room["excluded"]}
    names = [each["name"] for word in "abcdef0123456789" for each in await searched(client, word)]
    free = [name for name in dict.fromkeys(names) if name not in settled]
    worked = processor(pid)
    for _ in range(CLICKS):
        body = {"value": chance.random() < 0.7, "version": version}
        begun = time.perf_counter()
        answer = await client.put(f"{path}/decisions/{chance.choice(free)}", body)
        times.append(time.perf_counter() - begun)
        version = answer.json()["version"] if answer.status_code == 200 else version
    worked = processor(pid) - worked
    await client.aclose()
    return {
        "processor milliseconds a click": round(worked * 1000 / CLICKS, 1),
        "features": line["features"], "milliseconds to open": round(opening * 1000), "clicks": len(times),
        "milliseconds": figures(times),
    }  # fmt: skip


async def searched(client: Wire, word: str) -> list[dict[str, Any]]:
    """What a search finds."""
    found: list[dict[str, Any]] = (await client.get(f"/api/search?q={word}&limit=500")).json()["found"]
    return found


async def entered(base: str, link: str) -> Wire:
    """Somebody who followed a link."""
    with httpx.Client(base_url=base, timeout=60, verify=False, trust_env=False) as client:  # no certificates to load
        client.get(link, follow_redirects=True)
        csrf = client.get("/api/me").json()["csrf"]
        host = base.removeprefix("http://")
        fields = {"Host": host, "Cookie": f"sarto_web={client.cookies['sarto_web']}", "X-CSRF-Token": csrf}
    name, _, port = host.partition(":")
    return Wire(*await asyncio.open_connection(name, int(port)), "".join(f"{k}: {v}\r\n" for k, v in fields.items()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status_code: int
    text: str

    def json(self) -> Any:
        """The data in it."""
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Wire:
    """One connection to the server: a client that takes little of the processors, which the server needs."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    fields: str

    async def get(self, path: str) -> Answer:
        """Ask for something."""
        return await self.ask("GET", path, None)

    async def post(self, path: str, json: Any) -> Answer:
        """Do something."""
        return await self.ask("POST", path, json)

    async def put(self, path: str, json: Any) -> Answer:
        """Set something."""
        return await self.ask("PUT", path, json)

    async def delete(self, path: str) -> Answer:
        """Take something back."""
        return await self.ask("DELETE", path, None)

    async def ask(self, method: str, path: str, body: Any) -> Answer:
        """One request and its answer."""
        content = b"" if body is None else json.dumps(body).encode()
        kind = "" if body is None else "Content-Type: application/json\r\n"
        head = f"{method} {path} HTTP/1.1\r\n{self.fields}{kind}Content-Length: {len(content)}\r\n\r\n"
        self.writer.write(head.encode() + content)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        found = re.search(r"(?i)content-length: (\d+)", answer)
        assert found is not None, answer
        return Answer(int(answer.split(" ", 2)[1]), (await self.reader.readexactly(int(found[1]))).decode())

    async def aclose(self) -> None:
        """Hang up."""
        self.writer.close()


def figures(times: list[float]) -> dict[str, float]:
    """The median, the 95th and 99th percentile, and the longest, in milliseconds."""
    ordered = sorted(times)
    at = {"median": median(ordered), "95th percentile": ordered[int(len(ordered) * 0.95)],
          "99th percentile": ordered[int(len(ordered) * 0.99)], "longest": ordered[-1]}  # fmt: skip
    return {name: round(seconds * 1000, 1) for name, seconds in at.items()}


def memory(pid: int) -> float:
    """The resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return round(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, 1)  # type: ignore[index]  # it is there


def processor(pid: int) -> float:
    """The seconds that a process has had of the processors."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
