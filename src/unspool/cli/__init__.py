"""The command line: one short file a command. Answers go to stdout, everything else to stderr."""
