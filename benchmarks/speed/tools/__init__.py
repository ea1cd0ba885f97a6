"""The toolkits, one file for each."""
