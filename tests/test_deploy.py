"""deploy/: every file reads, every command in it is run as far as no container engine and no systemd are needed.

What each page promises to whoever deploys (docs/deploying.md): no root, no secret inside, slow callers cut off.
"""

import http.server
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.channel_settings import SLACK, TEAMS
from app.cli import cli
from app.mail_settings import MAIL
from app.oidc_settings import OIDC
from app.settings import OWN, read

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs/deploying.md").read_text()
KNOWN = {*OWN.values(), *SLACK.values(), *TEAMS.values(), *MAIL.values(), *OIDC.values()}
SECRET = re.compile(r"KEY|TOKEN|PASSWORD|SECRET|DATABASE_URL|SMTP_URL")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(), flags=re.M).replace("\\\n", " ")
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in text.splitlines() if line]


STEPS = instructions()
BUILD = STEPS[: [name for name, _ in STEPS].index("FROM", 1)]
FINAL = STEPS[len(BUILD) :]


def commands(stage: list[tuple[str, str]], name: str) -> list[list[str]]:
    """All in the form that needs no shell."""
    return [json.loads(rest[rest.index("[") :]) for each, rest in stage if each == name]


def environment(stage: list[tuple[str, str]]) -> dict[str, str]:
    return dict(pair.split("=", 1) for name, rest in stage if name == "ENV" for pair in shlex.split(rest))


# The image


def test_images_are_named_plainly_so_that_whoever_builds_decides_where_they_come_from() -> None:
    images = [rest.split()[0] for name, rest in STEPS if name == "FROM"]
    images += [each["image"] for each in COMPOSE["services"].values()]
    assert images
    assert all(re.fullmatch(r"[a-z]+(:[a-z0-9.-]+)?", each) for each in images), images


def test_the_image_runs_as_nobody_in_particular_and_holds_no_secret() -> None:
    (user,) = (rest for name, rest in FINAL if name == "USER")
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", user), "a number, which Kubernetes can tell from root"
    assert not [name for name in environment(STEPS) if SECRET.search(name)]
    assert not [rest for name, rest in STEPS if name == "ARG"]
    copied = {each for name, rest in FINAL if name == "COPY" for each in rest.split()}
    assert copied == {"--from=build", "/opt/supporthub", "deploy/ready.py", "/opt/supporthub/ready.py"}


