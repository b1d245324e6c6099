"""Reading a mail from strangers: whatever is in it, text comes out, in bounded time."""

import email
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from html import unescape
from itertools import chain, islice

from pagefree.infra.patterns import compiled
from pagefree.infra.untrusted_json import clean_text

NOTED = (
    "auto-submitted",
    "precedence",
    "x-autoreply",
    "x-autorespond",
    "x-pagefree-loop",
)
MOST_READ = 256 * 1024  # bytes: text comes first, attachments after it
MOST_HEADERS = 64 * 1024  # bytes
LONGEST_HEADER = 4096  # characters of one that are decoded
MOST_PARTS = 50
MOST_DEPTH = 10
MOST_NESTING = 20  # parts that are made of parts
MOST_MARKS = 5000  # lines that may be the end of a part
LONGEST_HTML = 64 * 1024  # characters
LONGEST_TEXT = 16_000  # characters
MOST_NAMES = 20
MARK = b"\n--"
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
NESTING = re.compile(rb"content-type:\s*(?:multipart|message)/", re.IGNORECASE)
PLAIN = "raw-unicode-escape"  # what is between encoded words, as decode_header has it
SPACES = re.compile(r"\s+")
BLANK_LINES = re.compile(r"\n{3,}")
BLOCKS = (
    "address|article|blockquote|br|div|dl|dt|dd|footer|form|h[1-6]|header|hr|li|ol|p|pre"
    "|section|table|tr|ul"
)
REPLACED = (
    (r"(?i)<!--.*?-->", ""),
    # what browsers do not show; RE2 knows no back-references
    *(
        (rf"(?i)<{name}\b[^>]*>.*?</{name}\s*>", "")
        for name in ("head", "script", "style", "template", "title")
    ),
    (rf"(?i)</?(?:{BLOCKS})\b[^>]*>", "\n"),
    (r"</?[A-Za-z!][^>]*>", ""),
)


class NoMail(Exception):
    """No mail that people or programs write looks like this."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is in a mail; all text can be stored."""

    subject: str  # one line
    sender: str  # address in From
    text: str
    attachments: tuple[str, ...]  # names
    message_id: str
    headers: Mapping[str, str]  # those of NOTED that it has


def read(raw: bytes) -> Mail:
    """The mail in `raw`. Raises NoMail."""
    try:
        return _read(raw)
    except NoMail:
        raise
    except Exception as e:  # the standard library raises whatever it stumbles upon
        raise NoMail(f"this is not a mail: {type(e).__name__}") from e


def _read(raw: bytes) -> Mail:
    end = END_OF_HEADERS.search(raw)
    if (end.start() if end else len(raw)) > MOST_HEADERS:
        raise NoMail("the headers are too long")
    start = raw[:MOST_READ]
    if len(NESTING.findall(start)) > MOST_NESTING or start.count(MARK) > MOST_MARKS:
        raise NoMail("there are too many parts")
    message = email.message_from_bytes(start)
    if not message.keys():
        raise NoMail("this is not a mail: it has no headers")
    parts = list(_parts(message, 0))
    if len(parts) > MOST_PARTS:
        raise NoMail("there are too many parts")
    names = [_name(part) for part in parts if _is_attachment(part)]
    return Mail(
        subject=_one_line(_header(message, "subject")),
        sender=parseaddr(_header(message, "from"))[1],
        text=_text(parts),
        attachments=tuple(names[:MOST_NAMES]),
        message_id=_one_line(_header(message, "message-id")),
        headers={n: _header(message, n) for n in NOTED if n in message},
    )


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """The parts that are not made of parts."""
    if depth > MOST_DEPTH:
        raise NoMail("the parts are nested too deeply")
    if not message.is_multipart():  # get_payload would decode it, charset and all
        yield message
        return
    for part in islice(message.get_payload(), MOST_PARTS + 1):
        if isinstance(part, Message):
            yield from _parts(part, depth + 1)


def _is_attachment(part: Message) -> bool:
    disposition = str(part.get("content-disposition", "")).strip().lower()
    return disposition.startswith("attachment") or (
        part.get_content_maintype() != "text" and part.get_filename() is not None
    )


def _name(part: Message) -> str:
    name = clean_text(_decoded(str(part.get_filename() or "(without a name)")))
    return _one_line(name)


def _text(parts: list[Message]) -> str:
    """The first plain text, else the first HTML as text."""
    shown = [part for part in parts if not _is_attachment(part)]
    plain = (_content(p) for p in shown if p.get_content_type() == "text/plain")
    html = (as_text(_content(p)) for p in shown if p.get_content_type() == "text/html")
    texts = (text.strip() for text in chain(plain, html))
    return clean_text(next(filter(None, texts), "")[:LONGEST_TEXT])


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    return _in_charset(payload, charset).replace("\r\n", "\n")


def _in_charset(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except (LookupError, ValueError):  # nobody knows it, or it is none for text
        return content.decode("utf-8", "replace")


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else clean_text(_decoded(str(value)))


def _decoded(value: str) -> str:
    """A header with its encoded words decoded, and its raw bytes read as UTF-8."""
    value = (
        value[:LONGEST_HEADER]
        .encode(errors="surrogateescape")
        .decode("utf-8", "replace")
    )
    try:
        words = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        word if isinstance(word, str) else _in_charset(word, charset or PLAIN)
        for word, charset in words
    )


def _one_line(text: str) -> str:
    return SPACES.sub(" ", text).strip()


def as_text(html: str) -> str:
    """HTML as plain text: what people would read, without links and pictures.

    In linear time, which the standard library's parser does not promise.
    """
    html = SPACES.sub(" ", html[:LONGEST_HTML])
    for pattern, instead in REPLACED:
        html = compiled(pattern).sub(instead, html)
    lines = (line.strip() for line in unescape(html).splitlines())
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
