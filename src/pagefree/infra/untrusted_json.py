"""Reading JSON from strangers: whatever comes out can be stored as `jsonb` and sent as JSON."""

import json
import math
from itertools import islice

import msgspec

BOM = b"\xef\xbb\xbf"  # PowerShell writes one
MOST_DEPTH = 64
MOST_KEYS = 10_000  # of one object; how many there are in all, the body's size limits
MOST_TEXT = 256 * 1024  # characters of one string
INT_MIN, INT_MAX = -(2**63), 2**63 - 1
REPLACEMENT = "\ufffd"
TOO_DEEP = "(nested too deeply)"
SMALL = 16 * 1024  # bytes that cannot hold too many keys or too long a string

_decode = msgspec.json.Decoder().decode
# digits become 0 and all else x: ten times faster than a regular expression
_ONLY_DIGITS = bytes(ord("0" if chr(byte).isdecimal() else "x") for byte in range(256))
_MAY_BE_BIG = b"0" * 19


def decode(body: bytes) -> object:
    """The JSON value in `body`, made harmless. Raises ValueError if it is not JSON.

    NUL and lone surrogates become U+FFFD, integers beyond 64 bits and numbers that are
    not finite become strings, what is nested deeper than MOST_DEPTH is cut off. The
    last of equal keys wins.
    """
    try:
        tree = _decode(body)
    except (ValueError, RecursionError):
        return _clean(_tolerant(body))
    return tree if _is_harmless(body) else _clean(tree)


def _is_harmless(body: bytes) -> bool:
    return (
        len(body) <= SMALL
        and b"\\u0000" not in body
        and body.count(b"[") + body.count(b"{") <= MOST_DEPTH
        and _MAY_BE_BIG not in body.translate(_ONLY_DIGITS)
    )


def _tolerant(body: bytes) -> object:
    try:
        return json.loads(
            body.removeprefix(BOM).decode("utf-8", "replace"),
            parse_constant=str,
            parse_int=_int,
            parse_float=_float,
        )
    except RecursionError as e:
        raise ValueError("nested too deeply") from e


def _int(digits: str) -> int | str:
    if len(digits) > len(str(INT_MIN)):
        return digits[:MOST_TEXT]
    number = int(digits)
    return number if INT_MIN <= number <= INT_MAX else digits


def _float(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits[:MOST_TEXT]


def _clean(value: object, depth: int = 0) -> object:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict | list) and depth >= MOST_DEPTH:
        return TOO_DEEP
    if isinstance(value, dict):
        members = islice(value.items(), MOST_KEYS)
        return {clean_text(key): _clean(item, depth + 1) for key, item in members}
    if isinstance(value, list):
        return [_clean(item, depth + 1) for item in value]
    if isinstance(value, int) and not INT_MIN <= value <= INT_MAX:
        return str(value)
    return value


def clean_text(text: str) -> str:
    """`text` without what PostgreSQL refuses: NUL and lone surrogates."""
    text = text[:MOST_TEXT]
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
