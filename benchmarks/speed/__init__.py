"""Unspool beside other toolkits: the same data, sizes, batches and threads, in turn, in one run."""
