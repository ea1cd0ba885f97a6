"""What a person reads after a measurement: items with their errors, comparisons, pages, charts and tables."""
