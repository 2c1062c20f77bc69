"""Being told to go: the first signal ends in good order within ten seconds, the second one at once."""

import asyncio
import logging
import os
import signal
import threading
from dataclasses import dataclass, field

log = logging.getLogger(__name__)
SIGNALS = (signal.SIGINT, signal.SIGTERM)
LONGEST = 8.5  # seconds from the signal to the end, whatever anybody does: supervisors kill after ten
LAST = 1.5  # seconds of those that are for the closing of connections and store


@dataclass
class Leaving:
    told: asyncio.Event = field(default_factory=asyncio.Event)
    _until: float = 0.0

    def listen(self) -> None:
        for name in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(name, self.begin)

    def begin(self, status: int = 0) -> None:
        """There is an end now: whoever still holds us then is left alone, since a crash would lose nothing either."""
        if self.told.is_set():
            return
        log.info("leaving: what is under way is finished, within ten seconds")
        self.told.set()
        self._until = asyncio.get_running_loop().time() + LONGEST
        for name in SIGNALS:
            signal.signal(name, signal.SIG_DFL)
        # On a thread of its own: the loop may be what hangs, or the threads that Python waits for after it.
        guard = threading.Timer(LONGEST, _end, [status])
        guard.daemon = True
        guard.start()

    @property
    def left(self) -> float:
        """Seconds for what is under way."""
        return max(0.0, self._until - LAST - asyncio.get_running_loop().time())


def _end(status: int) -> None:
    log.warning("ended in the middle: it goes on at the next start")
    os._exit(status)
