"""Metrics of answers to sources with one or several references, their confidence intervals and significance tests."""
