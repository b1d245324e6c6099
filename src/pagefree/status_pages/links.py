"""Where pages and what is on them are found."""

from urllib.parse import urlsplit


def page_url(slug: str, domain: str | None, base_url: str) -> str:
    """The address of a page, without a slash at its end."""
    if domain:
        return f"{urlsplit(base_url).scheme}://{domain}"
    return f"{base_url.rstrip('/')}/s/{slug}"
