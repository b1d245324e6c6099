"""What the management API of partners takes and answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from pagefree.core.partners import Standing
from pagefree.infra.web import Shape
from pagefree.partners.log_queries import AccessKind

Name = Annotated[str, Field(max_length=200)]
Notes = Annotated[str, Field(max_length=2000)]
Email = Annotated[str, Field(max_length=254)]


class PartnerRef(Shape):
    """Something to link to."""

    id: UUID
    name: str


class ComponentGrant(Shape):
    """One component that a partner may see."""

    id: UUID
    name: str
    expires_at: datetime | None


class PageGrant(Shape):
    """What a partner may see of a page: all of it, or these components.

    `counts` says whether anything of it is seen at this moment.
    """

    page: PartnerRef
    whole_page: bool
    components: list[ComponentGrant]
    partner_updates: bool
    expires_at: datetime | None
    granted_by: PartnerRef | None
    granted_at: datetime
    counts: bool


class Partner(Shape):
    """Somebody outside who may see granted pages."""

    id: UUID
    email: str
    name: str
    organisation: str
    notes: str
    owner: PartnerRef | None
    standing: Standing
    created_at: datetime
    invited_at: datetime | None
    set_up_at: datetime | None
    expires_at: datetime | None
    deactivated_at: datetime | None
    grants: list[PageGrant]


class PartnerIn(Shape):
    """A partner to add, with an invitation by mail or without."""

    email: Email
    name: Name = ""
    organisation: Name = ""
    notes: Notes = ""
    owner_id: UUID | None = None
    expires_at: AwareDatetime | None = None
    invite: bool = True


class PartnerChanges(Shape):
    """What may be changed about a partner; what is not sent stays."""

    name: Name | None = None
    organisation: Name | None = None
    notes: Notes | None = None
    owner_id: UUID | None = None
    expires_at: AwareDatetime | None = None


class PartnerImportIn(Shape):
    """CSV whose first line names columns: email, name, organisation, notes, expires_on."""

    csv: str = Field(max_length=500_000)
    invite: bool = False


class PartnerNotImported(Shape):
    """A line that was passed over, and why."""

    line: int
    email: str
    why: str


class PartnerImport(Shape):
    """How many partners an import has added, and which lines it passed over."""

    added: int
    passed_over: list[PartnerNotImported]


class ComponentGrantIn(Shape):
    """A component to let a partner see; without an expiry as long as the page's grant."""

    component_id: UUID
    expires_at: AwareDatetime | None = None


class PageGrantIn(Shape):
    """Exactly what a partner is to see of a page; without components all of it."""

    components: Annotated[list[ComponentGrantIn], Field(max_length=500)] | None = None
    partner_updates: bool = False
    expires_at: AwareDatetime | None = None


class PagePartner(Shape):
    """A partner, and what they may see of one page."""

    id: UUID
    email: str
    name: str
    organisation: str
    standing: Standing
    grant: PageGrant | None


class PartnerLink(Shape):
    """A link to hand over in person; it works once."""

    url: str
    expires_at: datetime


class PartnerSession(Shape):
    """Where a partner is signed in."""

    id: UUID
    partner: PartnerRef
    email: str
    address: str
    user_agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class PartnerRequest(Shape):
    """Somebody asks to become a partner."""

    id: UUID
    email: str
    name: str
    organisation: str
    message: str
    address: str
    created_at: datetime
    decision: Literal["approved", "refused"] | None
    decided_at: datetime | None
    decided_by: PartnerRef | None


class PartnerAccess(Shape):
    """One look of a partner, or one refusal; `what` is the file, or why not."""

    id: UUID
    at: datetime
    kind: AccessKind
    partner_id: UUID | None
    email: str
    page: PartnerRef | None
    what: str
    address: str
    user_agent: str
