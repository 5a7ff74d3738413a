"""The best configuration where features may be there several times, against all trees of instances."""

from __future__ import annotations
