"""Expected errors: few, stable, and telling the caller what to do."""


class PageFreeError(Exception):
    """Base of all expected errors. `code` is public API: never rename one."""

    code = "error"
    status = 400  # HTTP status when it reaches the API


class Invalid(PageFreeError):
    """The request is well formed but asks for something that cannot be."""

    code = "invalid"
    status = 422


class NotSignedIn(PageFreeError):
    """Nobody is signed in, or the session or key has ended."""

    code = "not_signed_in"
    status = 401


class Forbidden(PageFreeError):
    """The actor may not do this."""

    code = "forbidden"
    status = 403


class NotConfirmed(Forbidden):
    """The actor may, once they have proven again who they are."""

    code = "not_confirmed"


class FactorNeeded(Forbidden):
    """The actor may, once they have set up a second factor."""

    code = "second_factor_needed"


class NotFound(PageFreeError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"
    status = 404


class Conflict(PageFreeError):
    """Its state no longer allows this, e.g. acknowledging a resolved incident."""

    code = "conflict"
    status = 409


class TooManyRequests(PageFreeError):
    """Slow down; `retry_after_s` says for how long."""

    code = "too_many_requests"
    status = 429

    def __init__(self, detail: str, *, retry_after_s: int) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Unavailable(PageFreeError):
    """PageFree cannot do this right now; trying again later can help."""

    code = "unavailable"
    status = 503


class DeliveryError(PageFreeError):
    """A channel could not deliver; `permanent`: retrying cannot help.

    `unknown` means that the provider may have taken the message all the same (the
    connection broke after it was sent), so one more try can page twice.
    """

    code = "delivery_failed"
    status = 502

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        unknown: bool = False,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.unknown = unknown
        self.retry_after_s = retry_after_s
