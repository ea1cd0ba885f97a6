"""Quality on real data: what a training of a few minutes reaches."""
