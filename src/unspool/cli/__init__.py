"""The command line: one short file for each command. Answers go to stdout, everything else to stderr."""
