"""The list of what the product is made of, and what a new release asks its operators for."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from deploy import sbom

ROOT = Path(__file__).parent.parent


def test_the_list_of_parts_is_the_lock_and_nothing_else() -> None:
    lock = sbom.LOCK.read_text()
    project = tomllib.loads(sbom.PROJECT.read_text())["project"]
    made = sbom.sbom(lock, project)
    pinned = re.findall(r"^([a-z0-9.-]+)(?:\[.*?])?==([^ ;]+)", lock, re.M)
    assert sorted((each["name"], each["version"]) for each in made["components"]) == sorted(pinned)
    assert sum(len(each["hashes"]) for each in made["components"]) == lock.count("--hash=sha256:")
    edges = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    root = made["metadata"]["component"]["bom-ref"]
    assert {ref for each in edges.values() for ref in each} | {root} == set(edges)
    ours = {re.split(r"[\[>=<]", each)[0] for each in project["dependencies"]}
    assert {re.split(r"[/@]", each)[1] for each in edges[root]} == ours
    assert made == sbom.sbom(lock, project)
    assert {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}.items() <= made.items()


def test_a_lock_with_a_line_that_is_not_understood_makes_no_list() -> None:
    with pytest.raises(sbom.Unreadable, match="line 2"):
        list(sbom.pins("aiohttp==3.14.5 \\\n-e ./elsewhere\n"))


def test_whatever_the_manifests_ask_for_is_flagged_in_the_changelog() -> None:
    """A scope that is added without a word there is a right that nobody grants."""
    for each in ("manifest.yaml", "manifest.socket.yaml"):
        slack = yaml.safe_load((ROOT / "manifests/slack" / each).read_text())
        asked = {*slack["oauth_config"]["scopes"]["bot"], *slack["settings"]["event_subscriptions"]["bot_events"]}
        asked |= {command["command"] for command in slack["features"]["slash_commands"]}
        assert asked <= flagged(), asked - flagged()
    teams = json.loads((ROOT / "manifests/teams/manifest.json").read_text())
    granted = {each["name"] for each in teams["authorization"]["permissions"]["resourceSpecific"]}
    assert granted
    assert granted <= flagged()


def flagged() -> set[str]:
    text = (ROOT / "CHANGELOG.md").read_text()
    parts = re.findall(r"^### Scopes and manifests\n(.*?)(?=^##)", text, re.M | re.S)
    return set(re.findall(r"`([^`]+)`", "".join(parts)))
