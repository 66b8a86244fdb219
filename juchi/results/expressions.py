"""Facts made of other facts: sums, differences, products, quotients and powers."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["ExpressionError", "calculate", "evaluate", "names", "qualified"]


def _root(value: Any) -> Any:  # noqa: ANN401 - a quantity has a root in its own unit
    return math.sqrt(value) if isinstance(value, int | float) else value**0.5


_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "exp": math.exp,
    "log": math.log,
    "max": max,
    "min": min,
    "sqrt": _root,
}


class ExpressionError(ValueError):
    """A text that is no expression of facts; the message says what stands there."""


def names(expression: str) -> list[str]:
    """Return the facts that an expression is made of, each once, in their order.

    Raises
    ------
    ExpressionError
        Where it is none, or has anything but facts, numbers, ``+ - * / **``, parentheses, and the
        functions abs, exp, log, max, min and sqrt.
    """
    found: list[str] = []
    _walk(_parsed(expression), found)
    return list(dict.fromkeys(found))


def qualified(expression: str, subject: str) -> str:
    """Return an expression with each name that has no dot made a fact of a subject."""
    tree = _parsed(expression)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    owners = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called | owners:
            node.id = f"{subject}.{node.id}"
    return ast.unparse(tree)


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """Return the value of an expression; not finite where it has none, as at a division by zero."""
    try:
        result = calculate(expression, values)
    except ZeroDivisionError:
        return math.inf
    except (OverflowError, ValueError):
        return math.nan
    # A root of a negative number is complex.
    return float(result) if isinstance(result, int | float) else math.nan


def calculate(expression: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - with or without a unit
    """Return the value of an expression of numbers or of quantities with units.

    Raises
    ------
    ZeroDivisionError, OverflowError, TypeError, ValueError
        Where it has none, as that of metres and seconds added.
    """
    return _value(_parsed(expression), values)


def _parsed(expression: str) -> ast.expr:
    try:
        return ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ExpressionError(f"{expression!r}, which is no expression") from error


def _name(node: ast.expr) -> str | None:
    """Return the fact that a node names; None for any other node."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else None


def _walk(node: ast.expr, found: list[str]) -> None:
    """Collect the facts below a node; refuse what is no part of an expression."""
    if (name := _name(node)) is not None:
        found.append(name)
    elif isinstance(node, ast.BinOp | ast.UnaryOp) and type(node.op) in _OPERATORS:
        for part in [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]:
            _walk(part, found)
    elif isinstance(node, ast.Call) and _name(node.func) in _FUNCTIONS and not node.keywords:
        for part in node.args:
            _walk(part, found)
    elif not _is_number(node):
        raise ExpressionError(f"{ast.unparse(node)!r} in an expression of facts")


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - see `calculate`
    if (name := _name(node)) is not None:
        return values[name]
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]  # `names` has refused all but numbers
    if isinstance(node, ast.UnaryOp):
        return _OPERATORS[type(node.op)](_value(node.operand, values))
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left, values), _value(node.right, values))
    assert isinstance(node, ast.Call)
    parts = [_value(part, values) for part in node.args]
    return _FUNCTIONS[_name(node.func) or ""](*parts)
