"""Slack's and Teams' settings: whole or off, and near or unencrypted nowhere in production."""

from pathlib import Path

import pytest

from app.settings import Mode, read
from tests.app.environment import KEY, wrong

ONE = {"SLACK_SIGNING_SECRET": "8f742231b10e", "SLACK_BOT_TOKEN": "xoxb-1-2-abc"}
MANY = {
    "SLACK_SIGNING_SECRET": "8f742231b10e",
    "SLACK_CLIENT_ID": "111.222",
    "SLACK_CLIENT_SECRET": "f25b5ceaf8a3",
    "SUPPORTHUB_SECRET_KEY": KEY,
    "SUPPORTHUB_PUBLIC_URL": "https://desk.example.com",
}
TEAMS = {
    "MICROSOFT_APP_ID": "C5A2C9D4-0B7E-4C8F-9A55-3D1E0F6B2A77",
    "MICROSOFT_APP_PASSWORD": "8Q~hunter2",
    "MICROSOFT_APP_TENANT_ID": "72f988bf-86f1-41af-91ab-2d7cd011db47",
}


# Slack
def test_without_any_of_its_settings_slack_is_off() -> None:
    assert read({"SLACK_WEBHOOK": "of another tool", "SLACK_TOKEN": "x", "SUPPORTHUB_SECRET_KEY": KEY}).slack is None


def test_one_workspace_needs_a_signing_secret_and_a_token() -> None:
    slack = read(ONE).slack
    assert slack
    assert slack.signing_secret
    assert slack.bot_token
    assert slack.signing_secret.get_secret_value() == "8f742231b10e"
    assert slack.bot_token.get_secret_value() == "xoxb-1-2-abc"
    assert slack.api_url == "https://slack.com/api/"
    assert slack.client_id is None


def test_many_workspaces_need_the_apps_credentials_and_the_desks_own() -> None:
    settings = read(MANY)
    assert settings.slack
    assert settings.slack.client_id == "111.222"
    for name in MANY:
        (told,) = wrong(**{each: value for each, value in MANY.items() if each != name})
        assert name in told


def test_socket_mode_needs_no_signing_secret() -> None:
    slack = read({"SLACK_APP_TOKEN": "xapp-1-abc", "SLACK_BOT_TOKEN": "xoxb-1"}).slack
    assert slack
    assert slack.app_token
    assert slack.signing_secret is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"SLACK_API_URL": "https://slack.example.com/api"}, ["SLACK_API_URL is set without anything else of Slack's"]),
        ({"SLACK_SIGNING_SECRET": "x"}, ["SLACK_BOT_TOKEN is missing"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_SIGNING_SECRET is missing"]),
        ({"SLACK_APP_TOKEN": "xapp-1"}, ["SLACK_BOT_TOKEN is missing"]),
        (MANY | {"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_BOT_TOKEN is for one workspace"]),
        (
            {"SLACK_CLIENT_SECRET": "x"},
            [
                "SLACK_SIGNING_SECRET is missing",
                "SLACK_CLIENT_SECRET is set without SLACK_CLIENT_ID.",
                "SUPPORTHUB_SECRET_KEY is missing",
                "SUPPORTHUB_PUBLIC_URL is missing",
            ],
        ),
    ],
)
def test_with_only_some_of_its_settings_the_start_is_refused(given: dict[str, str], told: list[str]) -> None:
    said = wrong(**given)
    assert len(said) == len(told)
    assert all(sentence.startswith(begin) for sentence, begin in zip(said, told, strict=True))


def test_slacks_secrets_have_shapes_and_are_never_printed(tmp_path: Path) -> None:
    said = wrong(
        SLACK_SIGNING_SECRET="hunter2 ",
        SLACK_BOT_TOKEN="xoxp-hunter2",
        SLACK_APP_TOKEN="hunter2",
        SLACK_API_URL="hunter2",
    )
    assert said == [
        "SLACK_SIGNING_SECRET must be one word, without blanks, line breaks or letters beyond ASCII.",
        "SLACK_BOT_TOKEN must begin with xoxb-.",
        "SLACK_APP_TOKEN must begin with xapp-.",
        "SLACK_API_URL must be an address such as https://desk.example.com.",
    ]
    assert "8f742231b10e" not in repr(read(MANY))
    assert "f25b5ceaf8a3" not in repr(read(MANY))