def test_whatever_the_image_fetches_has_a_hash() -> None:
    installs = [each for each in commands(BUILD, "RUN") if "install" in each]
    assert len(installs) == 3
    assert all({"--require-hashes", "--no-index"} & set(each) for each in installs)
    assert all({"--only-binary", "--no-index"} & set(each) for each in installs), (
        "nothing is compiled, or run, to be installed"
    )


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build stage makes, by its own lines, in folders of ours, with the packages of the tests."""
    folder = tmp_path_factory.mktemp("image")
    source = folder / "src"
    for name, rest in BUILD:
        if name == "COPY":
            *sources, target = rest.split()
            for each in sources:
                ours = source / target / (Path(each).name if target.endswith("/") else "")
                copy(ROOT / each, ours)
    places = {"/opt/supporthub": str(folder / "supporthub"), "/dist": str(folder / "dist")}
    runs = [each for each in commands(BUILD, "RUN") if "/opt/build" not in each and "--require-hashes" not in each]
    assert len(runs) == 3
    for command in runs:
        words = [re.sub("|".join(places), lambda found: places[found[0]], word) for word in command]
        if words[0] == "/opt/build/bin/pip":
            words[:1] = [sys.executable, "-m", "pip"]
        words[0] = words[0].replace("/opt/build/bin/python", sys.executable)
        words[0] = sys.executable if words[0] == "python" else words[0]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        done = subprocess.run(words, cwd=source, env=clean, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    made = folder / f"supporthub/lib/python{sysconfig.get_python_version()}/site-packages"
    (made / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    copy(DEPLOY / "ready.py", folder / "supporthub/ready.py")
    return folder / "supporthub"


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def content(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_it_serves_says_that_it_is_ready_ends_well_and_writes_to_its_own_folder_alone(
    image: Path, tmp_path: Path
) -> None:
    (serve,), (check,) = commands(FINAL, "CMD"), commands(FINAL, "HEALTHCHECK")
    home, before = tmp_path / "home", content(image)
    home.mkdir(mode=0o700)
    around = {**environment(FINAL), "MPLCONFIGDIR": str(tmp_path / "matplotlib"), "TMPDIR": str(tmp_path)}
    around |= {"PATH": f"{image}/bin", "SUPPORTHUB_HOST": "127.0.0.1", "SUPPORTHUB_PORT": "0"}
    process = subprocess.Popen(
        [image / "bin" / serve[0], *serve[1:]],
        cwd=home,
        env=around,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert found, "it says its address when it is ready"
        around["SUPPORTHUB_PORT"] = found[1]
        around["http_proxy"] = "http://127.0.0.1:1"  # which a check of this machine must not ask
        asked = [str(image / "bin" / check[0]), *(word.replace("/opt/supporthub", str(image)) for word in check[1:])]
        assert subprocess.run(asked, env=around, cwd=home).returncode == 0
        process.terminate()
        assert process.wait(20) == 0
        assert subprocess.run(asked, env=around, cwd=home).returncode == 1
    finally:
        process.kill()
        process.wait(10)
    assert content(image) == before
    assert {path.name.removesuffix("-wal").removesuffix("-shm") for path in home.iterdir()} <= {
        "supporthub.db",
        "supporthub.db.server",
    }


class Unready(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/readyz" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def unready() -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), Unready) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_server_that_lives_and_is_not_ready_is_no_healthy_one(unready: int) -> None:
    done = subprocess.run(
        [sys.executable, "-I", DEPLOY / "ready.py"], env={"SUPPORTHUB_PORT": str(unready)}, capture_output=True
    )
    assert done.returncode == 1


# Compose


def test_two_servers_alike_on_one_database_behind_one_web_server() -> None:
    services = COMPOSE["services"]
    desks = [each for name, each in services.items() if name.startswith("desk-")]
    assert len(desks) == 2
    assert desks[0] == desks[1]
    assert services["web"]["environment"]["DESK_SERVERS"].split() == [
        f"{name}:{environment(FINAL)['SUPPORTHUB_PORT']}" for name in services if name.startswith("desk-")
    ]
    assert services["database"]["networks"] == ["back"]
    assert COMPOSE["networks"]["back"] == COMPOSE["networks"]["watch"] == {"internal": True}
    assert "watch" in desks[0]["networks"]
    assert "watch" not in services["web"]["networks"], "nobody outside reads metrics"
    assert [name for name, each in services.items() if "ports" in each] == ["web"]
    assert (ROOT / "deploy" / desks[0]["build"]["context"] / desks[0]["build"]["dockerfile"]).is_file()


def test_its_servers_may_write_nowhere_but_in_their_folder_and_gain_no_rights() -> None:
    desk = COMPOSE["services"]["desk-1"]
    assert desk["read_only"] is True
    assert desk["cap_drop"] == ["ALL"]
    assert desk["security_opt"] == ["no-new-privileges:true"]
    (home,) = (rest for name, rest in FINAL if name == "WORKDIR")
    assert [each.split(":")[1] for each in desk["volumes"]] == [home]
    assert desk["tmpfs"][0].startswith("/tmp:")
    assert desk["healthcheck"]["test"] == ["CMD", *commands(FINAL, "HEALTHCHECK")[0]]
    assert desk["stop_grace_period"] == "30s", "longer than the ten seconds in which a server ends by itself"


def test_what_compose_names_is_there_and_its_secrets_are_files(tmp_path: Path) -> None:
    for name, service in COMPOSE["services"].items():
        literal = [
            each for each in service.get("environment", {}) if SECRET.search(each) and not each.endswith("_FILE")
        ]
        assert not literal, name
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
    for each in COMPOSE["secrets"].values():
        assert f"{each['file']}" in PAGE
        ignored = subprocess.run(["git", "check-ignore", "--quiet", f"deploy/{each['file']}"], cwd=ROOT)
        assert ignored.returncode in (0, 128), "128: this is no checkout"


def test_the_settings_of_compose_are_a_working_desk_that_believes_its_web_server_alone(tmp_path: Path) -> None:
    given = dict(COMPOSE["services"]["desk-1"]["environment"])
    given["SUPPORTHUB_PUBLIC_URL"] = re.sub(r"\$\{DESK_HOST:[^}]*}", "desk.example.com", given["SUPPORTHUB_PUBLIC_URL"])
    settings = read({name: with_secrets(value, "/run/secrets", tmp_path) for name, value in given.items()})
    assert settings.replicated
    address = COMPOSE["services"]["web"]["networks"]["front"]["ipv4_address"]
    assert [str(each) for each in settings.trusted_proxies] == [f"{address}/32"]
    assert (settings.database_pool + 1) * (2 + 1) < 97, "PostgreSQL's own 100 less what it reserves"


def with_secrets(value: str, folder: str, tmp_path: Path) -> str:
    (tmp_path / "database_url").write_text("postgresql://desk:a-word@database/desk\n")
    (tmp_path / "secret_key").write_text("k" * 43 + "\n")
    (tmp_path / "metrics_token").write_text("m" * 64 + "\n")
    return value.replace(folder, str(tmp_path))


def test_every_setting_of_the_sample_is_one_and_none_is_a_secret() -> None:
    named = re.findall(r"^#? ?([A-Z_]+)=(.*)$", (DEPLOY / "desk.env.example").read_text(), re.M)
    named = [(name, value) for name, value in named if name != "NAME"]
    assert len(named) >= 6
    for name, value in named:
        assert name in KNOWN
        assert not SECRET.search(name)
        assert value
        assert value[0] not in "'\""


# The page


def test_every_file_and_command_of_the_page_is_there() -> None:
    for name in set(re.findall(r"\bdeploy/([A-Za-z.]+[a-z])", PAGE)) - {"desk.env", "secrets"}:
        assert (DEPLOY / name).exists(), name
    assert {path.name for path in DEPLOY.iterdir() if path.suffix != ".py" and path.is_file()} - {"desk.env"} <= {
        name for name in os.listdir(DEPLOY) if f"deploy/{name}" in PAGE
    }
    known = {each.name or each.callback.__name__ for each in cli.registered_commands if each.callback}
    known |= {str(each.name) for each in cli.registered_groups}
    shown = re.findall(r"^    .*?\bsupporthub ([a-z][a-z-]*)(?= |$)", PAGE, re.M)
    assert shown
    assert {each for each in shown if each not in known} <= set()
    for name in re.findall(r"\b(?:SUPPORTHUB|SLACK|MICROSOFT|TEAMS)_[A-Z_]+\b", PAGE):
        assert name.removesuffix("_FILE") in KNOWN, name
