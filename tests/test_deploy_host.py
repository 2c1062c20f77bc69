"""What deploy/ has for a machine without containers: the systemd unit, its command by hand, the web server in front."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import cli
from app.settings import read
from tests.test_deploy import DEPLOY, KNOWN, SECRET, with_secrets


def sections(text: str) -> dict[str, list[tuple[str, str]]]:
    """Of a unit, in which a name may stand several times."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            here = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            name, value = line.split("=", 1)
            here.append((name, value))
    return found


UNIT = (DEPLOY / "supporthub.service").read_text()
SERVICE = sections(UNIT)["Service"]


def all_of(name: str) -> list[str]:
    return [value for each, value in SERVICE if each == name]


def test_the_unit_locks_the_server_in_and_hands_it_its_secrets(tmp_path: Path) -> None:
    for name, value in {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "StateDirectory": "supporthub supporthub/files",
        "StateDirectoryMode": "0700",
        "TimeoutStopSec": "30",
        "User": "supporthub",
        "CapabilityBoundingSet": "",
    }.items():
        assert all_of(name) == [value]
    loaded = {each.split(":")[0] for each in all_of("LoadCredential")}
    given = dict(each.split("=", 1) for each in all_of("Environment"))
    assert {Path(value).name for name, value in given.items() if name.endswith("_FILE")} == loaded
    assert not [name for name in given if SECRET.search(name) and not name.endswith("_FILE")]
    ours = {
        name: with_secrets(value, "%d", tmp_path) for name, value in given.items() if name in KNOWN or "_FILE" in name
    }
    assert read(ours).replicated
    (command,) = all_of("ExecStart")
    assert Path(command.split()[0]).name == "supporthub"
    assert command.split()[1] in {
        each.name or each.callback.__name__ for each in cli.registered_commands if each.callback
    }


def test_drawing_may_lower_its_own_priority_under_the_unit() -> None:
    """app/drawing.py calls nice: without @resources its process would be refused it."""
    assert all_of("SystemCallFilter") == ["@system-service", "~@privileged"]
    assert all_of("SystemCallErrorNumber") == ["EPERM"]


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze on this machine")
    unit = tmp_path / "supporthub.service"
    unit.write_text(UNIT.replace("/opt/supporthub/bin/supporthub", str(Path(sys.executable).with_name("supporthub"))))
    done = subprocess.run(
        [analyze, "verify", "--man=no", "--recursive-errors=no", unit], capture_output=True, text=True
    )
    told = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, told) == (0, []), done.stderr


def test_a_command_by_hand_has_the_services_account_settings_and_secrets(tmp_path: Path) -> None:
    """With a stand-in for systemd-run that does what it is documented to do with them: no systemd runs here."""
    (tmp_path / "supporthub").write_text(
        '#!/bin/sh\nprintf "%s\\n" "$SUPPORTHUB_DATABASE_URL_FILE" "$SUPPORTHUB_SECRET_KEY_FILE" "$@"\n'
    )
    (tmp_path / "systemd-run").write_text(
        f'#!/bin/sh\nwhile [ "$1" != /bin/sh ]; do echo "$1" >> {tmp_path}/told; shift; done\n'
        'CREDENTIALS_DIRECTORY=/creds exec "$@"\n'
    )
    script = (DEPLOY / "supporthub.sh").read_text().replace("/opt/supporthub/bin", str(tmp_path))
    (tmp_path / "script").write_text(script)
    for name in ("supporthub", "systemd-run", "script"):
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        [tmp_path / "script", "erase", "person", "Ann Lee"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["/creds/database_url", "/creds/secret_key", "erase", "person", "Ann Lee"]
    told = (tmp_path / "told").read_text().split()
    assert {each.removeprefix("LoadCredential=") for each in told if "LoadCredential" in each} == set(
        all_of("LoadCredential")
    )
    assert f"EnvironmentFile={all_of('EnvironmentFile')[0]}" in told
    assert told[told.index("--uid") + 1] == all_of("User")[0]


# The web server before it


def directives(text: str) -> dict[str, list[str]]:
    """Of nginx: every name with what follows it; each line ends as nginx wants it."""
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    assert all(line[-1] in ";{}" for line in lines if line)
    assert sum(line.count("{") for line in lines) == sum(line.count("}") for line in lines)
    found: dict[str, list[str]] = {}
    for one in re.findall(r"([a-z_]+) ([^;{}]*);", "\n".join(lines)):
        found.setdefault(one[0], []).append(one[1])
    return found


def test_nginx_cuts_off_whoever_sends_slowly_and_lets_nobody_invent_an_address() -> None:
    found = directives((DEPLOY / "nginx.conf").read_text())
    assert found["client_header_timeout"] == found["client_body_timeout"] == ["10s"]
    assert found["client_max_body_size"] == ["1m"]
    assert "X-Forwarded-For $remote_addr" in found["proxy_set_header"]
    assert not [each for each in found["proxy_next_upstream"] if "non_idempotent" in each]


def test_nginx_takes_its_sample(tmp_path: Path) -> None:
    nginx, openssl = shutil.which("nginx"), shutil.which("openssl")
    if nginx is None or openssl is None:
        pytest.skip("there is no nginx on this machine")
    make = "req -x509 -newkey rsa:2048 -nodes -subj /CN=desk.example.com -keyout privkey.pem -out fullchain.pem"
    subprocess.run([openssl, *make.split()], cwd=tmp_path, check=True, capture_output=True)
    sample = (DEPLOY / "nginx.conf").read_text().replace("/etc/ssl/desk.example.com", str(tmp_path))
    kept = " ".join(
        f"{one}_temp_path {tmp_path}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {kept} {sample} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run([nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_caddy_cuts_off_whoever_sends_slowly() -> None:
    text = re.sub(r"#.*", "", (DEPLOY / "Caddyfile").read_text())
    assert text.count("{") == text.count("}")
    for line in ("read_header 10s", "read_body 10s", "max_size 1MB", "health_uri /readyz", "health_interval 1s"):
        assert line in text
    assert "trusted_proxies" not in text, "with any, Caddy would believe what they are told of X-Forwarded-For"


def test_caddy_takes_its_sample() -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("there is no Caddy on this machine")
    done = subprocess.run([caddy, "adapt", "--config", DEPLOY / "Caddyfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr.lower(), done.stderr


def test_what_no_sample_shows_to_the_world_is_what_the_server_answers_to_its_balancer() -> None:
    nginx, caddy = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "Caddyfile").read_text()
    for path in ("/healthz", "/readyz", "/metrics"):
        assert f"location = {path} {{ return 404; }}" in nginx
        assert re.search(rf"@inner path .*{path}\b", caddy)
