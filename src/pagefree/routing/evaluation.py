"""Rules with compiled conditions, asked in order; as few as possible are evaluated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pagefree.core.conditions import Look, Need, needs
from pagefree.core.rules import Rule
from pagefree.infra.cel import Condition, Unclear, context_of

Facts = Mapping[str, object]
Subject = tuple[str, str | None]  # a field, and the name of a label


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule, its place in its list, and its condition."""

    place: int
    rule: Rule
    text: str  # of the condition
    condition: Condition


@dataclass(slots=True)
class Failures:
    """Conditions that could not be worked out, until somebody takes the count."""

    counts: dict[UUID, int] = field(default_factory=dict)
    last: dict[UUID, str] = field(default_factory=dict)

    def add(self, rule_id: UUID, reason: str) -> None:
        """Count one."""
        self.counts[rule_id] = self.counts.get(rule_id, 0) + 1
        self.last[rule_id] = reason

    def take(self) -> list[tuple[UUID, int, str]]:
        """What was counted since the last time: rule, how often, why the last time."""
        taken = [(key, n, self.last[key]) for key, n in self.counts.items()]
        self.counts, self.last = {}, {}
        return taken


@dataclass(slots=True)
class _Texts:
    """Rules that need one of these texts in a field, at its beginning or at its end."""

    look: Look
    texts: tuple[str, ...] = ()
    rules: list[CompiledRule] = field(default_factory=list)  # one a text

    def add(self, texts: tuple[str, ...], rule: CompiledRule) -> None:
        """Let `rule` be found by each of these texts."""
        self.texts += texts
        self.rules += [rule] * len(texts)

    def rules_for(self, value: str) -> list[CompiledRule]:
        """The rules of which a text is where it has to be in `value`."""
        pairs = zip(self.texts, self.rules, strict=True)
        if self.look is Look.CONTAINS:
            return [rule for text, rule in pairs if text in value]
        test = value.startswith if self.look is Look.STARTS_WITH else value.endswith
        if not test(self.texts):  # all at once is quicker than one by one
            return []
        return [rule for text, rule in pairs if test(text)]


class RuleList:
    """The rules of a team, or of the installation.

    Evaluating a condition costs microseconds and handing an event over to it more, so
    each rule is first found by something that its condition needs: by a value that it
    compares a field with, or by a text that a field has to have in it.
    """

    def __init__(self, rules: Sequence[CompiledRule], failures: Failures) -> None:
        self.rules = tuple(rules)
        self._failures = failures
        self._always: list[CompiledRule] = []
        self._by_value: dict[Subject, dict[str, list[CompiledRule]]] = {}
        self._by_text: dict[tuple[Subject, Look], _Texts] = {}
        for rule in rules:
            self._file(rule)

    def _file(self, rule: CompiledRule) -> None:
        """Under something that it needs; under several where one of several will do."""
        alternatives = needs(rule.text)
        if not alternatives:
            self._always.append(rule)
        for need in map(_telling, alternatives):
            subject = need.field, need.label
            if need.look is Look.IS:
                by_value = self._by_value.setdefault(subject, {})
                for text in need.texts:
                    by_value.setdefault(text, []).append(rule)
            else:
                key = subject, need.look
                texts = self._by_text.setdefault(key, _Texts(need.look))
                texts.add(need.texts, rule)

    def matching(self, facts: Facts) -> Iterator[Rule]:
        """The rules that match, in order, each evaluated when it is asked for.

        A condition that cannot be worked out does not match, and is counted.
        """
        candidates = self._candidates(facts)
        if not candidates:
            return
        try:
            context = context_of(facts, [c.condition for c in candidates])
        except Unclear as e:
            for candidate in candidates:
                self._failures.add(candidate.rule.id, str(e))
            return
        for candidate in candidates:
            try:
                holds = candidate.condition.holds(context)
            except Unclear as e:
                self._failures.add(candidate.rule.id, str(e))
            else:
                if holds:
                    yield candidate.rule

    def _candidates(self, facts: Facts) -> list[CompiledRule]:
        found: list[CompiledRule] = []
        for subject, by_value in self._by_value.items():
            value = _value(facts, subject)
            if isinstance(value, str) and value in by_value:
                found += by_value[value]
        for (subject, _), texts in self._by_text.items():
            value = _value(facts, subject)
            if isinstance(value, str):
                found += texts.rules_for(value)
            elif value is not None:  # a list may have it in it: let the condition see
                found += texts.rules
        if not found:
            return self._always
        by_place = {rule.place: rule for rule in (*self._always, *found)}
        return [by_place[place] for place in sorted(by_place)]


def _telling(found: Sequence[Need]) -> Need:
    """The need that tells most events apart: a label, else a value, else a text."""
    return min(found, key=_vagueness)


def _vagueness(need: Need) -> tuple[bool, bool]:
    return need.look is not Look.IS, need.label is None


def _value(facts: Facts, subject: Subject) -> object:
    name, label = subject
    value = facts[name]
    if label is None:
        return value
    return value.get(label) if isinstance(value, Mapping) else None
