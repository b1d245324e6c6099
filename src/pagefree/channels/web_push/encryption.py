"""A message that only one browser can read: RFC 8291, with the encoding of RFC 8188."""

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
SALT_BYTES, KEY_BYTES, NONCE_BYTES, SECRET_BYTES = 16, 16, 12, 32
RECORD_SIZE = 4096
LAST_RECORD = b"\x02"  # RFC 8188 section 2: there is only one
LONGEST = 3993  # bytes of plain text that make 4096, which push services must take


def encrypt(plain: bytes, p256dh: bytes, auth: bytes) -> bytes:
    """`plain` for the browser with this key and secret. Raises ValueError if it is no key."""
    if len(plain) > LONGEST:
        raise ValueError("the message is too long")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    ours = ec.generate_private_key(CURVE)
    point = ours.public_key().public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = _derive(shared, auth, b"WebPush: info\0" + p256dh + point, SECRET_BYTES)
    salt = os.urandom(SALT_BYTES)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", KEY_BYTES)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", NONCE_BYTES)
    header = salt + RECORD_SIZE.to_bytes(4) + len(point).to_bytes(1) + point
    return header + AESGCM(key).encrypt(nonce, plain + LAST_RECORD, None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
