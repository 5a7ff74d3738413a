"""Whether a wheel fits the running interpreter, told by the tags in its file name (PyPA's compatibility tags)."""

from __future__ import annotations

import itertools
import os
import re
import sys

__all__ = ["is_for_any", "misfit"]

MAC_MACHINES = {
    "x86_64": ("x86_64", "universal2", "intel", "fat64", "fat3", "universal"),
    "arm64": ("arm64", "universal2"),
}


def is_for_any(file: str) -> bool:
    """Whether the wheel is for every Python 3 on every platform; the common case, told at once."""
    return file.endswith(("-py3-none-any.whl", "-py2.py3-none-any.whl"))


def misfit(file: str) -> str:
    """What the wheel ``file`` needs and this interpreter is not, as "cp312 on win_amd64"; empty where it fits."""
    if is_for_any(file):
        return ""
    pythons, abis, platforms = (tags.split(".") for tags in file.removesuffix(".whl").split("-")[-3:])
    if any(_fits(*tag) for tag in itertools.product(pythons, abis, platforms)):
        return ""
    return ".".join(pythons) + (f" on {'.'.join(platforms)}" if platforms != ["any"] else "")


def _fits(python: str, abi: str, platform: str) -> bool:
    if platform == "any" and abi != "none":
        return False
    return _fits_python(python, abi) and _fits_platform(platform)


def _fits_python(tag: str, abi: str) -> bool:
    match = re.fullmatch(r"(py|cp|pp)(\d)(\d*)", tag)
    if not match or match[2] != "3":
        return False
    implementation, minor = match[1], int(match[3] or 0)
    if implementation == "py":
        return abi == "none" and minor <= sys.version_info[1]
    if implementation != {"cpython": "cp", "pypy": "pp"}.get(sys.implementation.name):
        return False
    if abi == "abi3":
        return minor <= sys.version_info[1] and not _is_free_threaded()
    return minor == sys.version_info[1] and abi in ("none", _own_abi(implementation))


def _own_abi(implementation: str) -> str:
    if implementation == "pp":
        version = sys.implementation.version
        return f"pypy{sys.version_info[0]}{sys.version_info[1]}_pp{version[0]}{version[1]}"
    return f"cp3{sys.version_info[1]}{'t' if _is_free_threaded() else ''}"


def _is_free_threaded() -> bool:
    import sysconfig

    return bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def _fits_platform(tag: str) -> bool:
    own = _own_platform()
    if tag in ("any", own):
        return True
    if own.startswith("linux_"):
        return _fits_linux(tag, own.removeprefix("linux_"))
    return own.startswith("macosx_") and _fits_mac(tag, own.rpartition("_")[2] if "x86" not in own else "x86_64")


def _own_platform() -> str:
    import sysconfig

    own = re.sub(r"[^A-Za-z0-9]", "_", sysconfig.get_platform())
    if sys.maxsize <= 2**32:  # a 32-bit Python on a 64-bit kernel
        return {"linux_x86_64": "linux_i686", "linux_aarch64": "linux_armv7l"}.get(own, own)
    return own


def _fits_linux(tag: str, machine: str) -> bool:
    old = {"manylinux1": "manylinux_2_5", "manylinux2010": "manylinux_2_12", "manylinux2014": "manylinux_2_17"}
    for name, modern in old.items():
        tag = re.sub(f"^{name}_", f"{modern}_", tag)
    match = re.fullmatch(r"(manylinux|musllinux)_(\d+)_(\d+)_(.+)", tag)
    if not match or match[4] != machine:
        return False
    glibc = _glibc()
    if match[1] == "musllinux":
        return glibc is None
    return glibc is not None and (int(match[2]), int(match[3])) <= glibc


def _glibc() -> tuple[int, int] | None:
    try:
        name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (ValueError, OSError, AttributeError):  # musl knows no such name, Windows no such function
        return None
    major, minor = version.split(".")[:2]
    return (int(major), int(minor)) if name == "glibc" else None


def _fits_mac(tag: str, machine: str) -> bool:
    import platform

    match = re.fullmatch(r"macosx_(\d+)_(\d+)_(.+)", tag)
    if not match or match[3] not in MAC_MACHINES.get(machine, ()):
        return False
    running = tuple(int(number) for number in platform.mac_ver()[0].split(".")[:2])
    return (int(match[1]), int(match[2])) <= running
