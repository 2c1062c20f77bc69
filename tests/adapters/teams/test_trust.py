"""Which service addresses are Teams'."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from adapters.teams.trust import Trust, Untrusted


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://smba.trafficmanager.net/amer/", "https://smba.trafficmanager.net/amer"),
        ("https://smba.trafficmanager.net", "https://smba.trafficmanager.net"),
        ("https://SMBA.TrafficManager.net:443/emea/", "https://smba.trafficmanager.net:443/emea"),
        ("https://smba.infra.gcc.teams.microsoft.com/teams/", "https://smba.infra.gcc.teams.microsoft.com/teams"),
        ("https://smba.infra.gov.teams.microsoft.us/", "https://smba.infra.gov.teams.microsoft.us"),
        ("https://europe.botframework.com/v/1%20a/", "https://europe.botframework.com/v/1%20a"),
    ],
)
def test_microsofts_own_are_trusted(url: str, base: str) -> None:
    assert Trust().base(url) == base


@pytest.mark.parametrize(
    "url",
    [
        "", "smba.trafficmanager.net", "//smba.trafficmanager.net/", "http://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/", "https://smba.trafficmanager.net:80/", "https://smba.trafficmanager.net:/",
        "https://smba.trafficmanager.net./", "https://smba.trafficmanager.net.evil.example/", "https://evil.example/",
        "https://evil.trafficmanager.net/", "https://trafficmanager.net/", "https://xsmba.trafficmanager.net/",
        "https://a.smba.trafficmanager.net/", "https://botframework.com/", "https://evilbotframework.com/",
        "https://.botframework.com/", "https://a..botframework.com/", "https://-.botframework.com/",
        "https://teams.microsoft.com/", "https://microsoft.com/", "https://x.teams.microsoft.com.evil.example/",
        "https://evil.example/smba.trafficmanager.net", "https://evil.example/?smba.trafficmanager.net",
        "https://evil.example#.botframework.com", "https://evil.example\\.botframework.com/",
        "https://evil.example%2f.botframework.com/", "https://evil.example%00.botframework.com/",
        "https://smba.trafficmanager.net@evil.example/", "https://evil.example:x@smba.trafficmanager.net/",
        "https://u@smba.trafficmanager.net/", "https:///smba.trafficmanager.net/", "https:smba.trafficmanager.net/",
        "https:\\\\smba.trafficmanager.net/", " https://smba.trafficmanager.net/", "https://smba.trafficmanager.net/\n",
        "https://smba.trafficmanager.net/?x=1", "https://smba.trafficmanager.net/#x", "https://smba.trafficmanager.net/\\@e",
        "https://smba．trafficmanager．net/", "https://smba。trafficmanager.net/", "https://ſmba.trafficmanager.net/",
        "https://ѕmba.trafficmanager.net/", "https://xn--mba-1ed.trafficmanager.net/", "https://smba.trafficmanager.nеt/",
        "http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "http://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/", "file:///etc/passwd", "ftp://smba.trafficmanager.net/", "https://smba.trafficmanager.net:99999/",
        "https://smba.trafficmanager.net/" + "a" * 500,
    ],
)  # fmt: skip
def test_nobody_elses_are(url: str) -> None:
    with pytest.raises(Untrusted):
        Trust(["connector.example.com"]).base(url)


def test_more_hosts_can_be_trusted_each_over_https_and_its_own_port() -> None:
    trust = Trust(["connector.example.com", "*.Other.example", "https://odd.example:8443"])
    for url in ("https://connector.example.com/x", "https://a.b.other.example", "https://odd.example:8443/v"):
        assert trust.base(url) == url
    for url in ("http://connector.example.com/", "https://connector.example.com:8443/", "https://other.example/",
                "https://odd.example/", "https://a.connector.example.com/"):  # fmt: skip
        with pytest.raises(Untrusted):
            trust.base(url)


def test_a_server_on_this_machine_can_play_teams_in_development_only() -> None:
    for entry in ("127.0.0.1", "http://127.0.0.1", "127.0.0.1:9000", "http://127.0.0.1:9000/"):
        assert Trust([entry], development=True).base("http://127.0.0.1:9000/amer/") == "http://127.0.0.1:9000/amer"
    assert Trust(["[::1]"], development=True).base("http://[::1]:9000/") == "http://[::1]:9000"
    for entry in ("127.0.0.1", "127.0.0.1:9000", "https://127.0.0.1:9000"):
        with pytest.raises(Untrusted):
            Trust([entry]).base("http://127.0.0.1:9000/amer/")
    with pytest.raises(ValueError, match="development"):
        Trust(["http://127.0.0.1:9000"])
    with pytest.raises(Untrusted):
        Trust(["127.0.0.1:9000"], development=True).base("http://127.0.0.1:9001/")


def test_development_opens_nothing_of_microsofts() -> None:
    for url in ("http://smba.trafficmanager.net/", "https://smba.trafficmanager.net:8443/"):
        with pytest.raises(Untrusted):
            Trust(development=True).base(url)


@pytest.mark.parametrize(
    "entry",
    ["", "*", "*.com", "a b", "host/path", "https://", "ftp://x.example", "u@x.example", "x.example:0", 
     "x.example:99999", "*.", "x_y.example", "x.example.", "ex*mple.com", "**.example.com", "exämple.com"],
)  # fmt: skip
def test_an_entry_that_is_no_host_is_told(entry: str) -> None:
    with pytest.raises(ValueError, match="must be hosts such as"):
        Trust([entry])


PIECES = st.sampled_from(
    ["https://", "http://", "smba.trafficmanager.net", ".botframework.com", "evil.example", "@", ":", "443", "/", "\\",
     "?", "#", ".", "%2e", "%00", "[::1]", "127.0.0.1", "xn--", "a", "\t", "。", "ﬀ"]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=8).map("".join) | st.text(max_size=50))
def test_whatever_is_trusted_leads_to_microsoft_by_the_clients_own_reading(url: str) -> None:
    try:
        base = Trust().base(url)
    except Untrusted:
        return
    read = URL(f"{base}/v3/conversations", encoded=True)
    assert (read.scheme, read.port, read.user) == ("https", 443, None)
    assert read.host == "smba.trafficmanager.net" or str(read.host).endswith(".botframework.com")
