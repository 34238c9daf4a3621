"""What fkube makes of texts, as JSON: the same in CPython and in a browser's Python, or one is wrong."""

from __future__ import annotations

import json
from typing import Any

from returns.result import Failure, Success
from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, laws, pipe, verbs
from fkube.documents.manifest import documents
from fkube.resource.info import Info
from fkube.syntax.yamljson import load_any
from fkube.visitor import each, visitor_list
from fkube.visitor.combinators import continue_on_error
from fkube.visitor.visits import steps_of


def sample(manifests: dict[str, str], texts: list[str]) -> str:
    """Manifests decoded and created, texts read by the events of YAML, laws asked of what was decoded."""
    found = {name: documents(text, name) for name, text in manifests.items()}
    decoded = {
        name: list(map(_step, steps_of(continue_on_error(v)(each(Success))))) for name, v in found.items()
    }
    read = [_shown(load_any(text)) for text in texts]
    fn = each(lambda info: Success((info.kind, info.name)))
    visitors = (*found.values(), *found.values(), *found.values())[:3]
    kept = laws.list_associative(*visitors, fn)
    broken = laws.list_singleton(visitors[0], fn, visitor_list=lambda *all: visitor_list(*all, *all))
    return json.dumps([decoded, read, _visit("---\n".join(manifests.values())), repr(kept), repr(broken)])


def _visit(text: str) -> list[Any]:
    """The report of creating a manifest, with several connections, and each of its outcomes."""
    steps = (b.text(text), b.flatten, b.namespace("shop"), b.default_namespace, b.continue_on_error, b.do)
    visit = edge.visit(edge.embedded(), verbs.create(), concurrency=8)(pipe(b.builder(), *steps))
    report = unsafe_perform_io(visit.unwrap())
    return [str(report), [(one.action, str(one.info), str(one.error)) for one in report.outcomes]]


def _step(step: Any) -> Any:
    """A resource as its object and its place, an error as its sentence."""
    match step:
        case Success(Info() as info):
            return [info.object, repr(info.origin), list(map(str, info.warnings))]
        case Failure(error):
            return str(error)


def _shown(read: Any) -> Any:
    """What a text is read as, with its line; or why not."""
    match read:
        case Success(found):
            return ["read", *found]
        case Failure(problem):
            return ["refused", *problem]
