"""The HTTP API as one app: the features' routes, what they need, and how errors answer."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncEngine

import pagefree
from pagefree.accounts import api as accounts
from pagefree.accounts import authentication
from pagefree.accounts.oidc.discovery import Discovery
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.scim import api as scim
from pagefree.accounts.throttle import Throttle
from pagefree.alerts import api as alerts
from pagefree.alerts import health_api, mapping_api, opsgenie_api, rehearsal_api
from pagefree.app import (
    api_docs,
    demo_api,
    health,
    limits_api,
    operations_api,
    tickets_api,
    undo_api,
)
from pagefree.app.figures import Figures
from pagefree.app.idempotency import Idempotency
from pagefree.app.limits import ApiLimits, RateLimits, counted
from pagefree.app.middleware import BodyLimit, Failures, RequestLog, SecurityHeaders
from pagefree.app.operations import Watched
from pagefree.app.web_files import WEB_DIST, WebFiles
from pagefree.audit import api as audit
from pagefree.channels.base import Transports
from pagefree.escalation import api as escalation
from pagefree.explain import api as explain
from pagefree.heartbeats import api as heartbeats
from pagefree.incidents import api as incidents
from pagefree.incidents import callback_api, context_api, noise_api, pages
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Vault
from pagefree.infra.http import GuardedClient
from pagefree.infra.web import Authenticate, Problem, install_error_answers
from pagefree.insights import api as insights
from pagefree.insights import mailed_api, mailing_pages
from pagefree.maintenance import api as maintenance
from pagefree.notifications import api as notifications
from pagefree.notifications import (
    channel_api,
    delivery_log_api,
    digest_pages,
    preference_api,
    proof_api,
    room_api,
)
from pagefree.partners import api as partners
from pagefree.partners import entrance, portal, record_api
from pagefree.partners.limits import Limits as PartnerLimits
from pagefree.partners.windows import Windows
from pagefree.postmortems import api as postmortems
from pagefree.postmortems import editing_api, item_api
from pagefree.retention import api as retention
from pagefree.routing import api as routing
from pagefree.runbooks import api as runbooks
from pagefree.runbooks import connection_api, emergency_api, run_api
from pagefree.schedules import api as schedules
from pagefree.schedules import feed_api, handover_api, override_api, time_off_api
from pagefree.services import (
    alert_setting_api,
    directory_api,
    map_api,
    signing_api,
    transfer_api,
)
from pagefree.services import api as services
from pagefree.status_pages import api as status_pages
from pagefree.status_pages import pages as status_page_pages
from pagefree.status_pages import push_api, subscriber_api, telling_api
from pagefree.status_pages.memory import Memory
from pagefree.status_pages.subscriber_limits import Limits as SubscriberLimits
from pagefree.workflows import api as workflows
from pagefree.workflows import run_api as workflow_runs
from pagefree.workflows import subscription_api

ROUTERS: tuple[APIRouter, ...] = (
    accounts.router,
    scim.router,
    directory_api.router,
    map_api.router,
    transfer_api.router,
    audit.router,
    undo_api.router,
    retention.router,
    services.router,
    alert_setting_api.router,
    routing.router,
    maintenance.router,
    signing_api.router,
    schedules.router,
    override_api.router,
    handover_api.router,
    time_off_api.router,
    feed_api.router,
    feed_api.public,
    escalation.router,
    notifications.router,
    channel_api.router,
    proof_api.router,
    room_api.router,
    preference_api.router,
    digest_pages.router,
    delivery_log_api.router,
    callback_api.router,
    incidents.router,
    context_api.router,
    noise_api.router,
    pages.router,
    alerts.router,
    opsgenie_api.router,
    heartbeats.router,
    rehearsal_api.router,
    mapping_api.router,
    health_api.router,
    explain.router,
    insights.router,
    mailed_api.router,
    mailing_pages.router,
    runbooks.router,
    emergency_api.router,
    connection_api.router,
    run_api.router,
    postmortems.router,
    editing_api.router,
    item_api.router,
    tickets_api.router,
    workflows.router,
    workflow_runs.router,
    subscription_api.router,
    limits_api.router,
    operations_api.router,
    demo_api.router,
    status_pages.router,
    telling_api.router,
    subscriber_api.router,
    push_api.router,
    status_page_pages.router,
    partners.router,
    record_api.router,
    entrance.router,
    portal.router,
)
JSON, PROBLEM = "application/json", "application/problem+json"
DESCRIPTION = (
    "On-call and incidents. Sign in with a session cookie (`POST /v1/session`) or send"
    " `Authorization: Bearer pf_…` with an API key. Errors are RFC 9457 problems with a"
    " stable `code`. Lists come in pages: pass `next_cursor` back as `cursor`. A POST with"
    " an `Idempotency-Key` takes effect once within 24 hours, however often it is sent."
)


@dataclass(frozen=True, slots=True)
class Deps:
    """What the API needs; made from the settings by app/site.py, by hand in tests."""

    engine: AsyncEngine
    clock: Clock
    vault: Vault
    base_url: str
    mail_domain: str | None = None  # where integrations receive mail
    demo: bool = False
    session_days: int = 30
    request_s: float = 10  # how long a body may take that does not come
    authenticate: Authenticate = authentication.authenticate
    passwords: Passwords = field(default_factory=Passwords)
    throttle: Throttle = field(default_factory=Throttle)
    limits: ApiLimits = field(default_factory=ApiLimits)  # none worth the name
    partner_limits: PartnerLimits = field(default_factory=PartnerLimits)
    subscriber_limits: SubscriberLimits = field(default_factory=SubscriberLimits)
    web_files: Path = WEB_DIST
    data_dir: Path | None = None  # whose disk is looked after
    watched: Watched = field(default_factory=Watched)
    status_memory: Memory | None = None  # pages as they are served
    # the ways out that callbacks and questions of admins may need
    transports: Transports = field(
        default_factory=lambda: Transports(GuardedClient(), None)
    )


def create_app(deps: Deps) -> FastAPI:
    """The API, its documentation and the web app; ingest and live updates stand in front."""
    https = deps.base_url.startswith("https:")
    app = FastAPI(
        title="PageFree",
        version=pagefree.__version__,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        # a redirect would name the host and the scheme of the request, not our address
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        responses={"4XX": {"model": Problem, "description": "A problem (RFC 9457)."}},
    )
    app.state.engine = deps.engine
    app.state.leaving = False  # told to stop
    app.state.clock = deps.clock
    app.state.figures = Figures(deps.engine, deps.data_dir)
    app.state.watched = deps.watched
    app.state.vault = deps.vault
    app.state.authenticate = counted(deps.authenticate)
    app.state.limits = deps.limits
    app.state.passwords = deps.passwords
    app.state.throttle = deps.throttle
    app.state.base_url = deps.base_url
    app.state.mail_domain = deps.mail_domain
    app.state.transports = deps.transports
    app.state.discovery = Discovery(deps.transports.http.get)
    app.state.demo = deps.demo
    app.state.status_memory = deps.status_memory
    app.state.partner_limits = deps.partner_limits
    app.state.subscriber_limits = deps.subscriber_limits
    app.state.partner_windows = Windows()
    app.state.session_days = deps.session_days
    app.state.secure_cookies = https
    app.openapi = partial(_document, app)  # type: ignore[method-assign]
    for router in (health.router, api_docs.router, *ROUTERS):
        app.include_router(router)
    install_error_answers(app)
    app.router.default = WebFiles(deps.web_files)
    # the last one added is the outermost
    app.add_middleware(Failures)
    app.add_middleware(Idempotency)
    app.add_middleware(BodyLimit, patience_s=deps.request_s)
    app.add_middleware(RateLimits)
    app.add_middleware(SecurityHeaders, https=https)
    app.add_middleware(RequestLog)
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, saying of problems what media type they really have."""
    document = FastAPI.openapi(app)
    for item in document["paths"].values():
        for operation in item.values():
            content = operation["responses"]["4XX"]["content"]
            if JSON in content:  # made only once, then kept
                content[PROBLEM] = content.pop(JSON)
    return document


def _operation_id(route: APIRoute) -> str:
    """`list_incidents` becomes `listIncidents`, which generated clients call."""
    first, *rest = route.name.split("_")
    return first + "".join(part.capitalize() for part in rest)
