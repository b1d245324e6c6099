"""Values checked against JSON Schema; the only file that knows the library."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, SchemaError, ValidationError
from jsonschema.validators import extend

from pagefree.core.errors import Invalid
from pagefree.infra.patterns import compiled


def _pattern(
    _: object, pattern: str, value: object, __: object
) -> Iterator[ValidationError]:
    """In linear time, and always of the whole text: `^a|b$` must not let "b; rm" pass."""
    if isinstance(value, str) and compiled(pattern).fullmatch(value) is None:
        yield ValidationError("is not written as it has to be")


_Validator = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


def check(schema: Mapping[str, Any]) -> None:
    """Raise Invalid unless `schema` is one whose patterns can be read, defaults included."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as e:
        raise Invalid(f"{_where(e)}: {e.message[:200]}") from e
    for name, described in schema.get("properties", {}).items():
        for one in (described, described.get("items", {})):
            try:
                compiled(one.get("pattern", ""))
            except ValueError as e:
                raise Invalid(f"{name}: {e}") from e
        if "default" in described:
            _require(described, described["default"], name)


def require(schema: Mapping[str, Any], values: Mapping[str, object]) -> None:
    """Raise Invalid unless `values` are as `schema` says; the words never repeat a value."""
    _require(schema, dict(values), "the parameters")


def _require(schema: Mapping[str, Any], value: object, name: str) -> None:
    error = next(iter(_Validator(schema).iter_errors(value)), None)
    if error is None:
        return
    if error.validator in {"required", "additionalProperties"}:
        raise Invalid(error.message[:200])
    where = _where(error) or name
    raise Invalid(f"{where}: not as the runbook asks ({error.validator})")


def _where(error: ValidationError | SchemaError) -> str:
    return ".".join(str(part) for part in error.absolute_path)
