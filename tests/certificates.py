"""Certificates that tests make for servers of their own."""

from datetime import timedelta
from ipaddress import IPv4Address

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from cryptography.x509.oid import NameOID

from pagefree.infra.clock import system_clock


def certificate(host: str | None = None, days: int = 1) -> bytes:
    """A certificate of this machine, or of a name, and its key, as PEM; good for so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "PageFree")])
    here = x509.IPAddress(IPv4Address("127.0.0.1"))
    address = x509.DNSName(host) if host else here
    now = system_clock()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(Encoding.PEM) + private
