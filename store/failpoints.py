"""Named places where a test can make the process die, fail or dawdle: the proof that nothing is lost there.

``FAILPOINT=name[:nth][:kill|raise|sleep]`` acts the nth time (1 by default) that the place is reached. The server reads
it in development mode only and refuses to start with it in production.
"""

import os
import signal
import time
from dataclasses import dataclass


class Failed(Exception):
    """What a failpoint raises."""


@dataclass
class _Armed:
    name: str
    nth: int = 1
    how: str = "kill"


_armed: _Armed | None = None


def arm(specification: str | None) -> None:
    """Arms one failpoint for this process; None disarms."""
    global _armed
    if not specification:
        _armed = None
        return
    name, *rest = specification.split(":")
    nth = next((int(part) for part in rest if part.isdigit()), 1)
    how = next((part for part in rest if not part.isdigit()), "kill")
    _armed = _Armed(name, nth, how)


def failpoint(name: str) -> None:
    """Does nothing, unless this name is armed and its turn has come."""
    if _armed is None or _armed.name != name:
        return
    _armed.nth -= 1
    if _armed.nth != 0:
        return
    if _armed.how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if _armed.how == "sleep":
        time.sleep(5)
        return
    raise Failed(name)
