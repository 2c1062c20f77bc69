"""The audit of the locks never passes without having looked."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploy import audit
from deploy.sbom import pins
from tests.world import ROOT

LOCKS = [ROOT / f"requirements/{name}.txt" for name in audit.LOCKS]


@contextmanager
def advisories(answer: Any) -> Iterator[tuple[str, list[Any]]]:
    """A database of advisories on this machine: its address, and what it was asked."""
    asked: list[Any] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, body))
            said = answer(body) if callable(answer) else answer
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def results(body: Any) -> Any:
    """Something is known against aiohttp alone."""
    bad = [{"vulns": [{"id": "OSV-1"}]} if "/aiohttp@" in one["package"]["purl"] else {} for one in body["queries"]]
    return {"results": bad}


def test_every_pin_of_every_lock_is_asked_about_and_what_is_known_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with advisories(results) as (service, asked):
        assert audit.main(service, LOCKS) == 1
    told = capsys.readouterr().out
    assert re.search(r"^aiohttp [\d.]+: OSV-1  http.*/v1/vulns/OSV-1$", told, re.M)
    named = {one["package"]["purl"] for path, body in asked for one in body["queries"] if path == "/v1/querybatch"}
    assert named == {pin.ref for lock in LOCKS for pin in pins(lock.read_text())}
    assert f"{len(named)} packages, something is known against 1 of them" in told


def test_nothing_known_is_a_good_end(capsys: pytest.CaptureFixture[str]) -> None:
    with advisories(lambda body: {"results": [{}] * len(body["queries"])}) as (service, _):
        assert audit.main(service, LOCKS[:1]) == 0
    assert "something is known against 0 of them" in capsys.readouterr().out


@pytest.mark.parametrize("answer", [{"results": []}, {}, [1]])
def test_an_answer_to_something_else_is_none(answer: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with advisories(answer) as (service, _):
        assert audit.main(service, LOCKS[:1]) == 2
    assert "nothing was audited" in capsys.readouterr().err


def test_without_an_answer_nothing_was_audited(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for service in ("http://127.0.0.1:9", "http://advisories.example", "file:///etc"):
        assert audit.main(service, LOCKS[:1]) == 2
    assert audit.main("https://127.0.0.1:9", [tmp_path / "none.txt"]) == 2
    assert capsys.readouterr().err.count("audit: nothing was audited") == 4
