"""Traces: the way of each resource of a pipeline, as a value, as JSON data, and as text. No secret in either.

A trace is made of what ran (`fkube.pipeline.ways`); what people see of it, of its JSON data alone, where all
is hidden that may be secret.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from fkube.exchange.messages import Request
from fkube.pipeline.discovery import Mapper, mapping_for
from fkube.pipeline.drawing import report_equation
from fkube.pipeline.pipeline import mapper_of
from fkube.pipeline.ways import Way, mapping_text
from fkube.report.outcomes import Outcome, Report
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Info, Object, Origin, is_list
from fkube.resource.objectpaths import Steps, changed_steps, path_text
from fkube.resource.patterns import compile_later
from fkube.showing.masking import AFTER, BEFORE, MASK, hide_secrets
from fkube.visitor.combinators import continue_on_error
from fkube.visitor.scans import Scanned, Stage, Whole, stage_name, stage_note

Hide: TypeAlias = Callable[..., Any]
"""What hides in a body what may be secret: a body, and whether it is about Secrets whatever it says."""

_OF_SECRETS = compile_later(r"/secrets(?:/|$)")


@dataclass(frozen=True, slots=True, repr=False)
class Trace:
    """What became of each resource of a pipeline: its way through the stages, and its requests.

    `sources`: their names. `stages`: each part by itself. `verb`: its name. `report`: of a run; without one
    nothing was sent that would change something.
    """

    sources: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    verb: str = "verb"
    ways: tuple[Way, ...] = ()
    report: Report | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing failed, neither in a stage nor in a conversation."""
        return all(way.error is None for way in self.ways) and (self.report is None or self.report.ok)

    def only(self, *names: str) -> Trace:
        """Keep the ways of resources that have one of these names: `web`, `deployment/web`, `deploy/web`.

        >>> Trace().only("web")
        Trace(0 resources through 0 stages)
        """
        chosen = [_read_name(mapper_of(self.stages), name) for name in names]
        return replace(self, ways=tuple(way for way in self.ways if any(holds(way) for holds in chosen)))

    def __str__(self) -> str:
        # Imported here: who wants the data needs no text.
        from fkube.pipeline.tracetext import trace_text

        return trace_text(trace_data(self))

    def __repr__(self) -> str:
        failed = sum(way.error is not None for way in self.ways)
        left = f", {failed} failed" if failed else ""
        return f"Trace({len(self.ways)} resources through {len(self.stages)} stages{left})"

    def _repr_html_(self) -> str:
        from fkube.pipeline.tracepage import repr_html

        return repr_html(self)


def _read_name(known: Mapper, text: str) -> Callable[[Way], bool]:
    """The predicate of the ways whose resource has a name, now or before a stage renamed it.

    Before the name may stand its type, by any name that kubectl takes.
    """
    type, _, name = text.rpartition("/")
    mapping = mapping_for(known, type).value_or(None)

    def is_meant(info: Info) -> bool:
        found = info.mapping
        types = (info.kind.lower(), *((found.resource, found.qualified) if found else ()))
        is_type = type.lower() in ("", *types) or (found is not None and found == mapping)
        return is_type and name in (info.name, info.generate_name)

    return lambda way: any(step.result.map(is_meant).value_or(False) for step in way.steps)


def trace_data(trace: Trace) -> dict[str, Any]:
    """A trace as JSON data, with all hidden that may be secret.

    >>> trace_data(Trace(verb="create"))["equation"]
    'report = ()(v)(each(run ∘ create))'
    """
    return {
        "sources": [*trace.sources],
        "stages": [*map(_stage_row, trace.stages)],
        "verb": trace.verb,
        "equation": report_equation(trace.stages, trace.verb),
        "ran": trace.report is not None,
        "ways": [*map(_way_row, trace.ways)],
    }


def _stage_row(stage: Stage) -> Object:
    """A stage as JSON data."""
    return {"name": stage_name(stage), "note": stage_note(stage), "kind": stage_kind(stage)}


def stage_kind(stage: Stage) -> str:
    """The kind of a stage: `plain`, `scanned`, `whole`; `visit` of the one that says how to visit.

    >>> stage_kind(continue_on_error)
    'visit'
    """
    if stage is continue_on_error:
        return "visit"
    return "scanned" if isinstance(stage, Scanned) else "whole" if isinstance(stage, Whole) else "plain"


