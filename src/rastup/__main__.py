"""`python -m rastup`: the same as the `rastup` command."""

from rastup.cli.main import main

main()
