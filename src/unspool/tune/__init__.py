"""A search for good settings: trials of equal time, of which the hopeless ones end early."""
