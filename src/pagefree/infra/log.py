"""Log lines: text for people or JSON for machines, never with a secret in them."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, ProcessorReturnValue

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
SECRET_NAMES = re.compile(
    r"password|secret|token|authorization|cookie|(routing|api|private)_?key",
    re.IGNORECASE,
)
# Secrets in what looks harmless: keys in ingest paths, links of mails, our API keys,
# passwords in URLs.
SECRET_TEXTS = (
    (re.compile(r"(/in/[a-z0-9_]+/)[^\s/?\"']+"), r"\1…"),
    (re.compile(r"(/act/)[^\s/?\"']+"), r"\1…"),
    (re.compile(r"\bpf[a-z]*_[A-Za-z0-9_-]{8,}"), "pf_…"),
    (re.compile(r"(://[^\s:/@]+:)[^\s@/]+(@)"), r"\1…\2"),
)
HIDDEN = "…"


class Printer(structlog.PrintLogger):
    """Prints lines; one that finds no room, or nobody who reads it, is lost and no more."""

    def msg(self, message: str) -> None:
        """Print it, if that works: a full disk of logs is no reason to page nobody."""
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def within_memory(*steps: Processor) -> Processor:
    """These steps as one; where there is no memory for a line, nothing is said."""

    def say(logger: object, method: str, event: EventDict) -> ProcessorReturnValue:
        said: ProcessorReturnValue = event
        try:
            for step in steps:
                said = step(logger, method, cast("EventDict", said))
        except MemoryError:
            return ""
        return said

    return say


def configure(level: str, form: str, out: TextIO | None = None) -> None:
    """Set up logging of this process: structlog, and what libraries log with `logging`.

    `form` is text, json or auto: text on a terminal, JSON where a machine reads.
    """
    stream = out or sys.stderr
    for_machines = form == "json" or (form == "auto" and not stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # the traceback as text, without the values of variables: those hold secrets
    last = within_memory(
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer()
        if for_machines
        else structlog.dev.ConsoleRenderer(colors=stream.isatty()),
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=lambda *_: Printer(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                last,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=LEVELS[level], force=True)
    for noisy in (
        "alembic",
        "asyncio",
        "engineio",
        "httpcore",
        "httpx2",
        "socketio",
        "uvicorn",
    ):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, LEVELS[level]))


def redact(_: object, __: str, event: EventDict) -> EventDict:
    """Hide secrets by the name of the field and by what they look like."""
    return {name: _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value: object) -> object:
    if SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, str):
        for pattern, replacement in SECRET_TEXTS:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, Mapping | MutableMapping):
        return {key: _hidden(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(name, inner) for inner in value]
    return value
