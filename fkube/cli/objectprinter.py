"""The text of objects, one after another or as one list, as each comes: nothing is kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fkube.cli.checks import Checked, first_broken
from fkube.cli.messages import object_name
from fkube.resource.info import Object, with_metadata
from fkube.syntax.gotext import json_text

OBJECT_FORMATS = ("json", "yaml", "kyaml", "name")
"""The formats of objects as they are."""


def read_format(given: str, *formats: str) -> Checked[str]:
    """Read the value of `--output`: one of these formats, or empty; those of objects in any case.

    Errors: in the words of `NoCompatiblePrinterError` of cli-runtime.

    >>> print(read_format("jsonpath=.a", "yaml", "json").failure())
    unable to match a printer suitable for the output format "jsonpath=.a", allowed formats are: json,yaml
    """
    found = given.lower() if given.lower() in OBJECT_FORMATS else given
    unknown = f'unable to match a printer suitable for the output format "{given}"'
    message = f"{unknown}, allowed formats are: {','.join(sorted(formats))}"
    return first_broken((found not in ("", *formats), message)).map(lambda _: found)


def list_of(objects: Sequence[Object], **metadata: str) -> Object:
    """Make the `List` of these objects, with this metadata.

    >>> list_of([{"kind": "Pod"}])
    {'apiVersion': 'v1', 'items': [{'kind': 'Pod'}], 'kind': 'List', 'metadata': {}}
    """
    return {"apiVersion": "v1", "items": [*objects], "kind": "List", "metadata": metadata}


def without_managed_fields(object: Object) -> Object:
    """The object without managedFields (`OmitManagedFieldsPrinter` of cli-runtime).

    >>> without_managed_fields({"metadata": {"name": "a", "managedFields": []}})
    {'metadata': {'name': 'a'}}
    """
    return with_metadata(object, managedFields=None) if object.get("metadata") else object


def format_document(format: str, object: Object, before: int) -> str:
    """The text of one of several objects, each a document of its own; `before` counts those printed already.

    >>> print(format_document("yaml", {"kind": "Pod"}, 1), end="")
    ---
    kind: Pod
    """
    if format == "name":
        return f"{object_name(object)}\n"
    if format == "kyaml":
        return _kyaml_text(object)
    return f"{json_text(object)}\n" if format == "json" else ("---\n" if before else "") + _yaml_text(object)


def format_item(format: str, object: Object, before: int) -> str:
    """The text of one object of a list, after what begins the list; `before` counts those printed already.

    Equation: format_item(x, 0) ++ format_item(y, 1) ++ format_list_end(2) = the text of the `List` of x and y

    >>> parts = [format_item("yaml", {"kind": kind}, n) for n, kind in enumerate("AB")]
    >>> print("".join((*parts, format_list_end("yaml", 2))), end="")
    apiVersion: v1
    items:
    - kind: A
    - kind: B
    kind: List
    metadata:
      resourceVersion: ""
    """
    if format == "name":
        return f"{object_name(object)}\n"
    if format == "yaml":
        return ("" if before else "apiVersion: v1\nitems:\n") + _yaml_text([object])
    if format == "kyaml":
        return (", " if before else '---\n{\n  apiVersion: "v1",\n  items: [') + _format_kyaml(object, 1)
    start = "," if before else '{\n    "apiVersion": "v1",\n    "items": ['
    return f"{start}\n{' ' * 8}{json_text(object, _ITEM)}"


def format_list_end(format: str, count: int) -> str:
    """The text that ends a list of `count` objects; the whole list where there are none.

    >>> print(format_list_end("yaml", 0), end="")
    apiVersion: v1
    items: []
    kind: List
    metadata:
      resourceVersion: ""
    """
    if format == "name":
        return ""
    whole = format_document(format, list_of((), resourceVersion=""), 0)
    if not count:
        return whole
    if format == "kyaml":
        return whole.partition("[")[2]
    return whole.partition("[]\n")[2] if format == "yaml" else f"\n    ]{whole.partition('[]')[2]}"


def format_typed_list(format: str, objects: Sequence[Object]) -> str:
    """The text of several objects as the `List` of Go's types, whose fields are in another order.

    Follows `JSONPrinter` and `YAMLPrinter` of cli-runtime for a `corev1.List`.

    >>> print(format_typed_list("json", [{"kind": "A"}]), end="")
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
        items = ", ".join(_format_kyaml(object, 1) for object in objects)
        return f'---\n{{\n  kind: "List",\n  apiVersion: "v1",\n  metadata: {{}},\n  items: [{items}],\n}}\n'
    if format == "yaml":
        return _yaml_text(list_of(objects))
    items = ",".join(f"{_ITEM}{json_text(object, _ITEM)}" for object in objects)
    head = '{\n    "kind": "List",\n    "apiVersion": "v1",\n    "metadata": {},\n    "items": ['
    return f"{head}{items}\n    ]\n}}\n"


def _yaml_text(value: object) -> str:
    # Imported here, as below: PyYAML takes long, and few commands print YAML.
    from fkube.cli.yamlprinter import yaml_text

    return yaml_text(value)


def _kyaml_text(value: object) -> str:
    from fkube.cli.kyamlprinter import kyaml_text

    return kyaml_text(value)


def _format_kyaml(value: object, level: int) -> str:
    from fkube.cli.kyamlprinter import format_kyaml

    return format_kyaml(value, level)


_ITEM = f"\n{' ' * 8}"
"""What begins a line within an item of a JSON list."""
