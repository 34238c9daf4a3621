"""Calls of users' functions: what one raises is the failure of the one resource that it was given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import returns
import toolz
from returns.result import Failure, Result, Success

from fkube.resource.errors import FunctionError, VisitError
from fkube.resource.info import Info

T = TypeVar("T")

RESULTS = (Success, Failure)
_OURS = __file__.removesuffix("resource/guarding.py")
_MEND = "mend it, or let it return a Failure that says why"
_STANDARD = str(re.__file__).removesuffix("re/__init__.py")
_LIBRARIES = (_OURS, *(str(module.__file__).removesuffix("__init__.py") for module in (returns, toolz)))


def attempt(function: Callable[[Info], Result[T, VisitError]], info: Info) -> Result[T, VisitError]:
    """Call a function with a resource; what it raises, or returns that is no Result, becomes a Failure.

    >>> print(attempt(lambda info: Success(info.object["spec"]), Info({})).failure().message[:10])
    a lambda (
    """
    try:
        result = function(info)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this resource's alone
        return Failure(exception_error(function, error, info))
    return check_result(function, result, info)


def check_result(function: Callable[..., Any], result: Any, info: Info) -> Result[Any, VisitError]:
    """Take what a function returned for a resource, if it is a Result; else it becomes a Failure."""
    if isinstance(result, RESULTS):
        return result
    return Failure(wrong_type_error(function, result, "Success or Failure", info))


def exception_error(
    function: Callable[..., Any], error: BaseException, info: Info | None = None
) -> FunctionError:
    """The error of a function that raised an exception: its name, the exception's type, the user's line."""
    from traceback import walk_tb

    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    users = next((frame for frame in frames if _is_users_file(frame[0].co_filename)), None)
    if users is None and len(frames) == 1:
        # It has no line: it is built in, or could not even be called with a resource.
        return _function_error(f"{function_name(function)} raised {type(error).__name__}: {_MEND}", info)
    code, line = users or frames[-1]
    file = re.split(r"[\\/]", code.co_filename)[-1]
    users_name = re.sub(r".*<lambda>", "a lambda", code.co_qualname).rpartition("<locals>.")[2]
    name = users_name if users else function_name(function)
    mend = _MEND if users else "this is a mistake in fkube, please report it"
    return _function_error(f"{name} ({file}, line {line}) raised {type(error).__name__}: {mend}", info)


def _is_users_file(path: str) -> bool:
    """Whether a file is the user's or of a user's library: not fkube's, of its libraries, or standard."""
    standard = path.startswith((_STANDARD, "<frozen")) and "site-packages" not in path
    return not standard and not path.startswith(_LIBRARIES)


def wrong_type_error(
    function: Callable[..., Any], value: object, wanted: str, info: Info | None = None
) -> FunctionError:
    """The error of a function that returned a value of the wrong type."""
    kind = type(value).__name__
    return _function_error(f"{function_name(function)} returned {kind}, and should return {wanted}", info)


def _function_error(message: str, info: Info | None) -> FunctionError:
    """The error with this message, about the resource if one is given."""
    return FunctionError(message, info.origin, about=info) if info else FunctionError(message)


def function_name(function: Callable[..., Any]) -> str:
    """The name of a function, without the arguments of a user's `partial`: they may be secrets.

    >>> function_name(len), function_name(partial(len, "secret"))
    ('len', 'len')
    """
    if isinstance(function, partial):
        return function_name(function.func)
    if type(function).__module__.startswith("fkube."):
        return str(function)
    return str(getattr(function, "__name__", type(function).__name__)).replace("<lambda>", "a lambda")


def function_names(functions: Iterable[Callable[..., Any]]) -> str:
    """The names of functions, in a row."""
    return ", ".join(map(function_name, functions))
