"""What a message says, for channels that show text: what broke, why you, what to press."""

from collections.abc import Sequence

from pagefree.channels.base import Message, Subject, one_line
from pagefree.channels.words import DEFAULT, words_in

MOST_LISTED = 12  # of the other incidents in one message
NOTICE_LIMIT = 2000

REASONS = {
    "page": "You are on call",
    "fallback": "Nobody answered, and you are a platform admin",
    "added": "You were asked to help",
    "unreached": "Somebody on call could not be reached, and you look after the team",
    "test": "You asked for a test",
    "notice": "It is about your shifts",
    "code": "You asked for a code",
}


def why(message: Message) -> tuple[str, str]:
    """Why it is told here, as name and value."""
    if message.in_room:
        return "Why here", f"This room is told ({one_line(message.cause)})"
    return "Why you", f"{REASONS[message.kind]} ({one_line(message.cause)})"


def headline(message: Message) -> str:
    """What broke, in one line."""
    subject, words = message.subject, words_in(message.language)
    if message.code is not None:
        return words.code_line.format(code=message.code)
    if message.kind == "notice":
        return one_line(message.cause)
    if subject is None:
        room = "Test from PageFree: this room works"
        return room if message.in_room else words.test_line
    starts = {"fallback": words.nobody_answered, "unreached": words.nobody_reached}
    count = len(message.others) + 1
    many = words.incidents.format(count=count) if message.others else ""
    parts = [many, starts.get(message.kind, "")]
    if message.fate is not None:
        parts = [f"{message.fate}:", many]
    what = f"#{subject.number} {subject.title} ({subject.service})"
    return one_line(" ".join([*filter(None, parts), what]))


def listed(others: Sequence[Subject], language: str = DEFAULT) -> list[str]:
    """The other incidents of a message, a line each; only counted where they are many."""
    lines = [
        one_line(f"#{one.number} {one.title} ({one.service})")
        for one in others[:MOST_LISTED]
    ]
    left = len(others) - len(lines)
    more = words_in(language).and_more.format(count=left)
    return [*lines, more] if left else lines


def plain_text(message: Message) -> str:
    """The whole message for channels that show plain text."""
    subject = message.subject
    if message.code is not None:
        return (
            f"{message.code} is your code for PageFree. Type it in to prove that this"
            f" {'room' if message.in_room else 'address'} is yours. If you did not ask"
            " for it, ignore it.\n"
        )
    if message.kind == "notice":
        return f"{one_line(message.cause, NOTICE_LIMIT)}\n\nOpen: {message.base_url}\n"
    if subject is None:
        return f"Hello {one_line(message.user_name)},\n\nPageFree can reach you here.\n"
    lines = [
        one_line(subject.title),
        "",
        *(f"{name}: {value}" for name, value in facts(subject)),
        f"{': '.join(why(message))}.",
        "",
    ]
    return "\n".join([*lines, *_to_press(message, subject)]) + "\n"


def _to_press(message: Message, subject: Subject) -> list[str]:
    words, lines = words_in(message.language), []
    if message.acknowledge_url:
        lines.append(f"{words.acknowledge}: {message.acknowledge_url}")
    if message.resolve_url:
        lines.append(f"{words.resolve}: {message.resolve_url}")
    lines.append(f"{words.open}: {subject.url}")
    if message.others:
        more = words.more.format(count=len(message.others)).rstrip(".")
        lines += ["", f"{more}:", *listed(message.others, message.language)]
    if message.acknowledge_all_url:
        lines += ["", f"{words.acknowledge_all}: {message.acknowledge_all_url}"]
    return lines


def facts(subject: Subject) -> list[tuple[str, str]]:
    """What to know about the incident, as name and value."""
    severity = subject.severity + (f", {subject.priority}" if subject.priority else "")
    return [
        ("Incident", f"#{subject.number}"),
        ("Service", one_line(subject.service)),
        ("Severity", severity),
        ("Since", subject.opened_at.strftime("%Y-%m-%d %H:%M:%S UTC")),
    ]
