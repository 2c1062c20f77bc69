"""The environment: every mistake at once, secrets never printed."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from app.settings import Mode, read
from tests.app.environment import KEY, wrong


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


def test_mistakes_are_told_in_words_for_operators() -> None:
    assert wrong(
        SUPPORTHUB_MODE="prod", SUPPORTHUB_PORT="70000", SUPPORTHUB_UNDO_SECONDS="ten", SUPPORTHUB_FILES_LARGEST="0"
    ) == [
        "SUPPORTHUB_MODE must be production, development or demo.",
        "SUPPORTHUB_PORT must be 65535 or less.",
        "SUPPORTHUB_UNDO_SECONDS must be a whole number.",
        "SUPPORTHUB_FILES_LARGEST must be 1 or more.",
    ]


@pytest.mark.parametrize("secret", ["pa/ss", "1/2", "pa#ss", "pa?ss"])
def test_a_password_that_breaks_the_address_is_told_and_not_repeated(secret: str) -> None:
    [told] = wrong(SUPPORTHUB_DATABASE_URL=f"postgresql://desk:{secret}@db.example/desk")
    assert "written as %2F" in told
    assert secret not in told
    written = f"postgresql://desk:{quote(secret, safe='')}@db.example/desk"
    assert read({"SUPPORTHUB_DATABASE_URL": written}).replicated


@pytest.mark.parametrize("nowhere", ["sqlite:///", "sqlite:///:memory:"])
def test_a_database_that_would_end_with_the_process_is_refused(nowhere: str) -> None:
    [told] = wrong(SUPPORTHUB_DATABASE_URL=nowhere)
    assert told.startswith("SUPPORTHUB_DATABASE_URL must name a file")


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
