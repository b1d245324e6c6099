"""A mail as it goes over the wire, written by hand.

The `email` package parses again every header that it is given and takes 3 ms for a mail.
"""

from binascii import b2a_qp
from collections.abc import Iterable
from email.header import Header
from email.policy import SMTP
from functools import lru_cache

LINE = 76  # characters, RFC 5322 section 2.1.1
# "=_" never occurs in quoted-printable text (RFC 2045 section 6.7)
BOUNDARY = "=_part"


def written(headers: Iterable[tuple[str, str]], text: str, html: str | None) -> bytes:
    """A mail with `text`, and `html` beside it. Any value and body may be hostile.

    Addresses come in the headers From, To and Reply-To.
    """
    head = [*(_header(name, value) for name, value in headers), "MIME-Version: 1.0\r\n"]
    if html is None:
        return "".join(head).encode() + _part("plain", text)
    head.append(f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n\r\n')
    begin, end = f"--{BOUNDARY}\r\n".encode(), f"--{BOUNDARY}--\r\n".encode()
    plain, rich = _part("plain", text), _part("html", html)
    return b"".join(("".join(head).encode(), begin, plain, begin, rich, end))


def _header(name: str, value: str) -> str:
    plain = value.isascii() and value.isprintable() and "=?" not in value
    if plain and (len(name) + len(value) < LINE or " " not in value):
        return f"{name}: {value}\r\n"
    if name in {"From", "To", "Reply-To"}:
        return _of_addresses(name, value)
    # what looks like an encoded word is encoded itself: it is shown as it came
    charset = "us-ascii" if plain else "utf-8"
    folded = Header(value, charset, header_name=name).encode(linesep="\r\n")
    return f"{name}: {folded}\r\n"


@lru_cache(maxsize=256)
def _of_addresses(name: str, value: str) -> str:
    return str(SMTP.fold(*SMTP.header_store_parse(name, value)))


def _part(kind: str, text: str) -> bytes:
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = "\r\n".join(text.splitlines())
    return head.encode() + b2a_qp(lines.encode(), istext=True) + b"\r\n"
