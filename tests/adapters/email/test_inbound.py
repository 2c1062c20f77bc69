"""When it was written, whether somebody vouches for it, what is cut off; and that nothing can make it fall."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.email.body import stripped
from adapters.email.inbound import House, read
from adapters.email.quoted import fresh
from bot.incoming import Incoming, Returned, Written

NOW = datetime(2026, 1, 19, 14, tzinfo=UTC)
MX, WE = "mx.desk.example", "northwind.example"
US = House("support@desk.example", MX)


def heard(text: str = "The form is broken", sender: str | None = None, **headers: str) -> Incoming:
    head = {"From": "ann@northwind.example", "Date": format_datetime(NOW), "Message_ID": "<1@their.example>", **headers}
    raw = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items() if value) + f"\r\n{text}"
    incoming = read(raw.encode("utf-8", "surrogateescape"), sender, NOW, US)
    assert incoming is not None
    return incoming


def passed(*ago: timedelta) -> str:
    """Received headers, topmost first, as one value."""
    lines = [f"from a by b with SMTP id x; {format_datetime(NOW - each)}" for each in ago]
    return "\r\nReceived: ".join(lines)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("date", "received", "at"),
    [
        (NOW - HOUR, passed(MINUTE), NOW - HOUR),
        (NOW - DAY, passed(MINUTE, HOUR), NOW - DAY),
        (NOW + MINUTE, passed(MINUTE), NOW - MINUTE),
        (NOW - 10 * DAY, passed(MINUTE, HOUR), NOW - MINUTE),
        (None, passed(MINUTE, HOUR), NOW - MINUTE),
        (None, "", NOW),
        (NOW - HOUR, "", NOW - HOUR),
        (NOW - 30 * DAY, passed(30 * DAY), NOW),
    ],
)
def test_the_clock_starts_when_it_was_written_as_far_as_servers_bear_it_out(date, received: str, at: datetime) -> None:
    assert heard(Date=format_datetime(date) if date else "", Received=received).at == at


@pytest.mark.parametrize(
    ("line", "proven"),
    [
        (f"{MX}; dmarc=pass header.from=northwind.example", True),
        (f"{MX.upper()} 1; spf=fail; dmarc=pass (p=none dis=none) header.from=Northwind.example", True),
        (f"{MX};\r\n\tdkim=pass (2048-bit key) header.d=northwind.example header.s=x", True),
        (f"{MX}; spf=pass smtp.mailfrom=bounce@northwind.example", True),
        (f"{MX}; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=m@evil.example", False),
        (f"{MX}; dkim=pass header.d=example", False),
        (f"{MX}; dkim=pass header.d=wind.example", False),
        (f"{MX}; dmarc=fail header.from=northwind.example", False),
        (f"{MX}; dmarc=pass header.from=evil.example", False),
        (f"{MX}; dmarc=pass", False),
        (f"{MX}; dmarc=none; dkim=neutral header.d=northwind.example", False),
        (f"{MX}; spf=fail (dmarc=pass; header.from=northwind.example) smtp.mailfrom=x@evil.example", False),
        (f'{MX}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=northwind.example"@evil.example', False),
        (f'{MX}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=northwind.example; y"@evil.example', False),
        (f"{MX}; spf=softfail (a (b; dmarc=pass) c) smtp.mailfrom=ann@northwind.example", False),
        (f"{MX}; spf=pass smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass_header.from=3D{WE}_?=@evil.example", False),
        (f"{MX}; spf=pass smtp.mailfrom=x@evil.example smtp.helo=smtp.mailfrom=x@{WE}", False),
        (f"{MX}; dkim=pass header.d=evil.example header.s=header.d={WE}", False),
        ("mx.evil.example; dmarc=pass header.from=northwind.example", False),
        (f"{MX}.evil.example; dmarc=pass header.from=northwind.example", False),
        (f"{MX}; none\r\nAuthentication-Results: {MX}; dmarc=pass header.from=northwind.example", False),
        ("", False),
    ],
)
def test_only_the_operators_own_mail_system_vouches_and_only_for_the_senders_domain(line: str, proven: bool) -> None:
    body = heard(Authentication_Results=line).body
    assert isinstance(body, Written)
    assert body.proven is proven


def test_of_ours_the_one_that_came_back_is_meant_and_none_that_it_refers_to() -> None:
    """A second mail about a case names the first, which arrived."""
    first, second = (f"<m{number}.{'0' * 20}@desk.example>" for number in (12, 99))
    for head in (f"Message-ID: {second}\r\nReferences: {first}", f"References: {first}\r\nMessage-ID:\r\n {second}"):
        report = 'Content-Type: multipart/report; report-type=delivery-status; boundary="B"'
        incoming = read(f"{report}\r\n\r\n--B\r\n\r\n{head}\r\n--B--".encode(), "", NOW, US)
        assert incoming is not None
        assert isinstance(incoming.body, Returned)
        assert incoming.body.key == "m99"


def test_a_mail_of_several_authors_is_nobodys_word() -> None:
    line = f"{MX}; dmarc=pass header.from=northwind.example"
    for several in (
        "ann@northwind.example, bob@northwind.example",
        "ann@northwind.example\r\nFrom: bob@northwind.example",
    ):
        body = heard(Authentication_Results=line, From=several).body
        assert isinstance(body, Written)
        assert not body.proven


def test_without_a_name_to_believe_nobody_is_believed() -> None:
    raw = f"From: a@x.example\r\nAuthentication-Results: {MX}; dmarc=pass\r\n\r\nhi".encode()
    incoming = read(raw, None, NOW, House("support@desk.example"))
    assert incoming is not None
    assert isinstance(incoming.body, Written)
    assert not incoming.body.proven


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("Ann <ANN@Northwind.Example>", "ann@northwind.example"),
        ('"ann@northwind.example" <eve@evil.example>', "eve@evil.example"),
        ("ann@northwind.example <eve@evil.example>", "eve@evil.example"),
        ("eve@evil.example, ann@northwind.example <ann@northwind.example>", "eve@evil.example"),
        ("ann@northwind.example (Ann)", "ann@northwind.example"),
        ("undisclosed", ""),
        ("<>", ""),
        ("ann@northwind.example@evil.example", ""),
    ],
)
def test_the_address_counts_and_not_the_name(sender: str, address: str) -> None:
    assert heard(From=sender).by.id == address


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    assert heard(Message_ID="").key == heard(Message_ID="").key != heard("other", Message_ID="").key


@pytest.mark.parametrize("text", ["Thanks -- Ann", "a\n-- \n" + "line\n" * 20, "-- \nonly a signature"])
def test_what_is_no_signature_stays(text: str) -> None:
    assert fresh(text, "", True) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Hello\n\nFrom: the beginning it was slow\nTo: the end, too",
        "> quoted by me\n\nand my words below",
        "He wrote: it is broken",
        "-----Original Message-----\nonly a quotation",
    ],
)
def test_words_that_only_look_like_a_history_stay(text: str) -> None:
    assert fresh(text, "Re: x", True) == text


def test_a_first_mail_is_kept_whole() -> None:
    text = "See:\n\nOn 1 Jan Bob wrote:\n> Error 500"
    assert fresh(text, "Problem", False) == text
    assert fresh(text, "Fwd: Problem", True) == text
    assert fresh(text, "Re: Problem", True) == "See:"


@given(st.binary(max_size=2000))
@example(b"From: =?utf-8?q?=\r\n\r\n")
@example(b"From: a@b\r\nContent-Type: multipart/mixed; boundary\r\n\r\n--\r\n")
@example(b"From: a@b.c\r\nContent-Type: multipart/report; report-type*0*=x''%ff\r\n\r\n")
@example(b'From: "\\"@x.example\r\nDate: 99 Foo 99999 99:99:99 +99999\r\n\r\n')
@example(b"Content-Disposition: attachment; filename*0*=utf-9''%\r\nFrom: a@b.c\r\n\r\nx")
def test_no_bytes_make_it_fall(raw: bytes) -> None:
    read(raw, None, NOW, US)


WORDS = st.sampled_from(
    [
        "From",
        "Date",
        "Received",
        "References",
        "Message-ID",
        "Content-Type",
        "Subject",
        "Authentication-Results",
        "Content-Disposition",
    ]
)


LINE = st.binary(max_size=80).map(lambda line: line.replace(b"\r", b"").replace(b"\n", b""))


@given(st.lists(st.tuples(WORDS, LINE), max_size=8), st.binary(max_size=200))
def test_no_headers_make_it_fall(headers: list[tuple[str, bytes]], text: bytes) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers)
    incoming = read(raw + b"\r\n" + text, "x@y.example", NOW, US)
    assert incoming is None or incoming.cleaned().at <= NOW


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("html", "<a " * 300_000),
        ("html", "<!--" * 200_000),
        ("html", "<a b='" * 150_000),
        ("plain", "1 " + "wrote " * 160_000 + "\r\n> x"),
    ],
)
def test_no_mail_keeps_the_desk_busy_for_hours(kind: str, text: str) -> None:
    assert isinstance(heard(text, Subject="Re: [#1001] Form", Content_Type=f"text/{kind}").body, Written)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>1 < 2 <b>and</b> 3 > 2</p>", "1 < 2 and 3 > 2"),
        ("a<!-- <p>unseen</p> -->b", "ab"),
        ("<!--[if !mso]><!-->seen<!--<![endif]--> too", "seen too"),
        (f'<p>see <img src="data:image/png;base64,{"A" * 5000}"> above</p>', "see above"),
        ("<!-- never closed", "<!-- never closed"),
    ],
)
def test_html_is_read_as_words(html: str, words: str) -> None:
    assert stripped(html) == words


def test_a_deep_nest_and_a_long_text_come_to_an_end() -> None:
    raw = b"From: a@b.example\r\n"
    for n in range(300):
        raw += b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
    assert read(raw + b"\r\nhello", None, NOW, US) is not None
    long = heard("x" * 3_000_000).cleaned().body
    assert isinstance(long, Written)
    assert len(long.text) == 40_000
