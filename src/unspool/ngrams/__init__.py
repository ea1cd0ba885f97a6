"""Models that count: n-grams of symbols, and of symbols that two aligned sequences share."""
