"""Objects printed one after another, or as one list: text as it is known, nothing kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from returns.result import Failure, Result, Success

from fkube.cli.kyamlprinter import kyaml, kyaml_text
from fkube.cli.messages import name
from fkube.cli.yamlprinter import yaml_text
from fkube.resource.errors import UsageError
from fkube.resource.info import Object, with_metadata
from fkube.syntax.gotext import json_text


def known_format(given: str, *formats: str) -> Result[str, UsageError]:
    """The output format if it is one of these (objects in any case), or empty.

    Errors: in the words of `NoCompatiblePrinterError` of cli-runtime.

    >>> print(known_format("jsonpath=.a", "yaml", "json").failure())
    unable to match a printer suitable for the output format "jsonpath=.a", allowed formats are: json,yaml
    """
    found = given.lower() if given.lower() in _IN_ANY_CASE else given
    if found in ("", *formats):
        return Success(found)
    allowed = ",".join(sorted(formats))
    wrong = f'unable to match a printer suitable for the output format "{given}"'
    return Failure(UsageError(f"{wrong}, allowed formats are: {allowed}"))


def unmanaged(object: Object) -> Object:
    """The object without managedFields (`OmitManagedFieldsPrinter` of cli-runtime).

    >>> unmanaged({"metadata": {"name": "a", "managedFields": []}})
    {'metadata': {'name': 'a'}}
    """
    return with_metadata(object, managedFields=None) if object.get("metadata") else object


def printed(format: str, object: Object, before: int) -> str:
    """One of several objects, each a document of its own; `before` says how many have been printed.

    >>> print(printed("yaml", {"kind": "Pod"}, 1), end="")
    ---
    kind: Pod
    """
    if format == "name":
        return f"{name(object)}\n"
    if format == "kyaml":
        return kyaml_text(object)
    return f"{json_text(object)}\n" if format == "json" else ("---\n" if before else "") + yaml_text(object)


def listed(format: str, object: Object, before: int) -> str:
    """One object of a list, with what comes before it; `before` says how many have been printed.

    Equation: opened ++ listed(x, 0) ++ listed(y, 1) ++ closed = the printed `List` of x and y

    >>> parts = (listed("yaml", {"kind": "A"}, 0), listed("yaml", {"kind": "B"}, 1), closed("yaml", 2))
    >>> print("".join(parts), end="")
    apiVersion: v1
    items:
    - kind: A
    - kind: B
    kind: List
    metadata:
      resourceVersion: ""
    """
    if format == "name":
        return f"{name(object)}\n"
    if format == "yaml":
        return ("" if before else "apiVersion: v1\nitems:\n") + yaml_text([object])
    if format == "kyaml":
        return (", " if before else '---\n{\n  apiVersion: "v1",\n  items: [') + kyaml(object, 1)
    start = "," if before else '{\n    "apiVersion": "v1",\n    "items": ['
    return f"{start}\n{' ' * 8}{json_text(object, _ITEM)}"


def closed(format: str, count: int) -> str:
    """The end of a list of so many objects; the whole list where there are none.

    >>> print(closed("yaml", 0), end="")
    apiVersion: v1
    items: []
    kind: List
    metadata:
      resourceVersion: ""
    """
    empty: Object = {"apiVersion": "v1", "items": [], "kind": "List", "metadata": {"resourceVersion": ""}}
    if format == "name":
        return ""
    whole = printed(format, empty, 0)
    if not count:
        return whole
    if format == "kyaml":
        return whole.partition("[")[2]
    return whole.partition("[]\n")[2] if format == "yaml" else f"\n    ]{whole.partition('[]')[2]}"


def typed_list(format: str, objects: Sequence[Object]) -> str:
    """Several objects as the `List` of Go's types, whose fields are in another order.

    Follows `JSONPrinter` and `YAMLPrinter` of cli-runtime for a `corev1.List`.

    >>> print(typed_list("json", [{"kind": "A"}]), end="")
    {
        "kind": "List",
        "apiVersion": "v1",
        "metadata": {},
        "items": [
            {
                "kind": "A"
            }
        ]
    }
    """
    if format == "kyaml":
        items = ", ".join(kyaml(object, 1) for object in objects)
        return f'---\n{{\n  kind: "List",\n  apiVersion: "v1",\n  metadata: {{}},\n  items: [{items}],\n}}\n'
    if format == "yaml":
        return yaml_text({"apiVersion": "v1", "items": [*objects], "kind": "List", "metadata": {}})
    items = ",".join(f"{_ITEM}{json_text(object, _ITEM)}" for object in objects)
    head = '{\n    "kind": "List",\n    "apiVersion": "v1",\n    "metadata": {},\n    "items": ['
    return f"{head}{items}\n    ]\n}}\n"


_IN_ANY_CASE = ("json", "yaml", "kyaml", "name")

_ITEM = f"\n{' ' * 8}"
"""What begins a line within an item of a JSON list."""
