"""The Slack app's manifests: Slack takes them, the adapter uses all they ask for, and docs/slack.md tells it."""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import inbound, oauth, server
from app.channel_settings import SlackSettings
from app.settings import OWN
from bot.commands import COMMANDS, command
from bot.incoming import Said
from bot.text import prompts
from rules.catalogue import load_folder
from rules.directory import read
from rules.lifecycle import RULES, Verb
from rules.people import Actor, Role

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "manifests/slack"
HTTP, SOCKET = FOLDER / "manifest.yaml", FOLDER / "manifest.socket.yaml"
HOST = "https://desk.example.com"
PAGE = (ROOT / "docs/slack.md").read_text()

# What Slack asks for each event, method and feature that the app uses, by its own reference pages; () where nothing.
EVENTS = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "tokens_revoked": (),
}
METHODS = {
    "apps.connections.open": (),  # by the app token, whose one scope no manifest names
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "auth.test": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "oauth.v2.access": (),
    "users.info": ("users:read",),
    "users.list": ("users:read", "users:read.email"),
    "views.open": (),
    "views.publish": (),
}
FILES = ("files:read",)  # fetching what a message's ``url_private`` leads to, where files are kept
FEATURES = {"agent_view": ("assistant:write",), "shortcuts": ("commands",), "slash_commands": ("commands",)}


# What a manifest may hold -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    longest: int
    shortest: int = 1
    like: str = r".*"


@dataclass(frozen=True)
class Many:
    """A list without doubles."""

    of: "Shape"
    most: int
    least: int = 1


Shape = Text | Many | type[bool] | tuple[object, ...] | Mapping[str, Any]
URL = Text(3000, like=r"https://[a-z0-9.-]+(/[a-z0-9_]+)+")
WORD = Text(50, like=r"[a-z_.:]+")
# By Slack's manifest reference and its JSON schema, where the two differ the narrower; "?" marks what may be left out.
SHAPE: Shape = {
    "_metadata?": {"major_version": (1, 2), "minor_version?": (0, 1)},
    "display_information": {
        "name": Text(35),
        "description": Text(140),
        "long_description": Text(4000, shortest=175),
        "background_color": Text(7, like="#([0-9a-f]{3}){1,2}"),
    },
    "features": {
        "app_home": {
            "home_tab_enabled": bool,
            "messages_tab_enabled": bool,
            "messages_tab_read_only_enabled": bool,
        },
        "agent_view?": {
            "agent_description": Text(300),
            "suggested_prompts": Many({"title": Text(4000), "message": Text(4000)}, most=4),
        },
        "bot_user": {"display_name": Text(80), "always_online": bool},
        "shortcuts": Many(
            {"name": Text(24), "type": ("global", "message"), "callback_id": Text(255), "description": Text(150)},
            most=5,
        ),
        "slash_commands": Many(
            {
                "command": Text(32, shortest=2, like="/[a-z-]+"),
                "description": Text(2000),
                "usage_hint": Text(1000),
                "url?": URL,
                "should_escape": bool,
            },
            most=5,
        ),
    },
    "oauth_config": {"redirect_urls?": Many(URL, most=1000), "scopes": {"bot": Many(WORD, most=255)}},
    "settings": {
        "event_subscriptions": {"request_url?": URL, "bot_events": Many(WORD, most=100)},
        "interactivity": {"is_enabled": bool, "request_url?": URL},
        "org_deploy_enabled": bool,
        "socket_mode_enabled": bool,
        "token_rotation_enabled": bool,
    },
}


def wrong(manifest: Any) -> list[str]:
    """What Slack would refuse, a sentence each, with its place."""
    return list(_misshapen(manifest, SHAPE, "")) or list(_at_odds(manifest))


def _misshapen(value: Any, shape: Shape, at: str) -> Iterator[str]:
    match shape:
        case Text(longest, shortest, like):
            if not isinstance(value, str) or not re.fullmatch(like, value, re.S):
                yield f"{at}: not of its form"
            elif not shortest <= len(value) <= longest:
                yield f"{at}: {len(value)} characters"
        case Many(of, most, least):
            if not isinstance(value, list) or not least <= len(value) <= most:
                return (yield f"{at}: not a list of {least} to {most}")
            for n, one in enumerate(value):
                yield from _misshapen(one, of, f"{at}/{n}")
                if one in value[:n]:
                    yield f"{at}/{n}: twice"
        case tuple():
            if value not in shape:
                yield f"{at}: none of {shape}"
        case type():
            if type(value) is not shape:
                yield f"{at}: not {shape.__name__}"
        case _:
            yield from _mistaken_keys(value, shape, at)


