"""Processes of the benchmarks' own, and the certificate by which they know each other."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import (
    CertificateBuilder,
    DNSName,
    IPAddress,
    Name,
    NameAttribute,
    SubjectAlternativeName,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parent.parent


@asynccontextmanager
async def process(
    folder: str, python: str, module: str, *told: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[int]]]:
    """With the ports that it tells on its first line."""
    trusted = os.environ | {"REQUESTS_CA_BUNDLE": certificate(folder), "NO_PROXY": "127.0.0.1"}
    with open(f"{folder}/{module}.log", "a+") as log:
        started = await asyncio.create_subprocess_exec(
            *(python, "-m", f"benchmarks.{module}", *told),
            cwd=ROOT,
            env=trusted,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        try:
            assert started.stdout
            if not (ports := await started.stdout.readline()):
                log.seek(0)
                raise RuntimeError(f"{module} does not start: {log.read()[-2000:]}")
            yield started, [int(port) for port in ports.split()]
        finally:
            with suppress(ProcessLookupError):
                started.kill()
            await started.wait()


def certificate(folder: str) -> str:
    """For 127.0.0.1, with its key in the same file: Microsoft's library logs in over TLS alone."""
    file = Path(folder, "certificate.pem")
    if file.exists():
        return str(file)
    key, now = generate_private_key(public_exponent=65537, key_size=2048), datetime.now(UTC)
    name = Name([NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    covered = SubjectAlternativeName([IPAddress(ip_address("127.0.0.1")), DNSName("localhost")])
    made = (
        CertificateBuilder(name, name, key.public_key(), random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(covered, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return str(file)
