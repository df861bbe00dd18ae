"""Starting the engine process: for the window that started it, or to listen for remote clients.

A local engine is a child: it reads one `StartLine` on its standard input and prints one `ReadyLine` on its standard
output. It ends when its standard input does, that is, when its parent has died in whatever way, and on SIGTERM.

An engine that listens for remote clients keeps its keys in a folder (`access.KeyFolder`) and ends on SIGTERM or SIGINT.
What is supported there: several clients at once, one for each authorised key, each with one open search; encryption and
authentication both ways. What is not: handing a running search over to a client that connects anew, sharing one search
between clients, limits of memory or time for a client, and a window that connects to it (it starts its own engine).
"""

import argparse
import contextlib
import faulthandler
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import psutil

from engine.service.access import KEY_LENGTH, KeyFileError, KeyFolder, KeyPair, only
from engine.service.makers import real_makers
from engine.service.messages import ReadyLine, StartLine
from engine.service.server import Server

_MAX_LINE_BYTES = 4096
_NICENESS = 5
_STDIN, _STDOUT, _STDERR = 0, 1, 2

log = logging.getLogger(__name__)


class LaunchError(ValueError):
    """The engine was started wrongly; the message says how."""


def serve_local() -> bool:
    """Serve the process that started this one; see the module. Returns what `Server.serve` does.

    Raises:
        LaunchError: standard input has no `StartLine`.
        OSError: no port is free.
    """
    _give_way()
    keys = KeyPair.fresh()
    start = _read_start_line()
    server = Server("tcp://127.0.0.1:*", keys, only(start.client_key.encode()), real_makers, remote=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches this process too; the parent decides
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    threading.Thread(target=_stop_at_end_of_input, args=(server.stop,), name="parent watch", daemon=True).start()
    ready = msgspec.json.encode(ReadyLine(port=server.port, server_key=keys.public.decode()))
    os.write(_STDOUT, ready + b"\n")
    os.dup2(_STDERR, _STDOUT)  # nobody reads on: what a library prints belongs into the log
    return server.serve()


def serve_remote(listen: str, folder: Path, announce: Callable[[str], None]) -> bool:
    """Listen for remote clients; see the module. Returns what `Server.serve` does.

    Args:
        listen: HOST:PORT; HOST "*" is every interface, PORT "*" any that is free.
        folder: the kept keys (`KeyFolder`); made if need be.
        announce: given sentences for people: where it listens, and what a client needs.

    Raises:
        LaunchError: `listen` is no address.
        KeyFileError: the keys cannot be read or made.
        OSError: the address cannot be bound.
    """
    host, colon, port = listen.rpartition(":")
    if not (host and colon and (port == "*" or port.isdecimal())):
        raise LaunchError(f"{listen!r} is no address to listen on; HOST:PORT is expected")
    access = KeyFolder(folder)
    server = Server(f"tcp://{host}:{port}", access.server_keys(), access.name_of, real_makers, remote=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    announce(f"listening on {host}:{server.port}")
    announce(f"clients need {access.public_file}, and their own public key in {access.clients}")
    return server.serve()


def main(arguments: Sequence[str] | None = None) -> int:
    """What `python -m engine.service` does; returns the exit code of a start that failed, else ends the process."""
    parser = argparse.ArgumentParser(prog="python -m engine.service", description=__doc__.splitlines()[0])
    parser.add_argument("--listen", metavar="HOST:PORT", help="listen for remote clients")
    parser.add_argument("--keys", metavar="FOLDER", type=Path, help="folder of the kept keys; needed with --listen")
    options = parser.parse_args(arguments)
    if (options.listen is None) != (options.keys is None):
        parser.error("--listen and --keys are only of use together")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    faulthandler.enable()
    try:
        if options.listen is None:
            serve_local()
        else:
            serve_remote(options.listen, options.keys, log.info)
    except (LaunchError, KeyFileError) as error:
        log.error("%s", error)
        return 3
    except OSError as error:
        log.error("%s", error)
        return 4
    # All is sent and nothing is to be saved. Taking down the interpreter with a network loaded takes a second, for
    # which a closing window would wait, and is not safe where native code still runs in a session's thread.
    logging.shutdown()
    os._exit(0)


def _give_way() -> None:
    """Run at a lower priority than the window, which must stay fluent while every core searches."""
    lower = psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else _NICENESS
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process().nice(lower)


def _read_start_line() -> StartLine:
    """The line that the parent writes first, read past any buffer, so that the end of input is seen later."""
    line = b""
    while not line.endswith(b"\n") and len(line) < _MAX_LINE_BYTES:
        byte = os.read(_STDIN, 1)
        if not byte:
            break
        line += byte
    try:
        start = msgspec.json.decode(line, type=StartLine)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise LaunchError(f"expected one line of JSON with a client_key on standard input: {error}") from error
    if len(start.client_key) != KEY_LENGTH:
        raise LaunchError(f"the client_key has {len(start.client_key)} characters; a CURVE key has {KEY_LENGTH}")
    return start


def _stop_at_end_of_input(stop: Callable[[], None]) -> None:
    """Call `stop` once standard input has ended."""
    # Unbuffered: a thread that waits in a buffered read holds a lock which the interpreter needs to end.
    while True:
        try:
            if not os.read(_STDIN, _MAX_LINE_BYTES):
                break
        except OSError:
            break
    stop()
