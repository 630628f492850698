"""`rastup`: the command. Exit codes: 0 ok, 1 a check failed, 2 usage, 3 unavailable.

Commands are imported when they are called, so that `rastup keys` does not pay for dbt.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import importlib
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path

import click

from rastup import __version__
from rastup.core.errors import RastupError

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("rastup.cli.up:up", "Run everything on this machine."),
    "status": ("rastup.cli.status:status", "What runs, what is fresh, what lags."),
    "doctor": ("rastup.cli.doctor:doctor", "Check this machine and this deployment."),
    "config": ("rastup.cli.config:config", "Show the configuration and where each value came from."),
    "keys": ("rastup.cli.keys:keys", "Create, list and revoke write keys."),
    "tokens": ("rastup.cli.tokens:tokens", "Make, verify and rotate the keys of click tokens."),
    "ingest": ("rastup.cli.ingest:ingest", "Serve the collector, land the spool."),
    "send": ("rastup.cli.send:send", "Send a file of events to a collector."),
    "import": ("rastup.cli.import_:import_", "Import files of historical events."),
    "quarantine": ("rastup.cli.quarantine:quarantine", "Inspect and replay what was refused."),
    "redact": ("rastup.cli.redact:redact", "Take personal data out of lines of text."),
    "contracts": ("rastup.cli.contracts:contracts", "Check, list, show and compare event contracts."),
    "pipeline": ("rastup.cli.pipeline:pipeline", "Build, check and publish releases."),
    "release": ("rastup.cli.release:release", "List, show, compare and roll back releases."),
    "sql": ("rastup.cli.sql:sql", "Ask the lake, from one consistent release."),
    "console": ("rastup.cli.console:console", "Serve the web console."),
    "sim": ("rastup.cli.sim:sim", "Simulate a marketplace: history or live."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """The commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home", type=click.Path(path_type=Path), help="The deployment's folder [RASTUP_HOME, else ./.rastup]."
)
@click.version_option(__version__, prog_name="rastup")
@click.pass_context
def cli(ctx: click.Context, home: Path | None) -> None:
    """RastUp's data platform: from an event to a released KPI."""
    ctx.obj = {"home": home}


def main() -> None:
    """Runs the command and turns every expected failure into one line and an exit code; an interrupt is its caller's."""
    _open_standard_streams()
    if "RASTUP_SUPERVISED_BY" in os.environ:
        from rastup.ops.processes import follow_supervisor

        follow_supervisor()
    try:
        code = cli.main(prog_name="rastup", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
            error.show()  # the help itself
        else:
            click.echo(f"rastup: {_one_line(error)}", err=True)
        sys.exit(2)
    except RastupError as error:
        click.echo(f"rastup: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone (`rastup … | head`): nothing more to say.
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            _discard_output()
            click.echo(f"rastup: {error.filename or 'the output'}: {error.strerror}", err=True)
            sys.exit(3)
        click.echo(f"rastup: internal error: {type(error).__name__}; {_noted()}", err=True)
        sys.exit(1)


def _open_standard_streams() -> None:
    """Where the caller has closed one, the next file that is opened would be taken for it, and written into."""
    while (fd := os.open(os.devnull, os.O_RDWR)) < 3:
        os.set_inheritable(fd, True)
    os.close(fd)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115  open until the end
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


def _discard_output() -> None:
    """Lets what could not be written go, which would be tried again at the end."""
    fd = os.open(os.devnull, os.O_WRONLY)
    os.dup2(fd, 1)
    os.close(fd)


def _one_line(error: click.ClickException) -> str:
    text = " ".join(error.format_message().split())
    context = getattr(error, "ctx", None)
    if context is None:
        return text
    unknown = re.match(r"No such command '(.*?)'\.", text)
    if unknown and isinstance(context.command, click.Group):
        near = difflib.get_close_matches(unknown[1], context.command.list_commands(context), n=1)
        text = f"no such command {unknown[1]!r}" + (f"; did you mean {near[0]}?" if near else ".")
    return f"{text} See `{context.command_path} --help`."


def _noted() -> str:
    """Keeps the traceback for whoever mends it; the person at the terminal gets its place."""
    text = traceback.format_exc()
    with contextlib.suppress(OSError):
        fd, path = tempfile.mkstemp(prefix="rastup-error-", suffix=".txt")
        with os.fdopen(fd, "w") as file:
            file.write(text)
        return f"this is a fault of the platform, please report it with {path}"
    return "this is a fault of the platform, please report it"