def _way_row(way: Way) -> Object:
    """A way as JSON data."""
    info, hide = way.info, partial(_hide_body, _is_secret(way))
    listed, sent = way.listed_in, [exchanged.request for exchanged in way.exchanged]
    answers = [exchanged.answer for exchanged in way.exchanged if exchanged.answer]
    return {
        "resource": _resource_name(info) if info else "",
        "origin": _origin_row(way.origin),
        "list": " ".join(filter(None, (listed.api_version, listed.kind))) if listed else "",
        "steps": [*_step_rows(way, hide)],
        "namespace": way.given_namespace,
        "mapping": mapping_text(info.mapping) if info and info.mapping else "",
        "requests": [_request_row(request, hide) for request in sent],
        "answers": [{"status": answer.status, "body": hide(answer.body)} for answer in answers],
        "outcome": _outcome_row(way.outcome) if way.outcome else None,
    }


def _resource_name(info: Info) -> str:
    """Kind, group and name: `deployment.apps/web`; a name that is still to be made ends with a star."""
    kind = ".".join(filter(None, (info.kind.lower(), info.api_version.rpartition("/")[0])))
    return f"{kind}/{info.name or f'{info.generate_name}*'}"


def _origin_row(origin: Origin) -> Object:
    """An origin as JSON data."""
    return {"source": origin.source, "document": origin.document, "line": origin.line}


def _step_rows(way: Way, hide: Hide) -> Iterator[Object]:
    """The steps of a way as JSON data; of one that passed, the object is that of the step before."""
    before: Object | None = None
    for step in way.steps:
        object = step.result.map(lambda info: info.object).value_or(None)
        changes = _change_rows(before, object, hide) if before and object else ()
        yield {
            "stage": step.stage,
            "became": step.became,
            "object": hide(_without_items(object)) if object and step.became != "passed" else None,
            "changes": [*changes] if step.became == "changed" else [],
            "why": step.why,
        }
        before = object


def _without_items(object: Object) -> Object:
    """An object, but of a list only how many items it has: each of them has a way of its own."""
    items = object.get("items")
    return {**object, "items": f"{len(items)} items"} if isinstance(items, list) else object


def _change_rows(before: Object, after: Object, hide: Hide) -> Iterator[Object]:
    """What differs between two objects, by path; of what is hidden, that it differs."""
    left, right = hide(before), hide(after)
    for steps in sorted(changed_steps(before, after), key=path_text):
        pair = _value_at(left, steps), _value_at(right, steps)
        old, new = (BEFORE, AFTER) if pair[0] == pair[1] else pair
        yield {"path": path_text(steps), "before": old, "after": new}


def _value_at(object: Any, steps: Steps) -> Any:
    """The value at a path of an object; None where there is none, the mask where it is hidden as a whole."""
    for step in steps:
        if object == MASK:
            return MASK
        try:
            object = object[step]
        except (KeyError, IndexError, TypeError):
            return None
    return object


def _request_row(request: Request, hide: Hide) -> Object:
    """A request as JSON data."""
    body = hide(request.body, bool(_OF_SECRETS.search(request.path)))
    return {"method": request.method, "path": request.path, "query": dict(request.query), "body": body}


def _outcome_row(outcome: Outcome) -> Object:
    """What a report says of a resource, as JSON data."""
    error = outcome.error.message if outcome.error else ""
    return {"action": outcome.action, "error": error, "warnings": [*outcome.warnings]}


def _is_secret(way: Way) -> bool:
    """Whether the resource is a Secret, or was one before a stage made something else of it."""
    infos = (step.result.value_or(None) for step in way.steps)
    return any(info.kind.lower() == "secret" for info in infos if info is not None)


def _hide_body(secret: bool, body: Any, of_secrets: bool = False) -> Any:
    """A body with all hidden that may be secret; `secret`: what it is about is a Secret, whatever it says.

    Of text that is no JSON, nothing is shown.
    """
    if isinstance(body, str | bytes):
        found = _decode_or_mask(body)
        return found if found == MASK else _hide_body(secret, found, of_secrets)
    kind = body.get("kind") if isinstance(body, Mapping) else None
    if not secret or not isinstance(kind, str) or kind == "Status" or is_list(body):
        return hide_secrets(body, of_secrets or secret)
    return {**hide_secrets({**body, "kind": "Secret"}), "kind": kind}


def _decode_or_mask(text: str | bytes) -> Any:
    """The JSON data of a text; the mask for any other text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return MASK
    return found if isinstance(found, dict | list) else MASK
