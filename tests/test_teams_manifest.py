"""The Teams app's manifest and icons: Teams takes them, the bot knows what they offer, and docs/teams.md tells it."""

import json
import re
import struct
import zlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.inbound import OPEN_FROM_MESSAGE, SEND_ON
from adapters.teams.server import MESSAGES
from app.channel_settings import TEAMS, TeamsSettings
from app.settings import OWN
from bot.incoming import Address, Incoming, Said, User
from bot.understanding import Begin, Do, Scene, understand
from bot.understanding.search import Knowledge
from rules.catalogue import load_folder
from rules.directory import read
from rules.people import STAFF, Actor, Role
from tests.slack.shapes import Invalid, array, boolean, both, matching, one_of, record, string

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "manifests/teams"
MANIFEST = (FOLDER / "manifest.json").read_text()
PAGE = (ROOT / "docs/teams.md").read_text()
PLAYGROUND = (ROOT / "adapters/web/static/playground.css").read_text()
CATALOGUES = load_folder(ROOT / "catalogues")
NOON = datetime(2026, 1, 19, 17, tzinfo=UTC)
APP_ID, HOST = "72f988bf-86f1-41af-91ab-2d7cd011db47", "desk.example.com"


# What a manifest may hold -------------------------------------------------------------------------------------------

