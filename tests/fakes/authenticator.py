"""A passkey in software: signs like a phone would, and lies where a test wants it to."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
COORDINATE_BYTES = 32
Json = dict[str, Any]


@dataclass(slots=True)
class Authenticator:
    """One passkey; https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data."""

    origin: str
    host: str
    verified: bool = True  # the person, e.g. by their finger
    count: int = 0
    user_handle: bytes = b""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: Json) -> Json:
        """What `navigator.credentials.create` answers."""
        self.user_handle = base64url_to_bytes(options["user"]["id"])
        data = self._data(ATTESTED) + bytes(16)  # of no known maker
        data += len(self.id).to_bytes(2) + self.id + self._public()
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", options),
                "attestationObject": bytes_to_base64url(attested),
                "transports": ["internal"],
            }
        )

    def sign(self, options: Json) -> Json:
        """What `navigator.credentials.get` answers."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data()
        signed = data + sha256(base64url_to_bytes(client)).digest()
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(
                    self.key.sign(signed, ec.ECDSA(SHA256()))
                ),
                "userHandle": bytes_to_base64url(self.user_handle),
            }
        )

    def _answer(self, response: Json) -> Json:
        name = bytes_to_base64url(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _client(self, kind: str, options: Json) -> str:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return bytes_to_base64url(json.dumps(said).encode())

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        host = sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4)

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = (one.to_bytes(COORDINATE_BYTES) for one in (point.x, point.y))
        # RFC 9053: kty EC2, alg ES256, crv P-256
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
