"""Where a process can be made to die: every failpoint of the source, and moments that only the driver can choose."""

import re

from tests.world import ROOT

FAILPOINTS = sorted(
    {
        name
        for room in ("app", "adapters", "bot", "store", "rules")
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(r'\bfailpoint\("([^"]+)"\)', path.read_text())
    }
)
RECORDED = "recorded by the far side"
"""The far side has the message, and its answer never arrives."""
DATABASE = "database killed"
"""The same moment, but it is the database's server that dies, and comes back."""
PLACES = (*FAILPOINTS, RECORDED)
