"""Imports the product once, then forks a process of it for every life that a driver orders."""

import gc
import json
import os
import select
import signal
import socket
import sys
from typing import NoReturn

from sqlalchemy.orm import configure_mappers

import store.postgres
import store.sqlite  # noqa: F401
from tests.faults import hub


def main() -> None:
    """``zygote DOOR``: one connection a life, its first line the order. Ends with its standard input."""
    configure_mappers()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the watchers
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen()
        gc.freeze()
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            line, _ = door.accept()
            with line:
                if os.fork() == 0:
                    door.close()
                    _watch(line)


def _watch(line: socket.socket) -> NoReturn:
    """The parent of one life, which it outlives to say how it ended: by the signal's negative number, or a status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    order = hub.Order(**json.loads(line.makefile("rb").readline()))
    life = os.fork()
    if life == 0:
        _live(order, line)
    _, status = os.waitpid(life, 0)
    line.setblocking(True)  # its event loop had changed that for us too
    ended = {"ended": os.waitstatus_to_exitcode(status)}
    try:
        line.sendall(b"\n" + json.dumps(ended).encode() + b"\n")  # the last line may have been cut short
        while line.recv(65536):  # until the driver has read that: what it wrote to the dead must not fail before
            pass
    finally:
        os._exit(0)


def _live(order: hub.Order, line: socket.socket) -> NoReturn:
    gc.disable()  # it lives for a second
    try:
        hub.live(order, line)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(4)
    os._exit(0)


if __name__ == "__main__":
    main()
