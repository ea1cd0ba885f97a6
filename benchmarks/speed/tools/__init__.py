"""The toolkits, a file each."""
