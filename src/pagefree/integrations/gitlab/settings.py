"""What people choose for one integration with GitLab."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pagefree.core.alerts import Severity

Name = Annotated[str, Field(min_length=1, max_length=255)]


class Settings(BaseModel):
    """What pages; everything else is kept beside incidents as a change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    failed_pipelines: bool = Field(
        default=False, title="Failed pipelines open an alert"
    )
    failed_deployments: bool = Field(
        default=False, title="Failed deployments open an alert"
    )
    branches: tuple[Name, ...] = Field(
        (),
        title="Branches",
        description="Whose pushes and pipelines matter; the default branch, if empty.",
        max_length=50,
    )
    environments: tuple[Name, ...] = Field(
        (),
        title="Environments",
        description="Deployments to which matter; all, if empty.",
        max_length=50,
    )
    severity: Severity = Field(Severity.ERROR, title="Severity of these alerts")
