"""``tunelint server``: the language server."""

import argparse
import importlib
from typing import Final

from tunelint.cli.console import Console, UsageError

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "start the language server"
DESCRIPTION: Final = "Start the language server, which editors talk to over standard input and output or a socket."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stdio", action="store_true", help="talk over standard input and output (default)")
    where.add_argument("--tcp", metavar="HOST:PORT", help="listen on a socket, such as 127.0.0.1:2087")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Serve until the client ends it."""
    server = importlib.import_module("tunelint.lsp.server").build_server()
    if arguments.tcp:
        host, colon, port = arguments.tcp.rpartition(":")
        if not colon or not port.isdigit():
            raise UsageError(f"--tcp wants HOST:PORT, not {arguments.tcp!r}")
        server.start_tcp(host, int(port))
    else:
        server.start_io()
    return 0
