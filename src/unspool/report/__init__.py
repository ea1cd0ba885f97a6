"""What a person reads after a measurement: items with their errors, summaries, comparisons."""
