"""Templates that every installation has."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Builtin:
    """A template that comes with PageFree."""

    title: str
    means: str  # for whom
    body: str


STANDARD = """\
## What happened

*Two or three sentences that somebody of another team understands.*

## Impact

*Who noticed, what did not work for them, how many were they?*

## Root causes

*Why could it happen? Ask again for each answer, until it is nobody's mistake any more but \
something that can be changed.*

## Detection

*How did we learn of it? Could we have known earlier?*

## What went well

-

## What went badly

-

## Where we were lucky

-

## What we change

*Each with an owner and a date, as an action item below.*
"""
SHORT = """\
## What happened and why

*In five sentences: what broke, what had changed, what made it end.*

## What we learned

-

## What we change

*As action items below; "nothing" is an answer, if you say why.*
"""
FIVE_WHYS = """\
## The problem

*One sentence: what did whom not work, from when until when?*

## Five times why

1. **Why did it happen?**
2. **Why was that so?**
3. **Why was that so?**
4. **Why was that so?**
5. **Why was that so?**

## What would have stopped it

*At which of these answers is it easiest to break the chain?*

## How responding went

| | how it was | how it should be |
|---|---|---|
| we noticed after | | |
| the right person was there after | | |
| we knew what to do after | | |

## What we change

*Each with an owner and a date, as an action item below.*
"""
BUILTIN: Mapping[str, Builtin] = {
    "standard": Builtin(
        "Blameless postmortem", "Everything worth asking, for what hurt.", STANDARD
    ),
    "short": Builtin("Short", "For what was small: ten minutes of writing.", SHORT),
    "five_whys": Builtin(
        "Five whys", "When the cause is not yet understood.", FIVE_WHYS
    ),
}
DEFAULT = "standard"
