"""The one typed reading of the environment: every mistake at once, no secret in any message."""

import difflib
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

PREFIX = "SUPPORTHUB_"
HERE = Path(__file__).parent.parent


class Mode(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"
    DEMO = "demo"


class Misconfigured(Exception):
    """All that is wrong with the environment, a sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


class Settings(BaseModel):
    """A field a variable: ``SUPPORTHUB_DATABASE_URL`` is ``database_url``. Each may come from a file: ``…_FILE``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: SecretStr = SecretStr("sqlite:///supporthub.db")
    mode: Mode = Mode.PRODUCTION
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3978
    catalogues: Path = HERE / "catalogues"
    knowledge: Path = HERE / "knowledge"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("catalogues", "knowledge")
    @classmethod
    def _folder(cls, path: Path) -> Path:
        if not path.is_dir():
            raise ValueError("must be a folder")
        return path


def read(environment: Mapping[str, str] = os.environ, **fixed: Any) -> Settings:
    """The settings, with ``fixed`` ones decided by the command; raises Misconfigured."""
    wrong: list[str] = []
    values: dict[str, Any] = {}
    for name, raw in environment.items():
        if not name.startswith(PREFIX) or name.startswith(f"{PREFIX}TEST_"):
            continue
        field = name.removeprefix(PREFIX).removesuffix("_FILE").lower()
        if field not in Settings.model_fields:
            wrong.append(f"{name} is not a setting of this release.{_meant(field)}")
        elif name.endswith("_FILE"):
            _from_file(name, raw, field, values, wrong)
        elif f"{name}_FILE" in environment:
            wrong.append(f"{name} and {name}_FILE are both set: keep one.")
        else:
            values[field] = raw
    return _checked(values | fixed, wrong, environment)


def _from_file(name: str, path: str, field: str, values: dict[str, Any], wrong: list[str]) -> None:
    try:
        values[field] = Path(path).read_text().strip()
    except OSError as error:
        wrong.append(f"{name}: {error.strerror}.")


def _checked(values: dict[str, Any], wrong: list[str], environment: Mapping[str, str]) -> Settings:
    settings = None
    try:
        settings = Settings(**values)
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False):
            wrong.append(f"{PREFIX}{str(one['loc'][0]).upper()} {one['msg'].removeprefix('Value error, ')}.")
    if environment.get("FAILPOINT") and values.get("mode") not in (Mode.DEVELOPMENT, Mode.DEMO):
        wrong.append("FAILPOINT makes the server die on purpose: it is refused outside development.")
    if wrong or settings is None:
        raise Misconfigured(wrong)
    return settings


def _meant(field: str) -> str:
    near = difflib.get_close_matches(field, Settings.model_fields, n=1)
    return f" Did you mean {PREFIX}{near[0].upper()}?" if near else ""
