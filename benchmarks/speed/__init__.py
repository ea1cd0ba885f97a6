"""Comparison of Unspool with other toolkits: the same data, sizes, batches and threads, alternately, in one run."""
