"""The environment: every mistake at once, secrets never printed."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.settings import Misconfigured, Mode, read

KEY = "a key of the desk that is long enough"
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


def wrong(**environment: str) -> list[str]:
    with pytest.raises(Misconfigured) as found:
        read(environment)
    return found.value.sentences


def test_without_any_setting_it_is_production_on_sqlite_on_loopback() -> None:
    settings = read({})
    assert (settings.mode, settings.host, settings.port) == (Mode.PRODUCTION, "127.0.0.1", 3978)
    assert settings.database_url.get_secret_value() == "sqlite:///supporthub.db"


def test_all_mistakes_are_told_at_once() -> None:
    said = wrong(
        SUPPORTHUB_PROT="1", SUPPORTHUB_PORT="many", SUPPORTHUB_MODE="fun", SUPPORTHUB_DATABASE_URL="oracle://x"
    )
    assert len(said) == 4
    assert said[0] == "SUPPORTHUB_PROT is not a setting of this release. Did you mean SUPPORTHUB_PORT?"


def test_a_secret_may_come_from_a_file_and_is_never_printed(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://desk:hunter2@db/desk\n")
    settings = read({"SUPPORTHUB_DATABASE_URL_FILE": str(secret)})
    assert settings.database_url.get_secret_value() == "postgresql://desk:hunter2@db/desk"
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(wrong(SUPPORTHUB_DATABASE_URL="mysql://desk:hunter2@db/desk"))


def test_a_missing_secret_file_and_a_name_given_twice_are_mistakes(tmp_path: Path) -> None:
    assert wrong(SUPPORTHUB_DATABASE_URL_FILE=str(tmp_path / "none")) == [
        "SUPPORTHUB_DATABASE_URL_FILE: No such file or directory."
    ]
    said = wrong(SUPPORTHUB_DATABASE_URL="sqlite:///x", SUPPORTHUB_DATABASE_URL_FILE=__file__)
    assert "SUPPORTHUB_DATABASE_URL and SUPPORTHUB_DATABASE_URL_FILE are both set: keep one." in said


def test_failpoints_are_refused_in_production() -> None:
    assert "FAILPOINT makes the server die on purpose" in wrong(FAILPOINT="before commit")[0]
    assert read({"FAILPOINT": "before commit", "SUPPORTHUB_MODE": "development"}).mode is Mode.DEVELOPMENT


def test_the_pool_is_of_postgresql_and_of_a_sensible_size() -> None:
    shared = {"SUPPORTHUB_DATABASE_URL": "postgresql://desk@db/desk"}
    assert read(shared).database_pool == 8
    assert read(shared | {"SUPPORTHUB_DATABASE_POOL": "20"}).database_pool == 20
    assert wrong(SUPPORTHUB_DATABASE_POOL="20") == [
        "SUPPORTHUB_DATABASE_POOL is for PostgreSQL alone: with SQLite leave it out."
    ]
    for size in ("0", "101", "many"):
        [told] = wrong(SUPPORTHUB_DATABASE_POOL=size, **shared)
        assert told.startswith("SUPPORTHUB_DATABASE_POOL ")


def test_an_empty_value_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert wrong(
        SUPPORTHUB_HOST="", SUPPORTHUB_PORT=" ", SUPPORTHUB_SECRET_KEY_FILE=str(tmp_path / "empty"), SLACK_BOT_TOKEN=""
    ) == [
        "SUPPORTHUB_HOST is set but empty.",
        "SUPPORTHUB_PORT is set but empty.",
        "SUPPORTHUB_SECRET_KEY_FILE: the file is empty.",
        "SLACK_BOT_TOKEN is set but empty.",
        "SLACK_SIGNING_SECRET is missing (SLACK_APP_TOKEN alone is enough with Socket Mode).",
    ]


def test_a_file_that_is_no_text_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00")
    assert wrong(SUPPORTHUB_SECRET_KEY_FILE=str(tmp_path / "key")) == [
        "SUPPORTHUB_SECRET_KEY_FILE: this is no text file."
    ]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://desk.example.com", "must begin with https://, except in development"),
        ("https://desk.example.com/hub", "must end after the host and port: no path, no query"),
        ("https://desk.example.com?x=1", "must end after the host and port: no path, no query"),
        ("https://desk.example.com#x", "must have no user name and no fragment"),
        ("https://ann:hunter2@desk.example.com", "must have no user name and no fragment"),
        ("desk.example.com", "must be an address such as https://desk.example.com"),
        ("https://desk.example.com:hunter2", "must be an address such as https://desk.example.com"),
        ("https://", "must be an address such as https://desk.example.com"),
        ("https://desk example.com", "must be an address such as https://desk.example.com"),
    ],
)
def test_the_public_address_is_an_origin(url: str, told: str) -> None:
    assert wrong(SUPPORTHUB_PUBLIC_URL=url) == [f"SUPPORTHUB_PUBLIC_URL {told}."]


def test_the_public_address_may_be_plain_http_in_development() -> None:
    told = {"SUPPORTHUB_PUBLIC_URL": "http://127.0.0.1:3978/", "SUPPORTHUB_MODE": "development"}
    assert read(told).public_url == "http://127.0.0.1:3978"
    assert (
        read({"SUPPORTHUB_PUBLIC_URL": "https://desk.example.com:8443"}).public_url == "https://desk.example.com:8443"
    )


@pytest.mark.parametrize(
    "url", ["https://Desk.Example.COM", "https://desk.example.com:443/", "HTTPS://desk.example.com?"]
)
def test_the_origin_is_the_one_that_browsers_name(url: str) -> None:
    assert read({"SUPPORTHUB_PUBLIC_URL": url}).public_url == "https://desk.example.com"


def test_the_secret_key_is_long_and_never_printed() -> None:
    assert wrong(SUPPORTHUB_SECRET_KEY="hunter2") == ["SUPPORTHUB_SECRET_KEY must have at least 32 characters."]
    settings = read({"SUPPORTHUB_SECRET_KEY": KEY})
    assert settings.secret_key
    assert settings.secret_key.get_secret_value() == KEY
    assert KEY not in repr(settings)


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


OIDC = {
    "SUPPORTHUB_OIDC_ISSUER": "https://login.example.com/desk",
    "SUPPORTHUB_OIDC_CLIENT_ID": "desk",
    "SUPPORTHUB_OIDC_CLIENT_SECRET": "hunter2",
}
NEEDED = {"SUPPORTHUB_SECRET_KEY": KEY, "SUPPORTHUB_PUBLIC_URL": "https://desk.example.com"}


def test_whose_word_it_is_from_where_a_request_came() -> None:
    assert read({}).trusted_proxies == ()
    given = read({"SUPPORTHUB_TRUSTED_PROXIES": "10.0.0.5, 10.1.0.0/24,2001:db8::/32"}).trusted_proxies
    assert [str(each) for each in given] == ["10.0.0.5/32", "10.1.0.0/24", "2001:db8::/32"]
    for bad in ("10.0.0.5,", "proxy.example.com", "10.1.0.7/24", "*"):
        [told] = wrong(SUPPORTHUB_TRUSTED_PROXIES=bad)
        assert told == "SUPPORTHUB_TRUSTED_PROXIES must be addresses or networks such as 10.0.0.5, 10.1.0.0/24."


def test_the_desks_own_sign_in_is_whole_or_off() -> None:
    assert read({}).oidc is None
    given = read(OIDC | NEEDED)
    assert given.oidc is not None
    assert given.oidc.issuer == "https://login.example.com/desk"
    assert not given.oidc.trusts_email
    trusting = read(OIDC | NEEDED | {"SUPPORTHUB_OIDC_TRUST_EMAIL": "1"}).oidc
    assert trusting is not None
    assert trusting.trusts_email
    assert "hunter2" not in repr(given)
    assert wrong(**{"SUPPORTHUB_OIDC_CLIENT_ID": "desk"}, **NEEDED) == [
        "SUPPORTHUB_OIDC_ISSUER is missing: the desk's own sign-in needs it.",
        "SUPPORTHUB_OIDC_CLIENT_SECRET is missing: the desk's own sign-in needs it.",
    ]
    assert wrong(**OIDC) == [
        "SUPPORTHUB_SECRET_KEY is missing: the desk's own sign-in needs it.",
        "SUPPORTHUB_PUBLIC_URL is missing: the desk's own sign-in needs it.",
    ]
    [told] = wrong(**(OIDC | NEEDED | {"SUPPORTHUB_OIDC_ISSUER": "http://login.example.com"}))
    assert told.startswith("SUPPORTHUB_OIDC_ISSUER must begin with https://")


def test_the_time_to_take_words_back_is_ten_seconds_but_in_the_playground() -> None:
    assert read({}).undo == timedelta(seconds=10)
    assert read({}, mode=Mode.DEMO).undo == timedelta(0)
    for seconds in (0, 60):
        assert read({"SUPPORTHUB_UNDO_SECONDS": str(seconds)}, mode=Mode.DEMO).undo == timedelta(seconds=seconds)
    for wrong_one in ("61", "-1", "soon"):
        [told] = wrong(SUPPORTHUB_UNDO_SECONDS=wrong_one)
        assert told.startswith("SUPPORTHUB_UNDO_SECONDS ")
