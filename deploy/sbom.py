"""Writes what the product is made of as CycloneDX 1.6, from requirements/run.txt alone: ``make sbom``.

The same lock gives the same octets. Hashes are those of every file that the lock allows, whichever platform's it is.
"""

import json
import re
import tomllib
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK, PROJECT, SBOM = ROOT / "requirements/run.txt", ROOT / "pyproject.toml", ROOT / "dist/sbom.cdx.json"
PINNED = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9.-]*)(?:\[[^]]*])?==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?$"
)
HASH = re.compile(r"\s+--hash=sha256:([0-9a-f]{64})\s*\\?$")
VIA = re.compile(r" {4}# (?:via |  )(?P<name>[a-z0-9][a-z0-9.-]*)(?:\[.*?])?(?: \(.*\))?$")

BESIDE = re.compile(r" {4}# (?:via |  )-c ")
"""Only that another lock had it first."""


@dataclass
class Pin:
    name: str
    version: str
    marker: str | None
    hashes: list[str] = field(default_factory=list)
    via: list[str] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


class Unreadable(Exception):
    """A line of the lock is none of those that we know: better no list than one with holes."""


def pins(lock: str) -> Iterator[Pin]:
    pin: Pin | None = None
    for number, line in enumerate(lock.splitlines(), 1):
        if found := PINNED.match(line):
            if pin:
                yield pin
            pin = Pin(found["name"], found["version"], found["marker"])
        elif pin and (found := HASH.match(line)):
            pin.hashes.append(found[1])
        elif pin and (found := VIA.match(line)):
            pin.via.append(found["name"])
        elif line.strip() not in ("", "# via") and not line.startswith("#") and not BESIDE.match(line):
            raise Unreadable(f"line {number}: {line}")
    if pin:
        yield pin


def component(pin: Pin) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": pin.ref,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.ref,
        "hashes": [{"alg": "SHA-256", "content": each} for each in pin.hashes],
    }
    if pin.marker:
        told["properties"] = [{"name": "supporthub:only-where", "value": pin.marker}]
    return told


def sbom(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    every = sorted(pins(lock), key=lambda pin: pin.name)
    root = f"pkg:generic/{project['name']}@{project['version']}"
    refs: defaultdict[str, list[str]] = defaultdict(list, {project["name"]: [root]})
    for pin in every:
        refs[pin.name].append(pin.ref)
    needs: defaultdict[str, list[str]] = defaultdict(list)
    for pin in every:
        for user in (ref for name in pin.via for ref in refs[name]):
            needs[user].append(pin.ref)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, f"{root}\n{lock}").urn,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [component(pin) for pin in every],
        "dependencies": [{"ref": each, "dependsOn": needs[each]} for each in (root, *(pin.ref for pin in every))],
    }


def main() -> None:
    made = sbom(LOCK.read_text(encoding="utf-8"), tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"])
    SBOM.parent.mkdir(exist_ok=True)
    SBOM.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    print(f"{SBOM.relative_to(ROOT)}: {len(made['components'])} packages.")


if __name__ == "__main__":
    main()
