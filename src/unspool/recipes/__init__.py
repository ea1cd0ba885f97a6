"""Tasks from start to end, on data that installs with a package: one file for each task."""
