"""Sarto: a software product-line configurator built on plugins."""

__version__ = "0.1.0"