def test_slacks_secrets_may_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-from-a-file\n")
    slack = read({"SLACK_SIGNING_SECRET": "x", "SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")}).slack
    assert slack
    assert slack.bot_token
    assert slack.bot_token.get_secret_value() == "xoxb-from-a-file"
    assert wrong(**ONE, SLACK_BOT_TOKEN_FILE=str(tmp_path / "token")) == [
        "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set: keep one."
    ]
    assert wrong(SLACK_SIGNING_SECRET="x", SLACK_BOT_TOKEN_FILE=str(tmp_path / "none")) == [
        "SLACK_BOT_TOKEN_FILE: No such file or directory."
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://slack.example.com/api/", "http://127.0.0.1:9/api/", "https://127.0.0.1:9/api/", "https://localhost/api/",
        "https://slack.localhost/", "https://[::1]/api/", "https://0.0.0.0/", "https://127.8.8.8/", "ftp://slack.com/",
        "https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://localhost./", "https://[::ffff:127.0.0.1]/",
        "https://u:p@slack.com/api/", "https://slack.com/api/?x=1",
    ],
)  # fmt: skip
def test_tokens_go_nowhere_near_or_unencrypted_in_production(url: str) -> None:
    (told,) = wrong(**ONE, SLACK_API_URL=url)
    assert told.startswith("SLACK_API_URL must ")


def test_slack_may_be_played_on_this_machine_in_development() -> None:
    development = ONE | {"SUPPORTHUB_MODE": "development"}
    for url in ("http://127.0.0.1:9/api", "http://localhost:9/api/", "https://slack.example.com/api"):
        slack = read(development | {"SLACK_API_URL": url}).slack
        assert slack
        assert slack.api_url == url.rstrip("/") + "/"
    (told,) = wrong(**development, SLACK_API_URL="http://slack.example.com/api")
    assert told == "SLACK_API_URL must begin with https://, except on this machine."


def test_the_playground_has_nothing_to_do_with_slack() -> None:
    assert read(ONE, mode=Mode.DEMO).slack is None
    assert read({"SLACK_BOT_TOKEN": "of another tool", "SUPPORTHUB_MODE": "demo"}).slack is None
    assert wrong(SUPPORTHUB_SLACK="x")[0].startswith("SUPPORTHUB_SLACK is not a setting of this release.")


# Teams
def test_without_any_of_its_settings_teams_is_off() -> None:
    assert read({"MICROSOFT_APP_TYPE": "SingleTenant", "TEAMS_WEBHOOK": "of another tool"}).teams is None
    assert read(TEAMS, mode=Mode.DEMO).teams is None
    assert read({"MICROSOFT_APP_ID": "of another tool", "SUPPORTHUB_MODE": "demo"}).teams is None


def test_teams_needs_an_app_its_password_and_its_tenant() -> None:
    settings = read(TEAMS | ONE)
    assert settings.slack
    teams = settings.teams
    assert teams
    assert teams.app_id == "c5a2c9d4-0b7e-4c8f-9a55-3d1e0f6b2a77"
    assert teams.app_password.get_secret_value() == "8Q~hunter2"
    assert teams.app_tenant_id == "72f988bf-86f1-41af-91ab-2d7cd011db47"
    assert teams.openid_metadata_url == "https://login.botframework.com/v1/.well-known/openidconfiguration"
    assert teams.token_issuer == "https://api.botframework.com"
    assert teams.login_url == "https://login.microsoftonline.com"
    assert teams.service_hosts == ()


def test_with_only_some_of_teams_settings_the_start_is_refused() -> None:
    for name in TEAMS:
        left = {each: value for each, value in TEAMS.items() if each != name}
        assert wrong(**left) == [f"{name} is missing: Teams needs it."]
        assert wrong(**{name: TEAMS[name]}) == [f"{each} is missing: Teams needs it." for each in left]
    for name in ("TEAMS_SERVICE_HOSTS", "TEAMS_LOGIN_URL", "TEAMS_OPENID_METADATA_URL", "TEAMS_TOKEN_ISSUER"):
        assert len(wrong(**{name: "https://teams.example.com"})) == 3


