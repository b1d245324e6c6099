"""Templates that stop when they take too long, whatever they are made of.

Caps on length, depth and output do not bound the work: blocks that repeat and put out
nothing can go round for minutes over an incident of ordinary size. So whoever fills in
spends time of its own thread, looked at before each block, each turn of one and each
helper; what lies between two looks is bounded by the lengths of template and facts.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import thread_time
from typing import Any

from pydantic_handlebars import HandlebarsEnvironment, HandlebarsRuntimeError
from pydantic_handlebars._ast_nodes import MustacheStatement, Program, SubExpression
from pydantic_handlebars._compiler import Compiler, Scope
from pydantic_handlebars._parser import parse

ONE_TEXT_S = 0.05  # of processor time: a busy machine makes no difference
ONE_FORM_S = 0.25

_until: ContextVar[float | None] = ContextVar("templates_until", default=None)


@contextmanager
def one_budget() -> Iterator[None]:
    """All texts that are filled in inside, in this thread, share the time of one form."""
    token = _until.set(thread_time() + ONE_FORM_S)
    try:
        yield
    finally:
        _until.reset(token)


class TimedEnvironment(HandlebarsEnvironment):
    """Its templates raise HandlebarsRuntimeError once their time is over."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(**given)
        self.unregister_helper("log")  # it would write strangers' text to our output

    def _compile_fn(self, source: str) -> Callable[..., str]:
        """The library's own, with a compiler that looks at the time."""
        program = parse(source)
        helpers = dict(self._helpers)

        def template(context: Any = None) -> str:  # noqa: ANN401 - the library's
            compiler = _TimedCompiler(
                helpers=helpers,
                max_depth=self._max_depth,
                max_output_size=self._max_output_size,
            )
            return compiler.render(program, {} if context is None else context)

        return template


class _TimedCompiler(Compiler):
    """Fills in one template once."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(**given)
        own = thread_time() + ONE_TEXT_S
        shared = _until.get()
        self._ends = own if shared is None else min(own, shared)

    def _look(self) -> None:
        if thread_time() > self._ends:
            raise HandlebarsRuntimeError("it takes too long")

    def _render_program(self, program: Program, scope: Scope) -> str:
        self._look()
        return super()._render_program(program, scope)

    def _eval_subexpression(self, expr: SubExpression, scope: Scope) -> Any:  # noqa: ANN401 - the library's
        self._look()
        return super()._eval_subexpression(expr, scope)

    def _call_helper_mustache(
        self, name: str, stmt: MustacheStatement, scope: Scope
    ) -> str:
        self._look()
        return super()._call_helper_mustache(name, stmt, scope)
