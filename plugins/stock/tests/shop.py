"""A real tiny line whose parts come from a package index on this machine, and orders for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

LINE = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop"]
command = "shop"
[targets]
python = "3.11"
platforms = "manylinux_2_28_x86_64"
[features.shop]
optional = ["maps", "tea", "never"]
[features.maps]
parts = ["shop-maps"]
[features.tea]
parts = ["shop-tea"]
[features.never]
parts = ["shop-tea"]
excludes = ["shop"]
"""
SCRIPT = "[console_scripts]\nshop = shop:main\n"
SHOP = """
import importlib.util
def main():
    print("shop", *(name for name in ("shop_maps", "shop_tea") if importlib.util.find_spec(name)))
"""


def order(home: Path, name: str, *features: str) -> None:
    chosen = "".join(f"{feature} = true\n" for feature in features)
    (home / "orders" / f"{name}.toml").write_text(f'line = "../features.toml"\ncustomer = "{name}"\n[select]\n{chosen}')


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@contextmanager
def index(folder: Path, asked: list[str]) -> Iterator[str]:
    """A package index of the wheels in the folder (PEP 503); ``asked`` gets the name of each wheel that is fetched."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").rpartition("/")[2]
            wheel = folder / name
            if name.endswith(".whl") and wheel.is_file():
                if self.command == "GET":
                    asked.append(name)
                self._answer(wheel.read_bytes(), "application/octet-stream")
                return
            wheels = [each for each in folder.glob("*.whl") if each.name.split("-")[0].replace("_", "-") == name]
            links = [f'<a href="/files/{each.name}#sha256={_sha256(each)}">{each.name}</a>' for each in wheels]
            self._answer("\n".join(links).encode(), "text/html", 200 if wheels else 404)

        def _answer(self, content: bytes, kind: str, code: int = 200) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        do_HEAD = do_GET  # noqa: N815  (the name is the protocol's)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple/"
    finally:
        server.shutdown()
        server.server_close()
