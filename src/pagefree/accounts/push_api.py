"""What a browser has to know to be notified."""

from fastapi import APIRouter

from pagefree.accounts import push_keys
from pagefree.core.access import Can, require
from pagefree.infra.web import CurrentActor, RequestTx, SecretVault, Shape

router = APIRouter(prefix="/web-push")


class WebPush(Shape):
    """The public key to subscribe with; null where nothing is pushed, as in a demo."""

    public_key: str | None


@router.get("")
async def get_web_push(
    actor: CurrentActor, tx: RequestTx, vault: SecretVault
) -> WebPush:
    """With which key a browser subscribes; one that subscribed with another does so anew."""
    require(actor, Can.SEE)
    return WebPush(public_key=await push_keys.public_key(tx, vault))
