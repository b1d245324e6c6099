"""What the routes of factors take and answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from pagefree.accounts.factors.passkeys import Answer
from pagefree.accounts.factors.proving import Given
from pagefree.accounts.shapes import Line
from pagefree.infra.web import Shape

Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Json = dict[str, Any]


class ChallengeOut(Shape):
    """What the browser is to pass to `navigator.credentials`, as WebAuthn's JSON."""

    challenge_id: UUID
    options: Mapping[str, object]


class PasskeyAnswer(Shape):
    """What a passkey has made of a challenge, as WebAuthn's JSON."""

    challenge_id: UUID
    credential: Json

    def answer(self) -> Answer:
        """The same for the service."""
        return Answer(self.challenge_id, self.credential)


class PasskeyIn(PasskeyAnswer):
    """A passkey that was just made."""

    name: Line


class PasskeyName(Shape):
    """Another name for a passkey."""

    name: Line


class SecondFactor(Shape):
    """One of what a person has beside the password."""

    code: Code | None = None  # of the authenticator app
    recovery_code: Code | None = None
    passkey: PasskeyAnswer | None = None

    @model_validator(mode="after")
    def _one(self) -> "SecondFactor":
        if sum(one is not None for one in self.model_dump().values()) != 1:
            raise ValueError("give exactly one proof")
        return self

    def given(self) -> Given:
        """The same for the service."""
        passkey = self.passkey.answer() if self.passkey else None
        return Given(self.code, self.recovery_code, passkey)


class Confirm(SecondFactor):
    """One's own password once more, or a code of the app, or a passkey."""

    password: Annotated[str, Field(min_length=1, max_length=1000)] | None = None


class Confirmed(Shape):
    """Until when this browser need not ask again."""

    until: datetime


class TotpOut(Shape):
    """An authenticator app."""

    confirmed_at: datetime | None
    used_at: datetime | None


class PasskeyOut(Shape):
    """A passkey, without what only the server needs."""

    id: UUID
    name: str
    backed_up: bool
    created_at: datetime
    used_at: datetime | None


class FactorsOut(Shape):
    """What one can prove oneself with."""

    password: bool
    totp: TotpOut | None
    passkeys: list[PasskeyOut]
    recovery_codes: int  # that are left
    passkeys_possible: bool  # at the address of this installation
    passkey_host: str | None  # the name in the address at which passkeys work


class EnrolmentOut(Shape):
    """What an authenticator app is to be told; shown once."""

    secret: str
    uri: str
    qr_svg: str


class TotpCode(Shape):
    """What the app shows now."""

    code: Code


class RecoveryCodes(Shape):
    """Codes that are shown only now; none where those of before still count."""

    recovery_codes: list[str]


class PasskeyMade(RecoveryCodes):
    """A new passkey, and the recovery codes that came with the first factor."""

    passkey: PasskeyOut