def _mistaken_keys(value: Any, shape: Mapping[str, Any], at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return (yield f"{at}: not a group")
    known = {key.removesuffix("?"): one for key, one in shape.items()}
    yield from (f"{at}/{key}: missing" for key in shape if not key.endswith("?") and key not in value)
    for key, one in value.items():
        if key in known:
            yield from _misshapen(one, known[key], f"{at}/{key}")
        else:
            yield f"{at}/{key}: unknown"


def _at_odds(manifest: Any) -> Iterator[str]:
    """What depends on something else."""
    features, settings = manifest["features"], manifest["settings"]
    parts = {f"slash_commands{one['command']}": one.get("url") for one in features["slash_commands"]}
    parts |= {name: settings[name].get("request_url") for name in ("event_subscriptions", "interactivity")}
    if not settings["socket_mode_enabled"]:
        yield from (f"{name}: needs an address or Socket Mode" for name, url in parts.items() if not url)
    names = [one["command"] for one in features["slash_commands"]]
    names += [one["callback_id"] for one in features["shortcuts"]]
    yield from (f"{name}: twice" for name in set(names) if names.count(name) > 1)
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    for name, needed in {**EVENTS, **FEATURES}.items():
        if name in settings["event_subscriptions"]["bot_events"] or name in features:
            yield from (f"{name}: needs {scope}" for scope in needed if scope not in scopes)
    if "agent_view" in features and not features["app_home"]["messages_tab_enabled"]:
        yield "agent_view: lives in the Messages tab"


class _Strict(yaml.SafeLoader):
    """YAML takes the last of two equal keys and says nothing."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(set(keys)) == len(keys), f"a key stands twice: {node.start_mark}"
        return super().construct_mapping(node, deep)


def load(path: Path) -> Any:
    return yaml.load(path.read_text(), _Strict)


@pytest.fixture
def manifest() -> Any:
    return load(HTTP)


# Tests --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [HTTP, SOCKET], ids=["http", "socket"])
def test_slack_takes_it(path: Path) -> None:
    assert wrong(load(path)) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("display_information.name", "n" * 36, "/display_information/name: 36 characters"),
        ("display_information.long_description", "Short.", "/display_information/long_description: 6 characters"),
        ("display_information.background_color", "blue", "/display_information/background_color: not of its form"),
        ("features.assistant_view", {}, "/features/assistant_view: unknown"),
        ("features.agent_view.agent_description", "a" * 301, "/features/agent_view/agent_description: 301 characters"),
        (
            "features.agent_view.suggested_prompts",
            [{"title": str(n), "message": "m"} for n in range(5)],
            "/features/agent_view/suggested_prompts: not a list of 1 to 4",
        ),
        ("features.app_home.messages_tab_enabled", False, "agent_view: lives in the Messages tab"),
        ("features.shortcuts.0.name", "Open a case from this message", "/features/shortcuts/0/name: 29 characters"),
        ("features.shortcuts.0.callback_id", "open_from_message", "open_from_message: twice"),
        ("features.slash_commands.0.command", "support", "/features/slash_commands/0/command: not of its form"),
        ("features.slash_commands.0.should_escape", "yes", "/features/slash_commands/0/should_escape: not bool"),
        ("features.slash_commands.0.url", "http://a.example/b", "/features/slash_commands/0/url: not of its form"),
        ("oauth_config.scopes.bot", ["chat:write", "chat:write"], "/oauth_config/scopes/bot/1: twice"),
        ("oauth_config.scopes.bot", ["commands", "assistant:write"], "app_mention: needs app_mentions:read"),
        ("settings.interactivity", {"is_enabled": True}, "interactivity: needs an address or Socket Mode"),
        ("settings.is_hosted", False, "/settings/is_hosted: unknown"),
    ],
)
def test_what_slack_refuses_is_found(manifest: Any, place: str, value: object, said: str) -> None:
    *path, last = (int(step) if step.isdigit() else step for step in place.split("."))
    group = manifest
    for step in path:
        group = group[step]
    group[last] = value
    assert said in wrong(manifest)


def test_a_key_that_stands_twice_is_found() -> None:
    with pytest.raises(AssertionError, match="twice"):
        yaml.load("settings:\n  org_deploy_enabled: true\n  org_deploy_enabled: false", _Strict)


def test_socket_mode_is_the_same_app_without_addresses(manifest: Any) -> None:
    expected = _without_addresses(deepcopy(manifest))
    expected["settings"]["socket_mode_enabled"] = True
    assert load(SOCKET) == expected


def test_guests_can_be_given_an_app_without_the_agent_view(manifest: Any) -> None:
    """Slack keeps a workspace's guests away from agents: then these two go, as the page says."""
    del manifest["features"]["agent_view"]
    manifest["oauth_config"]["scopes"]["bot"].remove("assistant:write")
    assert wrong(manifest) == []


def test_what_people_type_is_escaped(manifest: Any) -> None:
    assert all(one["should_escape"] for one in manifest["features"]["slash_commands"])


def test_a_token_pasted_into_the_settings_never_ends(manifest: Any) -> None:
    assert manifest["settings"]["token_rotation_enabled"] is False


def test_slack_calls_where_the_server_listens(manifest: Any) -> None:
    assert set(_addresses(manifest)) == {HOST + server.EVENTS, HOST + oauth.BACK}
    assert manifest["oauth_config"]["redirect_urls"] == [HOST + oauth.BACK]


def test_the_app_hears_every_event_that_it_subscribes_to_and_no_other(manifest: Any) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set(subscribed) == EVENTS.keys()
    assert {name.partition(".")[0] for name in subscribed} == _heard()


def test_every_method_that_the_adapter_calls_is_in_the_table_and_no_other() -> None:
    assert _called() == METHODS.keys()


def test_no_scope_is_missing_and_none_is_unused(manifest: Any) -> None:
    used = [*EVENTS.values(), *METHODS.values(), *(FEATURES.get(name, ()) for name in manifest["features"]), FILES]
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == {scope for scopes in used for scope in scopes}


def test_an_install_asks_for_what_the_manifest_names(manifest: Any) -> None:
    assert sorted(server.SCOPES) == sorted(manifest["oauth_config"]["scopes"]["bot"])


def test_the_adapter_knows_the_shortcuts(manifest: Any) -> None:
    named = {one["callback_id"]: one["type"] for one in manifest["features"]["shortcuts"]}
    assert named == {inbound.OPEN_CASE: "global", inbound.OPEN_FROM_MESSAGE: "message"}


def test_the_adapter_knows_the_commands(manifest: Any) -> None:
    for one in manifest["features"]["slash_commands"]:
        fields = {"team_id": "T1", "user_id": "U1", "channel_id": "C1", "trigger_id": "1.2", "text": "help"}
        assert inbound.command({**fields, "command": one["command"]}).body == Said(f"{one['command']} help")


def test_the_hints_name_lines_of_those_for_whom_the_command_is(manifest: Any) -> None:
    hints = {one["command"]: one["usage_hint"] for one in manifest["features"]["slash_commands"]}
    for name, role in (("/support", Role.CUSTOMER), ("/case", Role.AGENT)):
        lines = [line.split()[0] for line in hints[name].partition("]")[0].strip("[").split("|")]
        assert all(role in RULES[_verb(line, role)].by for line in lines), lines


def test_the_first_prompts_are_those_that_a_customer_gets(manifest: Any) -> None:
    ann = Actor(1, "Ann Lee", Role.CUSTOMER, 1, "UTC")
    offered = manifest["features"]["agent_view"]["suggested_prompts"]
    assert offered == [{"title": one.label, "message": one.line} for one in prompts(ann)]


def test_the_page_explains_every_scope_and_every_event(manifest: Any) -> None:
    assert _rows("Scopes") == manifest["oauth_config"]["scopes"]["bot"]
    assert _rows("Events") == manifest["settings"]["event_subscriptions"]["bot_events"]


def test_the_page_names_only_settings_that_there_are() -> None:
    slack = {f"SLACK_{name.upper()}" for name in SlackSettings.model_fields}
    named = {name.removesuffix("_FILE") for name in re.findall(r"\b(?:SUPPORTHUB|SLACK)_[A-Z_]+\b", PAGE)}
    assert named <= slack | {f"SUPPORTHUB_{name.upper()}" for name in OWN}
    assert slack - {"SLACK_API_URL"} <= named


def test_the_directory_on_the_page_can_be_imported() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    directory = read(example, load_folder(ROOT / "catalogues").plans, "directory.toml")
    assert directory.desk is not None


def _without_addresses(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_addresses(one) for key, one in value.items() if not _is_address(one)}
        case list():
            return [_without_addresses(one) for one in value]
    return value


def _is_address(value: Any) -> bool:
    return all(map(_is_address, value)) if isinstance(value, list) else str(value).startswith("https://")


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, str) and _is_address(value):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _addresses(one)


def _heard() -> set[str]:
    """The types of events that the adapter tells apart."""
    tree = ast.parse(inspect.getsource(inbound.event))
    cases = (node.value for node in ast.walk(tree) if isinstance(node, ast.MatchValue))
    return {str(case.value) for case in cases if isinstance(case, ast.Constant)}


def _called() -> set[str]:
    """The methods of the Web API named in the adapter, as the SDK writes them or as Slack does."""
    methods = {name: name.replace("_", ".") for name in dir(AsyncWebClient) if "_" in name.strip("_")}
    found = set()
    for path in (ROOT / "adapters/slack").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                found.add(methods.get(node.attr, ""))
            elif isinstance(node, ast.Constant) and node.value in methods.values():
                found.add(str(node.value))
    return found - {"", "api.call"}


def _verb(line: str, role: Role) -> Verb:
    """``open`` is no command: it begins a dialog."""
    return Verb.OPEN if line == "open" and line not in COMMANDS else command(line, role).verb


def _rows(heading: str) -> list[str]:
    """What the table under this heading of the page is about, row by row."""
    section = re.search(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", PAGE, re.S | re.M)
    assert section, f"the page has no {heading}"
    return re.findall(r"^\| `([^`]+)` \|", section[1], re.M)
