"""Measurements of the review console; results stand in ``benchmarks/results``."""