# By Teams' JSON schema 1.30, as far as a bot needs it; of a command's title and description no more than clients show.
GUID = matching("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", APP_ID)
PAGE_OF_OURS = matching(rf"https://{re.escape(HOST)}/[a-z]*", f"https://{HOST}/…", longest=2048)
FILE = matching(r"[a-z]+\.png", "color.png")
SCOPES = array(one_of("personal", "team", "groupChat"), 1, 3)
COMMAND = record({"title": matching("[a-z-]+", "a line that is one word", longest=32), "description": string(128)})
BOT = {
    "botId": GUID,
    "scopes": SCOPES,
    "isNotificationOnly": boolean,
    "supportsFiles": boolean,
    "commandLists": array(record({"scopes": SCOPES, "commands": array(COMMAND, 1, 12)}), 1, 3),
}
ON_A_MESSAGE = {
    "id": string(64),
    "type": one_of("action"),
    "title": string(32),
    "description": string(128),
    "context": array(one_of("message"), 1, 1),
    "fetchTask": boolean,
}
OF_A_CHAT = {"name": one_of("ChatMessageReadReceipt.Read.Chat"), "type": one_of("Application")}
TAB = {"entityId": one_of("conversations", "portal"), "scopes": array(one_of("personal"), 1, 1)}
OURS = matching(rf"https://{re.escape(HOST)}/(tab|portal)/", f"https://{HOST}/tab/", longest=2048)
OF_OUR_PAGES = {"name": string(128), "contentUrl": OURS, "websiteUrl": OURS}  # the chat's own tab has none
SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json"
SHAPE = record(
    {
        "$schema": one_of(SCHEMA),
        "manifestVersion": one_of("1.30"),
        "version": matching(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", "1.0.0"),
        "id": GUID,
        "localizationInfo": record({"defaultLanguageTag": one_of("en")}),
        "developer": record(
            {
                "name": string(32),
                "websiteUrl": PAGE_OF_OURS,
                "privacyUrl": PAGE_OF_OURS,
                "termsOfUseUrl": PAGE_OF_OURS,
            }
        ),
        "name": record({"short": string(30), "full": string(100)}),
        "description": record({"short": string(80), "full": string(4000)}),
        "icons": record({"color": FILE, "outline": FILE}),
        "accentColor": matching("#[0-9a-f]{6}", "#5148b8"),
        "bots": array(record(BOT), 1, 1),
        "composeExtensions": array(record({"botId": GUID, "commands": array(record(ON_A_MESSAGE), 1, 10)}), 1, 1),
        "staticTabs": array(record(TAB, OF_OUR_PAGES), 1, 16),
        "permissions": array(one_of("identity", "messageTeamMembers"), 1, 2),
        "webApplicationInfo": record(
            {"id": GUID, "resource": matching(rf"api://{re.escape(HOST)}/{APP_ID}", f"api://{HOST}/{APP_ID}")}
        ),  # for whom the tab's token is
        "authorization": record({"permissions": record({"resourceSpecific": array(record(OF_A_CHAT), 1, 16)})}),
        "validDomains": array(both(string(2048), one_of(HOST)), 1, 100),
        "defaultInstallScope": one_of("personal"),
        "defaultGroupCapability": record({"team": one_of("bot"), "groupchat": one_of("bot")}),
    }
)


def wrong(manifest: Any) -> list[str]:
    """What Teams would refuse, a sentence each."""
    try:
        SHAPE(manifest, "")
    except Invalid as invalid:
        return [str(invalid)]
    return list(_at_odds(manifest))


def _at_odds(manifest: Any) -> Iterator[str]:
    """What depends on something else."""
    bot, extension = manifest["bots"][0], manifest["composeExtensions"][0]
    if bot["botId"] != extension["botId"]:
        yield "the bot and its extension have two ids"
    if bot["botId"] != manifest["webApplicationInfo"]["id"]:
        yield "consent would be given to another app"
    menus = [scope for each in bot["commandLists"] for scope in each["scopes"]]
    if sorted(menus) != sorted(bot["scopes"]):
        yield "not each scope has one menu"
    for each in (*bot["commandLists"], extension):
        names = [command.get("id", command["title"]) for command in each["commands"]]
        yield from (f"{name}: twice" for name in sorted(set(names)) if names.count(name) > 1)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON takes the last of two equal keys and says nothing."""
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), f"a key stands twice among {names}"
    return dict(pairs)


@pytest.fixture
def manifest() -> Any:
    filled = MANIFEST.replace("{{APP_ID}}", APP_ID).replace("{{HOST}}", HOST)
    return json.loads(filled, object_pairs_hook=_once)


def menu(manifest: Any, scope: str) -> dict[str, str]:
    lists = (each for each in manifest["bots"][0]["commandLists"] if scope in each["scopes"])
    return {command["title"]: command["description"] for each in lists for command in each["commands"]}


# Tests --------------------------------------------------------------------------------------------------------------


def test_teams_takes_it(manifest: Any) -> None:
    assert wrong(manifest) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("manifestVersion", "1.29", "/manifestVersion: must be one of 1.30, not '1.29'"),
        ("version", "1.0", "/version: must look like 1.0.0, not '1.0'"),
        ("id", "{{APP_ID}}", f"/id: must look like {APP_ID}, not '{{{{APP_ID}}}}'"),
        ("name.short", "n" * 31, "/name/short: has 31 characters, and 30 are allowed"),
        ("description.short", "d" * 81, "/description/short: has 81 characters, and 80 are allowed"),
        ("developer.name", "d" * 33, "/developer/name: has 33 characters, and 32 are allowed"),
        ("developer.privacyUrl", "http://desk.example.com/p", "/developer/privacyUrl: must look like https://desk"),
        ("accentColor", "indigo", "/accentColor: must look like #5148b8, not 'indigo'"),
        ("validDomains.0", "https://desk.example.com", "/validDomains/0: must be one of desk.example.com"),
        ("bots.0.scopes.0", "copilot", "/bots/0/scopes/0: must be one of personal, team, groupChat"),
        ("bots.0.scopes", ["personal", "team"], "not each scope has one menu"),
        ("bots.0.commandLists.1.scopes", ["personal"], "not each scope has one menu"),
        ("bots.0.commandLists.0.commands.0.title", "take 1042", "must look like a line that is one word"),
        ("bots.0.commandLists.0.commands.0.description", "d" * 129, "has 129 characters, and 128 are allowed"),
        ("bots.0.commandLists.0.commands.1.title", "open", "open: twice"),
        ("bots.0.commandLists.0.commands", [{"title": "x", "description": "x"}] * 13, "has 13 items, and 12 are"),
        ("bots.0.supportsCalling", True, "/bots/0: has no field called supportsCalling"),
        ("composeExtensions.0.botId", APP_ID.replace("7", "8"), "the bot and its extension have two ids"),
        ("composeExtensions.0.commands.0.title", "Open a case from this very message", "has 34 characters"),
        ("authorization.permissions.orgwide", [], "/authorization/permissions: has no field called orgwide"),
        (
            "authorization.permissions.resourceSpecific.0.name",
            "ChatMessage.Read.Chat",
            "must be one of ChatMessageReadReceipt.Read.Chat",
        ),
        ("staticTabs.1.contentUrl", "https://evil.example/tab/", "must look like https://desk.example.com/tab/"),
        ("webApplicationInfo.resource", "", "/webApplicationInfo/resource: is empty"),
        ("webApplicationInfo.id", APP_ID.replace("7", "8"), "consent would be given to another app"),
    ],
)
def test_what_teams_refuses_is_found(manifest: Any, place: str, value: object, said: str) -> None:
    *path, last = (int(step) if step.isdigit() else step for step in place.split("."))
    group = deepcopy(manifest)
    changed = group
    for step in path:
        group = group[step]
    group[last] = value
    assert any(said in sentence for sentence in wrong(changed)), wrong(changed)


def test_a_key_that_stands_twice_is_found() -> None:
    with pytest.raises(AssertionError, match="twice"):
        json.loads('{"id": 1, "id": 2}', object_pairs_hook=_once)


def test_only_the_id_and_the_host_are_left_open() -> None:
    assert set(re.findall(r"\{\{.*?\}\}", MANIFEST)) == {"{{APP_ID}}", "{{HOST}}"}


def test_the_adapter_knows_the_commands_on_a_message(manifest: Any) -> None:
    commands = manifest["composeExtensions"][0]["commands"]
    assert [(each["id"], each["fetchTask"]) for each in commands] == [(OPEN_FROM_MESSAGE, True), (SEND_ON, True)]


@pytest.mark.parametrize("scope", ["personal", "team", "groupChat"])
def test_every_line_of_a_menu_is_understood_by_those_for_whom_it_is(manifest: Any, scope: str) -> None:
    for title, description in menu(manifest, scope).items():
        role = Role.AGENT if scope == "team" and title != "open" else Role.CUSTOMER
        example = re.search(rf"\b{title} .*", description)
        for line in (title, example[0] if example else title):
            assert _understood(line, role), f"nobody understands {line!r}"


def test_the_color_icon_is_the_playgrounds_accent_with_room_to_crop(manifest: Any) -> None:
    icon = _png(FOLDER / manifest["icons"]["color"])
    accent = bytes.fromhex(manifest["accentColor"][1:])
    assert (icon.width, icon.height, icon.channels) == (192, 192, 3)
    assert f"--accent: light-dark({manifest['accentColor']}," in PLAYGROUND
    around = [icon.at(x, y) for x in range(192) for y in range(192) if not (48 <= x < 144 and 48 <= y < 144)]
    assert set(around) == {accent}
    assert b"\xff\xff\xff" in icon.rows[96][3 * 48 : 3 * 144]


def test_the_outline_icon_is_white_on_nothing_and_reaches_the_edges(manifest: Any) -> None:
    icon = _png(FOLDER / manifest["icons"]["outline"])
    assert (icon.width, icon.height, icon.channels) == (32, 32, 4)
    dots = {(x, y): icon.at(x, y) for x in range(32) for y in range(32)}
    assert {dot[:3] for dot in dots.values()} == {b"\xff\xff\xff"}
    drawn = [place for place, dot in dots.items() if dot[3]]
    assert 100 < len(drawn) < 600
    assert {min(x for x, _ in drawn), min(y for _, y in drawn)} == {0}
    assert {max(x for x, _ in drawn), max(y for _, y in drawn)} == {31}


def test_the_page_explains_every_permission(manifest: Any) -> None:
    consent = [each["name"] for each in manifest["authorization"]["permissions"]["resourceSpecific"]]
    assert _rows("What it asks for, and why") == manifest["permissions"] + consent


def test_the_page_says_where_microsoft_is_to_call() -> None:
    assert f"https://desk.example.com{MESSAGES}" in PAGE


def test_the_page_names_every_setting_and_only_settings_that_there_are() -> None:
    named = {name.removesuffix("_FILE") for name in re.findall(r"\b(?:SUPPORTHUB|MICROSOFT|TEAMS)_[A-Z_]+\b", PAGE)}
    assert named <= set(TEAMS.values()) | set(OWN.values())
    assert set(TEAMS.values()) <= named


def test_the_page_names_the_defaults_that_there_are() -> None:
    for field in ("openid_metadata_url", "token_issuer", "login_url", "unknown_tenants"):
        assert re.search(rf"`{TEAMS[field]}` \|.*`{re.escape(str(TeamsSettings.model_fields[field].default))}`", PAGE)


def test_the_directory_on_the_page_can_be_imported() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    directory = read(example, CATALOGUES.plans, "directory.toml")
    assert directory.desk is not None


def _understood(line: str, role: Role) -> bool:
    """Said under a case's card, so that a line that is about a case has one: as a command, not as words about it."""
    actor = Actor(1, "Somebody", role, None if role in STAFF else 1, "UTC")
    scene = Scene(actor, case=1042, desk=role in STAFF, now=NOON, hours=CATALOGUES.providers["websan"].calendar())
    said = Incoming("key", User("somebody"), Address("teams", "tenant", "room"), Said(line), NOON)
    name = line.split()[0]
    match understand(said, scene, Knowledge(())):
        case Do(command):
            return command == name
        case Begin(dialog, known):
            return str(known.get("line", dialog)) == ("open_case" if name == "open" else name)
    return False


@dataclass(frozen=True)
class Icon:
    width: int
    height: int
    channels: int
    rows: list[bytes]

    def at(self, x: int, y: int) -> bytes:
        return self.rows[y][x * self.channels : (x + 1) * self.channels]


def _png(path: Path) -> Icon:
    """Of eight bits a channel, RGB or RGBA, not interlaced."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = list(_chunks(data[8:]))
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    assert (depth, rest) == (8, [0, 0, 0]), path.name
    channels = {2: 3, 6: 4}[kind]
    raw = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    return Icon(width, height, channels, list(_rows_of(raw, width * channels, channels)))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    while data:
        (length,) = struct.unpack(">I", data[:4])
        name, content = data[4:8], data[8 : 8 + length]
        assert struct.unpack(">I", data[8 + length : 12 + length]) == (zlib.crc32(name + content),)
        yield name, content
        data = data[12 + length :]


def _rows_of(raw: bytes, length: int, step: int) -> Iterator[bytes]:
    """Each byte is told as its difference from its neighbours: left, above, or beyond both."""
    above = bytes(length)
    for start in range(0, len(raw), length + 1):
        how, row = raw[start], bytearray(raw[start + 1 : start + 1 + length])
        for n, value in enumerate(row):
            left, corner = (row[n - step], above[n - step]) if n >= step else (0, 0)
            foretold = (0, left, above[n], (left + above[n]) // 2, _paeth(left, above[n], corner))[how]
            row[n] = (value + foretold) % 256
        above = bytes(row)
        yield above


def _paeth(left: int, above: int, corner: int) -> int:
    return min((left, above, corner), key=lambda one: abs(left + above - corner - one))


def _rows(heading: str) -> list[str]:
    """What the table under this heading of the page is about, row by row."""
    section = re.search(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", PAGE, re.S | re.M)
    assert section, f"the page has no {heading}"
    return re.findall(r"^\| `([^`]+)` \|", section[1], re.M)
