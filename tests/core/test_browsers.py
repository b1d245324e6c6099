"""What browsers say of themselves, as people call them."""

import pytest

from pagefree.core.browsers import Browser, recognised

MOZILLA = "Mozilla/5.0"
APPLE = "AppleWebKit/537.36 (KHTML, like Gecko)"
PHONE = "(iPhone; CPU iPhone OS 18_5 like Mac OS X)"
TABLET = "(iPad; CPU OS 17_5 like Mac OS X)"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS = "(Windows NT 10.0; Win64; x64)"
MAC = "(Macintosh; Intel Mac OS X 10_15_7)"
LINUX = "(X11; Linux x86_64)"
ROBOT = "(Linux; Android 10; K)"

AGENTS = {
    f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": (
        "Firefox",
        "Linux",
    ),
    f"{MOZILLA} (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0": (
        "Firefox",
        "Linux",
    ),
    f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": (
        "Firefox",
        "Windows",
    ),
    f"{MOZILLA} (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0": (
        "Firefox",
        "Android",
    ),
    f"{MOZILLA} {PHONE} {WEBKIT} FxiOS/140.0 Mobile/15E148 Safari/605.1.15": (
        "Firefox",
        "iPhone",
    ),
    f"{MOZILLA} {WINDOWS} {APPLE} Chrome/138.0.0.0 Safari/537.36": (
        "Chrome",
        "Windows",
    ),
    f"{MOZILLA} {MAC} {APPLE} Chrome/138.0.0.0 Safari/537.36": ("Chrome", "Mac"),
    f"{MOZILLA} {LINUX} {APPLE} HeadlessChrome/138.0.0.0 Safari/537.36": (
        "Chrome",
        "Linux",
    ),
    f"{MOZILLA} {ROBOT} {APPLE} Chrome/138.0.0.0 Mobile Safari/537.36": (
        "Chrome",
        "Android",
    ),
    f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {APPLE} Chrome/138.0.0.0 Safari/537.36": (
        "Chrome",
        "ChromeOS",
    ),
    f"{MOZILLA} {PHONE} {WEBKIT} CriOS/138.0.7204.53 Mobile/15E148 Safari/604.1": (
        "Chrome",
        "iPhone",
    ),
    f"{MOZILLA} {MAC} {WEBKIT} Version/18.5 Safari/605.1.15": ("Safari", "Mac"),
    f"{MOZILLA} {PHONE} {WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1": (
        "Safari",
        "iPhone",
    ),
    f"{MOZILLA} {TABLET} {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1": (
        "Safari",
        "iPad",
    ),
    f"{MOZILLA} {WINDOWS} {APPLE} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0": (
        "Edge",
        "Windows",
    ),
    f"{MOZILLA} {ROBOT} {APPLE} Chrome/138.0.0.0 Mobile Safari/537.36 EdgA/138.0.0.0": (
        "Edge",
        "Android",
    ),
    f"{MOZILLA} {MAC} {APPLE} Chrome/136.0.0.0 Safari/537.36 OPR/120.0.0.0": (
        "Opera",
        "Mac",
    ),
    f"{MOZILLA} {ROBOT} {APPLE} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": (
        "Samsung Internet",
        "Android",
    ),
    f"{MOZILLA} {LINUX} {APPLE} Chrome/136.0.0.0 Safari/537.36 Vivaldi/7.5": (
        "Vivaldi",
        "Linux",
    ),
    f"{MOZILLA} (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko": (
        "Internet Explorer",
        "Windows",
    ),
    "curl/8.14.1": ("curl", ""),
    "python-requests/2.32.4": ("Python", ""),
    # what is inside of other apps says neither
    f"{MOZILLA} {PHONE} {WEBKIT} Mobile/15E148": ("", "iPhone"),
    "": ("", ""),
    "a test": ("", ""),
    "<script>alert(1)</script>": ("", ""),
}


@pytest.mark.parametrize(
    ("said", "meant"), AGENTS.items(), ids=[str(at) for at in range(len(AGENTS))]
)
def test_it_is_called_as_people_call_it(said: str, meant: tuple[str, str]) -> None:
    assert recognised(said) == Browser(*meant)


def test_no_length_of_what_it_says_takes_long() -> None:
    assert recognised("Version/1." * 100_000) == Browser("", "")
