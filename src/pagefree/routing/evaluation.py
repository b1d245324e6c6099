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
        self._by_text: dict[tuple[Subject, Look], list[tuple[str, CompiledRule]]] = {}
        for rule in rules:
            self._file(rule)

    def _file(self, rule: CompiledRule) -> None:
        need = _telling(needs(rule.text))
        if need is None:
            self._always.append(rule)
            return
        subject = need.field, need.label
        if need.look is Look.IS:
            by_value = self._by_value.setdefault(subject, {})
            by_value.setdefault(need.text, []).append(rule)
        else:
            texts = self._by_text.setdefault((subject, need.look), [])
            texts.append((need.text, rule))

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
        found = [*self._always]
        for subject, by_value in self._by_value.items():
            value = _value(facts, subject)
            if isinstance(value, str) and value in by_value:
                found += by_value[value]
        for (subject, look), texts in self._by_text.items():
            value = _value(facts, subject)
            if isinstance(value, str):
                found += _with_text(value, look, texts)
            elif value is not None:  # a list may have it in it: let the condition see
                found += [rule for _, rule in texts]
        if len(found) > 1:
            found.sort(key=_place)
        return found


def _telling(found: Sequence[Need]) -> Need | None:
    """The need that tells most events apart: a label, else a value, else a text."""
    return min(found, key=_vagueness, default=None)


def _vagueness(need: Need) -> tuple[bool, bool]:
    return need.look is not Look.IS, need.label is None


def _value(facts: Facts, subject: Subject) -> object:
    name, label = subject
    value = facts[name]
    if label is None:
        return value
    return value.get(label) if isinstance(value, Mapping) else None


def _with_text(
    value: str, look: Look, texts: Sequence[tuple[str, CompiledRule]]
) -> list[CompiledRule]:
    if look is Look.CONTAINS:
        return [rule for text, rule in texts if text in value]
    if look is Look.STARTS_WITH:
        return [rule for text, rule in texts if value.startswith(text)]
    return [rule for text, rule in texts if value.endswith(text)]


def _place(rule: CompiledRule) -> int:
    return rule.place
