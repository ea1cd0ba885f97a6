"""`python -m unspool` is `unspool`."""

from unspool.cli.main import main

main()
