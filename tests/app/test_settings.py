"""The environment: every mistake at once, secrets never printed."""

from pathlib import Path

import pytest

from app.settings import Misconfigured, Mode, read


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
