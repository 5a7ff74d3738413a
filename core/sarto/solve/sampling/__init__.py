"""Choosing configurations of a feature model: samples that cover, samples that are uniform, all there are."""
