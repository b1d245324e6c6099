"""What a message says, for channels that show text: what broke, why you, what to press."""

from collections.abc import Sequence

from pagefree.channels.base import Message, Subject, one_line
from pagefree.core.withdrawals import Fate
from pagefree.core.words import DEFAULT, words_in

MOST_LISTED = 12  # of the other incidents in one message
NOTICE_LIMIT = 2000


def why(message: Message) -> tuple[str, str]:
    """Why it is told here, as name and value."""
    words = words_in(message.language)
    name = words.why_here if message.in_room else words.why_you
    return name, f"{reason(message)} ({one_line(message.cause)})"


def reason(message: Message) -> str:
    """Why it is told here, in a few words."""
    words = words_in(message.language)
    if message.in_room:
        return words.room
    reasons = {
        "fallback": words.last_resort,
        "added": words.helper,
        "unreached": words.for_team,
    }
    return reasons.get(message.kind, words.on_call)


def fate(what: Fate, by: str | None, language: str) -> str:
    """What has become of something that was told before; `by`: whose name brought it there."""
    words = words_in(language)
    said = {
        Fate.MERGED: words.merged,
        Fate.RESOLVED: words.resolved,
        Fate.SNOOZED: words.snoozed,
        Fate.ACKNOWLEDGED: words.acknowledged,
        Fate.PASSED_ON: words.passed_on,
        Fate.ALL_RESOLVED: words.all_resolved,
        Fate.ALL_TAKEN: words.all_taken,
    }[what]
    return words.by.format(what=said, name=by) if by else said


def headline(message: Message) -> str:
    """What broke, in one line."""
    subject, words = message.subject, words_in(message.language)
    if message.code is not None:
        return words.code_line.format(code=message.code)
    if message.kind == "notice":
        return one_line(message.cause)
    if subject is None:
        return words.room_line if message.in_room else words.test_line
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
    subject, words = message.subject, words_in(message.language)
    if message.code is not None:
        return f"{code_about(message)}\n"
    if message.kind == "notice":
        cause = one_line(message.cause, NOTICE_LIMIT)
        return f"{cause}\n\n{words.open}: {message.base_url}\n"
    if subject is None:
        hello = words.hello.format(name=one_line(message.user_name))
        return f"{hello}\n\n{words.reached}\n"
    lines = [
        one_line(subject.title),
        "",
        *(f"{name}: {value}" for name, value in facts(subject, message.language)),
        f"{': '.join(why(message))}.",
        "",
    ]
    return "\n".join([*lines, *_to_press(message, subject)]) + "\n"


def code_about(message: Message) -> str:
    """The code, and what it is for."""
    words = words_in(message.language)
    about = words.room_code_about if message.in_room else words.code_about
    return about.format(code=message.code)


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


def facts(subject: Subject, language: str = DEFAULT) -> list[tuple[str, str]]:
    """What to know about the incident, as name and value."""
    words = words_in(language)
    severity = subject.severity + (f", {subject.priority}" if subject.priority else "")
    return [
        (words.name, f"#{subject.number}"),
        (words.service, one_line(subject.service)),
        (words.severity, severity),
        (words.since, subject.opened_at.strftime("%Y-%m-%d %H:%M:%S UTC")),
    ]