def test_all_that_is_wrong_about_teams_is_told_without_its_secrets() -> None:
    assert wrong(
        MICROSOFT_APP_ID="hunter2",
        MICROSOFT_APP_PASSWORD="8Q~ hunter2",
        MICROSOFT_APP_TENANT_ID="",
        TEAMS_LOGIN_URL="hunter2",
        TEAMS_SERVICE_HOSTS="hunter2/x",
    ) == [
        "MICROSOFT_APP_TENANT_ID is set but empty.",
        "MICROSOFT_APP_ID must be an id such as 72f988bf-86f1-41af-91ab-2d7cd011db47.",
        "MICROSOFT_APP_PASSWORD must be one word, without blanks, line breaks or letters beyond ASCII.",
        "TEAMS_LOGIN_URL must be an address such as https://desk.example.com.",
        "TEAMS_SERVICE_HOSTS must be hosts such as connector.example.com, with commas between them.",
    ]
    assert "hunter2" not in repr(read(TEAMS))


def test_teams_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("8Q~from-a-file\n")
    two = {name: value for name, value in TEAMS.items() if name != "MICROSOFT_APP_PASSWORD"}
    teams = read({**two, "MICROSOFT_APP_PASSWORD_FILE": str(tmp_path / "password")}).teams
    assert teams
    assert teams.app_password.get_secret_value() == "8Q~from-a-file"
    assert wrong(**two, MICROSOFT_APP_PASSWORD_FILE=str(tmp_path / "none")) == [
        "MICROSOFT_APP_PASSWORD_FILE: No such file or directory."
    ]


@pytest.mark.parametrize("name", ["TEAMS_LOGIN_URL", "TEAMS_OPENID_METADATA_URL", "TEAMS_TOKEN_ISSUER"])
@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.com", "http://127.0.0.1:9", "https://127.0.0.1:9", "https://localhost", "https://[::1]",
        "https://127.1", "ftp://login.example.com", "https://u:p@login.example.com", "https://login.example.com?x=1",
    ],
)  # fmt: skip
def test_microsofts_servers_are_neither_near_nor_unencrypted_in_production(name: str, url: str) -> None:
    (told,) = wrong(**TEAMS, **{name: url})
    assert told.startswith(f"{name} must ")


def test_teams_may_be_played_on_this_machine_in_development() -> None:
    played = TEAMS | {
        "SUPPORTHUB_MODE": "development",
        "TEAMS_LOGIN_URL": "http://127.0.0.1:9",
        "TEAMS_OPENID_METADATA_URL": "http://localhost:9/openid",
        "TEAMS_TOKEN_ISSUER": "http://127.0.0.1:9/",
        "TEAMS_SERVICE_HOSTS": "127.0.0.1, http://localhost:9,connector.example.com",
    }
    teams = read(played).teams
    assert teams
    assert teams.login_url == "http://127.0.0.1:9"
    assert teams.token_issuer == "http://127.0.0.1:9/"
    assert teams.service_hosts == ("127.0.0.1", "http://localhost:9", "connector.example.com")
    (told,) = wrong(**(played | {"TEAMS_LOGIN_URL": "http://login.example.com"}))
    assert told == "TEAMS_LOGIN_URL must begin with https://, except on this machine."


@pytest.mark.parametrize(
    "hosts",
    ["127.0.0.1", "localhost", "a.localhost", "*.a.localhost", "[::1]:8443", "127.1", "0.0.0.0", "https://localhost:8443",
     "http://connector.example.com", "connector.example.com,http://other.example.com", "[::ffff:127.0.0.1]"],
)  # fmt: skip
def test_production_trusts_no_service_host_near_or_unencrypted(hosts: str) -> None:
    assert wrong(**TEAMS, TEAMS_SERVICE_HOSTS=hosts) == [
        "TEAMS_SERVICE_HOSTS must not name this machine, nor plain http, except in development."
    ]


def test_more_service_hosts_can_be_trusted_in_production() -> None:
    teams = read({**TEAMS, "TEAMS_SERVICE_HOSTS": "connector.example.com, *.other.example.com:8443"}).teams
    assert teams
    assert teams.service_hosts == ("connector.example.com", "*.other.example.com:8443")
    for bad in ("a,,b", ",", "a b", "*", "user@a.example", "a.example/x"):
        assert len(wrong(**TEAMS, TEAMS_SERVICE_HOSTS=bad)) == 1
