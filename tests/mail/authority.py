"""A certificate authority of the tests' own, thrown away with them."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Authority:
    ca: bytes
    certificate: bytes
    key: bytes

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory() as folder:
            chain = Path(folder) / "chain.pem"
            chain.write_bytes(self.certificate + self.key)
            context.load_cert_chain(chain)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.ca.decode())


@cache
def authority(host: str = "localhost") -> Authority:
    now = datetime.now(UTC)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name("Tests")
    root = (
        _blank(root_name, root_name, root_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    names = (
        [x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))] if host == "localhost" else [x509.DNSName(host)]
    )
    leaf = (
        _blank(_name(host), root_name, key.public_key(), now)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Authority(root.public_bytes(Encoding.PEM), leaf.public_bytes(Encoding.PEM), private)


def _blank(subject, issuer, key, now: datetime) -> x509.CertificateBuilder:
    day = timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return made.serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + day)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
