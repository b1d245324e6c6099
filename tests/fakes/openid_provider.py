"""An OpenID provider: sends browsers back with a code, and signs who they are."""

import base64
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from pagefree.infra.clock import Clock
from tests.fakes.http_server import NOT_FOUND, Answer, Asked, serving

CLIENT_ID = "pagefree"
SECRET = "s3cret/with:marks"
Claims = dict[str, object]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FOREIGN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for."""

    nonce: str
    challenge: str
    redirect_uri: str


@dataclass(slots=True)
class OpenIdProvider:
    """`who` signs in; `forge` makes another token of the claims than the honest one."""

    clock: Clock
    who: Claims
    url: str = ""
    key: PrivateKey = RSA_KEY
    algorithm: str = "RS256"
    forge: Callable[[Claims], str] | None = None
    configuration: Claims = field(default_factory=dict)
    only_in_userinfo: set[str] = field(default_factory=set)
    down: bool = False
    numbered: bool = True  # tokens say by which key they are signed
    codes: dict[str, Code] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        """As the real ones answer."""
        self.asked.append(asked)
        if self.down:
            return Answer(503, {})
        pages = {
            "/.well-known/openid-configuration": self._configuration,
            "/keys": self._keys,
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }
        page = pages.get(asked.path)
        return page(asked) if page else NOT_FOUND

    def sign(self, claims: Claims, key: PrivateKey | None = None) -> str:
        """A token as it should be, or with a key of somebody else."""
        header = {"kid": "k1"} if self.numbered else {}
        return jwt.encode(claims, key or self.key, self.algorithm, header)

    def _configuration(self, _: Asked) -> Answer:
        told = {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/logout",
            "authorization_response_iss_parameter_supported": True,
        }
        return Answer(200, {**told, **self.configuration})

    def _keys(self, _: Asked) -> Answer:
        public = self.key.public_key()
        jwk = (
            RSAAlgorithm.to_jwk(public, as_dict=True)
            if isinstance(public, rsa.RSAPublicKey)
            else ECAlgorithm.to_jwk(public, as_dict=True)
        )
        return Answer(200, {"keys": [{**jwk, "kid": "k1", "use": "sig"}]})

    def _authorize(self, asked: Asked) -> Answer:
        query = asked.query
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe()
        self.codes[code] = Code(
            query["nonce"], query["code_challenge"], query["redirect_uri"]
        )
        back = {"code": code, "state": query["state"], "iss": self.url}
        return Answer(
            302, headers={"Location": f"{query['redirect_uri']}?{urlencode(back)}"}
        )

    def _token(self, asked: Asked) -> Answer:
        form = dict(parse_qsl(asked.body.decode()))
        basic = base64.b64encode(f"{CLIENT_ID}:s3cret%2Fwith%3Amarks".encode()).decode()
        assert asked.headers["authorization"] == f"Basic {basic}"
        code = self.codes.pop(form["code"], None)
        digest = sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            code is None
            or code.challenge != challenge
            or code.redirect_uri != form["redirect_uri"]
        ):
            return Answer(400, {"error": "invalid_grant"})
        at = int(self.clock().timestamp())
        claims: Claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "exp": at + 3600,
            "iat": at,
            "nonce": code.nonce,
        }
        claims |= {k: v for k, v in self.who.items() if k not in self.only_in_userinfo}
        token = self.forge(claims) if self.forge else self.sign(claims)
        return Answer(200, {"access_token": "at", "id_token": token})

    def _userinfo(self, asked: Asked) -> Answer:
        assert asked.headers["authorization"] == "Bearer at"
        return Answer(200, self.who)


@asynccontextmanager
async def openid_provider(clock: Clock, who: Claims) -> AsyncIterator[OpenIdProvider]:
    """One on a free port."""
    provider = OpenIdProvider(clock, who)
    async with serving(provider.answer) as url:
        provider.url = url
        yield provider
