"""The `rastup` command, and `python -m rastup`: the same."""

import sys


def run() -> None:
    """Runs the command; an interrupt, even while it is still being imported, is exit code 130 and no traceback."""
    try:
        from rastup.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
