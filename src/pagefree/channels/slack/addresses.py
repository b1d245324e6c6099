"""Where in Slack: a member, or a channel in which a team reads."""

from pydantic import BaseModel, ConfigDict, Field


class Address(BaseModel):
    """Who in Slack."""

    model_config = ConfigDict(extra="forbid", title="Slack")

    team_id: str = Field(title="Workspace", pattern=r"^[TE][A-Z0-9]{1,30}$")
    user_id: str = Field(
        title="Member",
        description="Found out when you link your account.",
        pattern=r"^[UW][A-Z0-9]{1,30}$",
    )

    @property
    def place(self) -> str:
        """What messages are posted to."""
        return self.user_id


class Room(BaseModel):
    """Which channel."""

    model_config = ConfigDict(extra="forbid", title="Slack")

    channel_id: str = Field(
        title="Channel",
        description=(
            "Its id, at the end of the channel's details; begins with C or G. Invite the"
            " PageFree app to the channel first."
        ),
        pattern=r"^[CG][A-Z0-9]{1,30}$",
    )
    incident_chats: bool = Field(
        default=False,
        title="A channel for each incident",
        description=(
            "Made when an incident is posted here, with everybody in it who is paged or"
            " helps; archived when it has been resolved for a day."
        ),
    )

    @property
    def place(self) -> str:
        """What messages are posted to."""
        return self.channel_id


def identity(address: Address) -> str:
    """Members are told apart by workspace, too."""
    return f"{address.team_id}/{address.user_id}"


def recipient(address: Address | Room) -> str:
    """The member or the channel."""
    return address.place
