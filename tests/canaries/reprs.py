"""The reprs of fkube's records: each built with a canary in each field, whatever the field is for."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from importlib import import_module
from typing import Any

import fkube
from tests.canaries.canary import canary, leaks

CARRIER = re.compile(
    r"\b(Object|Any|bytes|object|Settings|T|T_co|S|Values|FieldSet|Patch|Exchange|Cell|Source|Change|Changes|Options|Words)\b"
)
"""Annotations of what may hold a value of a Secret: JSON data, bytes, whatever a user gives."""

SENSITIVE = re.compile(
    r"token|password|authorization|text|url|patch|body|proxy|data|key$|username|stdin|template|value|raw"
)
"""Names of texts that may be secrets."""

NAME = "record"


def records() -> Iterator[type]:
    """The frozen and other records of fkube, but for those of its tests and laws."""
    for found in pkgutil.walk_packages(fkube.__path__, "fkube."):
        if found.name.split(".")[1] not in ("laws", "testing", "__main__"):
            module = import_module(found.name)
            own = (one for one in vars(module).values() if isinstance(one, type) and is_dataclass(one))
            yield from (one for one in own if one.__module__ == module.__name__)


def _planted(field: Field[Any], value: Any) -> Any:
    """The canary in the form of a field, or something harmless."""
    hint = str(field.type)
    if field.name == value:
        return (
            canary(NAME).encode()
            if "bytes" in hint
            else canary(NAME)
            if _is_text(field)
            else {canary(NAME): canary(NAME)}
        )
    return (
        "x"
        if _is_text(field)
        else ()
        if "tuple" in hint
        else {}
        if "Mapping" in hint or "Object" in hint
        else None
    )


def _is_text(field: Field[Any]) -> bool:
    return re.fullmatch(r"str( \| None)?", str(field.type)) is not None


def must_hide(field: Field[Any]) -> bool:
    """Whether a field may hold a secret."""
    if "Callable" in str(field.type):
        return False
    return bool(SENSITIVE.search(field.name) if _is_text(field) else CARRIER.search(str(field.type)))


def shown_fields() -> Iterator[str]:
    """The fields that may hold a secret and are shown by the repr of their record."""
    for record in records():
        for field in fields(record):
            if must_hide(field) and any(leaks((NAME,), "repr", _repr_with(record, field.name))):
                yield f"{record.__module__}.{record.__qualname__}.{field.name}"


def _repr_with(record: type, name: str) -> str:
    made = object.__new__(record)
    for field in fields(record):
        object.__setattr__(made, field.name, _planted(field, name))
    try:
        return repr(made)
    except (AttributeError, TypeError, ValueError, KeyError):
        # A repr of its own wants real values: it is among those that are tried by hand.
        return ""


SHOWN_ON_PURPOSE = {
    # Declarations of flags, and words of a command line that are names, paths and templates.
    *("fkube.cli.command.Command.settings", "fkube.cli.flags.Flag.default", "fkube.cli.flags.Group.record"),
    *(
        "fkube.cli.flags.Group.settings",
        "fkube.cli.command.Call.context",
        "fkube.cli.command.Call.client_key",
    ),
    *("fkube.cli.command.Call.username", "fkube.cli.patch.PatchOptions.patch_file"),
    *(
        "fkube.cli.create.CreateOptions.raw",
        "fkube.cli.delete.DeleteOptions.raw",
        "fkube.cli.get_options.GetOptions.raw",
    ),
    *("fkube.cli.replace.ReplaceOptions.raw", "fkube.cli.templateprinter.Templating.template"),
    "fkube.syntax.jsonpath.nodes.Text.text",
    *("fkube.syntax.gotemplate.lexer.Token.text", "fkube.syntax.gotemplate.nodes.Constant.value"),
    *("fkube.syntax.gotemplate.nodes.Template.text", "fkube.syntax.gotemplate.nodes.Text.text"),
    *("fkube.syntax.jsonpath.nodes.Template.text", "fkube.kubeconfig.kubeconfig.Kubeconfig.current_context"),
    # Schemas, paths of fields, keys and selectors.
    *("fkube.merging.fields.managers.Manager.fields", "fkube.merging.fields.merge.Comparison.removed"),
    *("fkube.merging.fields.merge.Comparison.modified", "fkube.merging.fields.merge.Comparison.added"),
    *("fkube.merging.fields.types.Type.schema", "fkube.merging.patches.schema.Field.merge_key"),
    *(
        "fkube.resource.labels.Requirement.key",
        "fkube.resource.selectors.FieldTerm.value",
        "fkube.syntax.yamllines._OpenCollection.key",
    ),
    # Labels and annotations, as `set_labels` and `set_annotations` show them.
    *("fkube.verbs.keychanges.KeyChanges.changes", "fkube.cli.pairs.PairRequest.changes"),
    # What they hold is a record that hides its own.
    *(
        "fkube.resource.errors.Failures.steps",
        "fkube.exchange.conversation.Done.result",
        "fkube.verbs.attempts.Attempt.end",
    ),
    *("fkube.edge.running.PlannedVisit.exchange", "fkube.edge.listreads._Collection.objects"),
    # Its host is shown; that its password and query are not is tried with a real one.
    "fkube.documents.source.Url.url",
}
