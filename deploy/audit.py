"""Asks OSV's database of advisories about every package that a lock pins: ``make audit``.

Exit status: 0 nothing is known against any, 1 something is, 2 nothing was audited, since the database was not reached.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from deploy.sbom import Pin, Unreadable, pins

ROOT = Path(__file__).parent.parent
LOCKS = ("run", "dev", "build")
SERVICE = "https://api.osv.dev"
PATIENCE = 30.0  # seconds
AT_ONCE = 500  # packages in one question: OSV takes a thousand


class NotReached(Exception):
    """Why there is no answer."""


def main(service: str, locks: Sequence[Path]) -> int:
    try:
        every = {pin.ref: pin for lock in locks for pin in pins(lock.read_text())}
        found = list(known(service, sorted(every.values(), key=lambda pin: pin.ref)))
    except (NotReached, Unreadable, OSError) as why:
        print(f"audit: nothing was audited: {why}", file=sys.stderr)
        return 2
    for pin, advisories in found:
        print(f"{pin.name} {pin.version}: {', '.join(advisories)}  {service}/v1/vulns/{advisories[0]}")
    print(f"audit: {len(every)} packages, something is known against {len(found)} of them")
    return 1 if found else 0


def known(service: str, every: Sequence[Pin]) -> Iterator[tuple[Pin, list[str]]]:
    """Raises NotReached."""
    for first in range(0, len(every), AT_ONCE):
        asked = every[first : first + AT_ONCE]
        queries = [{"package": {"purl": pin.ref}} for pin in asked]
        answer = _answer(f"{service}/v1/querybatch", {"queries": queries})
        results = answer.get("results", []) if isinstance(answer, dict) else []
        if len(results) != len(asked):
            raise NotReached(f"{service} answered something else than was asked")
        for pin, result in zip(asked, results, strict=True):
            if advisories := [str(each["id"]) for each in (result or {}).get("vulns", ())]:
                yield pin, advisories


def _answer(url: str, body: dict[str, Any]) -> Any:
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise NotReached(f"{url} is no https address")
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            return json.loads(response.read())
    except (OSError, ValueError, HTTPException) as error:
        raise NotReached(f"{url}: {getattr(error, 'reason', error)}") from None


if __name__ == "__main__":
    named = [ROOT / f"requirements/{each}.txt" for each in LOCKS]
    sys.exit(main(os.environ.get("OSV_URL", SERVICE).rstrip("/"), [Path(each) for each in sys.argv[1:]] or named))
