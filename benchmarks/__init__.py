"""Measurements, one command each; results are committed."""
