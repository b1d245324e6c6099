"""The routes of accounts; what they take and answer is in shapes.py."""

from fastapi import APIRouter

from pagefree.accounts import (
    confirmation_api,
    contact_api,
    invitation_api,
    people_api,
    push_api,
    service_account_api,
    session_api,
)
from pagefree.accounts.factors import api as factor_api
from pagefree.accounts.factors import entry_api, link_api
from pagefree.accounts.oidc import api as oidc_api
from pagefree.accounts.oidc import identity_api, provider_api
from pagefree.accounts.scim import token_api

router = APIRouter(prefix="/v1", tags=["accounts"])
router.include_router(session_api.router)
router.include_router(confirmation_api.router)
router.include_router(factor_api.router)
router.include_router(entry_api.router)
router.include_router(link_api.router)
router.include_router(people_api.router)
router.include_router(contact_api.router)
router.include_router(push_api.router)
router.include_router(oidc_api.router)
router.include_router(provider_api.router)
router.include_router(identity_api.router)
router.include_router(token_api.router)
router.include_router(service_account_api.router)
router.include_router(invitation_api.router)
