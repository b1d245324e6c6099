"""What a browser calls itself, as people would: "Firefox on Linux"."""

import re
from dataclasses import dataclass

# Nearly all claim to be Safari, and many to be Chrome: the first that fits is meant.
BROWSERS = (
    (r"\b(?:Edg|EdgA|EdgiOS|Edge)/", "Edge"),
    (r"\b(?:OPR|OPX|OPiOS|Opera)/|\bOpera Mini/", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bVivaldi/", "Vivaldi"),
    (r"\bYaBrowser/", "Yandex"),
    (r"\bDuckDuckGo/|\bDdg/", "DuckDuckGo"),
    (r"\b(?:Firefox|FxiOS|Focus)/", "Firefox"),
    (r"\b(?:Chrome|CriOS|Chromium|HeadlessChrome)/", "Chrome"),
    (r"\bTrident/|\bMSIE ", "Internet Explorer"),
    (r"\bVersion/[\d.]+.*\bSafari/", "Safari"),
    (r"^curl/", "curl"),
    (r"^Wget/", "Wget"),
    (r"^(?:python-requests|python-httpx2?|aiohttp|Python-urllib|Python)/", "Python"),
    (r"^(?:Go-http-client|PostmanRuntime|okhttp|node)\b", "a program"),
)
SYSTEMS = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bWindows\b", "Windows"),
    (r"\bMac OS X\b|\bMacintosh\b", "Mac"),
    (r"\bLinux\b|\bX11\b", "Linux"),
)
LONGEST = 1000  # what comes after that says nothing


@dataclass(frozen=True, slots=True)
class Browser:
    """Its name, and that of what it runs on; either is empty where it cannot be told."""

    name: str
    system: str


def recognised(user_agent: str) -> Browser:
    """What can be told from what a browser says of itself. That may be a lie."""
    said = user_agent[:LONGEST]
    return Browser(_first(BROWSERS, said), _first(SYSTEMS, said))


def _first(patterns: tuple[tuple[str, str], ...], said: str) -> str:
    found = (name for pattern, name in patterns if re.search(pattern, said))
    return next(found, "")
