"""Settings of what looks after PageFree itself."""

from typing import Annotated

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings


class WatchSettings(BaseSettings):
    """Who pages when the pager is down."""

    canary: Annotated[
        bool,
        Field(
            description="Let an event of PageFree's own go all the way every minute."
        ),
    ] = True
    canary_url: Annotated[
        HttpUrl | None,
        Field(description="Where it is sent, if public_url cannot be reached."),
    ] = None
    watchdog_url: Annotated[
        HttpUrl | None,
        Field(
            description="A dead man's switch elsewhere, told every minute that all is well; any that speaks like Healthchecks."
        ),
    ] = None
    last_resort: Annotated[
        bool,
        Field(
            description="Without a database, tell those who are on call from a sealed file in data_dir."
        ),
    ] = True
    last_resort_after_seconds: Annotated[
        float, Field(ge=1, le=3600, description="How long it must be gone for that.")
    ] = 60
    last_resort_every_seconds: Annotated[
        float, Field(ge=1, le=86400, description="Least time between two of those.")
    ] = 900
    last_resort_refresh_seconds: Annotated[
        float, Field(ge=1, le=86400, description="How often that file is written anew.")
    ] = 3600
