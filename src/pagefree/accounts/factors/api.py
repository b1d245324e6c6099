"""Routes of one's own factors, and of admins for who has lost theirs."""

from uuid import UUID

from fastapi import APIRouter, Response

from pagefree.accounts import credentials
from pagefree.accounts.factors import passkeys, service
from pagefree.accounts.factors.shapes import (
    ChallengeOut,
    EnrolmentOut,
    FactorsOut,
    PasskeyIn,
    PasskeyMade,
    PasskeyName,
    PasskeyOut,
    RecoveryCodes,
    TotpCode,
    TotpOut,
)
from pagefree.accounts.stepping_up import CONFIRMED
from pagefree.infra.web import BaseUrl, CurrentActor, Now, RequestTx, SecretVault

router = APIRouter()
ONLY_NOW = {"Cache-Control": "no-store"}  # secrets that are shown once


@router.get("/me/factors")
async def get_my_factors(
    actor: CurrentActor, tx: RequestTx, base_url: BaseUrl
) -> FactorsOut:
    """What one can prove oneself with."""
    own = await service.get(tx, actor)
    site = passkeys.site_of(base_url)
    return FactorsOut(
        password=await credentials.password_hash(tx, actor.user_id) is not None,
        totp=TotpOut.model_validate(own.totp) if own.totp else None,
        passkeys=[PasskeyOut.model_validate(one) for one in own.passkeys],
        recovery_codes=own.recovery_codes,
        passkeys_possible=site is not None,
        passkey_host=site.id if site else None,
    )


@router.post("/me/totp", dependencies=[CONFIRMED])
async def begin_totp(
    response: Response,
    actor: CurrentActor,
    tx: RequestTx,
    vault: SecretVault,
    now: Now,
) -> EnrolmentOut:
    """A secret for an authenticator app; it counts once a code of it is given."""
    response.headers.update(ONLY_NOW)
    made = await service.begin_totp(tx, actor, vault, now)
    return EnrolmentOut.model_validate(made)


@router.put("/me/totp/confirmation", dependencies=[CONFIRMED])
async def confirm_totp(
    body: TotpCode,
    response: Response,
    actor: CurrentActor,
    tx: RequestTx,
    vault: SecretVault,
    now: Now,
) -> RecoveryCodes:
    """The app counts from now on; recovery codes if there were none."""
    response.headers.update(ONLY_NOW)
    codes = await service.confirm_totp(tx, actor, body.code, vault, now)
    return RecoveryCodes(recovery_codes=codes)


@router.delete("/me/totp", status_code=204, dependencies=[CONFIRMED])
async def remove_totp(actor: CurrentActor, tx: RequestTx, now: Now) -> None:
    """No code of the app counts any more."""
    await service.remove_totp(tx, actor, now)


@router.post("/me/recovery-codes", dependencies=[CONFIRMED])
async def renew_recovery_codes(
    response: Response, actor: CurrentActor, tx: RequestTx, now: Now
) -> RecoveryCodes:
    """Other recovery codes; those of before count no more."""
    response.headers.update(ONLY_NOW)
    return RecoveryCodes(recovery_codes=await service.renew_codes(tx, actor, now))


@router.post("/me/passkeys/challenge", dependencies=[CONFIRMED])
async def ask_to_make_passkey(
    actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> ChallengeOut:
    """What the browser needs to make a passkey."""
    site = passkeys.require_site(base_url)
    asked = await service.ask_passkey(tx, actor, site, now)
    return ChallengeOut.model_validate(asked)


@router.post("/me/passkeys", status_code=201, dependencies=[CONFIRMED])
async def add_passkey(
    body: PasskeyIn,
    response: Response,
    actor: CurrentActor,
    tx: RequestTx,
    base_url: BaseUrl,
    now: Now,
) -> PasskeyMade:
    """Keep the passkey that was made; recovery codes if there were none."""
    response.headers.update(ONLY_NOW)
    site = passkeys.require_site(base_url)
    made, codes = await service.add_passkey(
        tx, actor, site, body.name, body.answer(), now
    )
    return PasskeyMade(passkey=PasskeyOut.model_validate(made), recovery_codes=codes)


@router.patch("/me/passkeys/{passkey_id}", status_code=204)
async def rename_passkey(
    passkey_id: UUID, body: PasskeyName, actor: CurrentActor, tx: RequestTx
) -> None:
    """Give a passkey another name."""
    await service.rename_passkey(tx, actor, passkey_id, body.name)


@router.delete("/me/passkeys/{passkey_id}", status_code=204, dependencies=[CONFIRMED])
async def remove_passkey(
    passkey_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Nobody signs in with this passkey any more."""
    await service.remove_passkey(tx, actor, passkey_id, now)


@router.delete("/users/{user_id}/factors", status_code=204, dependencies=[CONFIRMED])
async def reset_factors(
    user_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Remove all of somebody's factors, who is told; never one's own."""
    await service.reset(tx, actor, user_id, now)
