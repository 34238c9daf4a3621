"""Targets that take JSON values: patches, fields, annotations, tables, printers, objects of every kind."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from returns.result import Result, Success
from toolz import pipe

from fkube import builder as b
from fkube.cli import messages
from fkube.cli.advice import advise
from fkube.cli.console import Console
from fkube.cli.kyamlprinter import kyaml_text
from fkube.cli.listprinters import StreamPrinter, TablesPrinter, WholePrinter, print_sorted
from fkube.cli.objectprinter import format_typed_list, without_managed_fields
from fkube.cli.tableprinter import Style
from fkube.cli.yamlprinter import yaml_text
from fkube.cluster.kinds.gotypes import check_value
from fkube.cluster.kinds.structural import fit_value, schema_errors
from fkube.documents.manifest import kind_problems
from fkube.documents.validation import offline, openapi, unique_keys, validator
from fkube.edge import visit
from fkube.edge.client import embedded
from fkube.exchange.conversation import Request, Response
from fkube.exchange.messages import TABLE, encode_body
from fkube.exchange.offers import find_other_offer, keep_offers
from fkube.exchange.shapes import check_answer, check_event
from fkube.exchange.subjects import find_other_subject
from fkube.merging import fields, lastapplied, patches
from fkube.merging.fields.managers import Manager, read_managers, write_managers
from fkube.merging.fields.merge import equal_values, is_within
from fkube.merging.fields.updating import Rules, apply_configuration, update_managers
from fkube.merging.patches.strategic import patches_merged
from fkube.merging.values import deep_equal, without_nulls
from fkube.pipeline.discovery import Mapper, add_definition, aggregated_mapper, legacy_mapper
from fkube.pipeline.explain import explain
from fkube.pipeline.listkinds import map_next_list
from fkube.pipeline.order import waves
from fkube.pipeline.pictures import mermaid, svg
from fkube.pipeline.pipeline import Pipeline
from fkube.pipeline.remapping import remap
from fkube.pipeline.resources import warn_of_ambiguity
from fkube.pipeline.result import as_object
from fkube.pipeline.tracepage import page, repr_html, restore_objects, share_objects
from fkube.pipeline.tracing import Trace, trace_data
from fkube.pipeline.ways import trace_stages
from fkube.report import ledger
from fkube.report.outcomes import Outcome, failure, skipped
from fkube.report.planfile import open_plan, seal_plan
from fkube.resource.errors import StatusError
from fkube.resource.info import Info, Origin, RESTMapping, is_list, with_metadata
from fkube.resource.metadata import wrong_type
from fkube.resource.objectpaths import changed_paths
from fkube.resource.podtemplate import pod_template, pod_templates
from fkube.resource.secrets import encode_string_data
from fkube.showing.masking import hide_secrets, masked
from fkube.showing.servertable import table
from fkube.showing.sorting import order
from fkube.syntax.gotext import go_text, json_line, json_text, type_name
from fkube.syntax.jsonpath import printed
from fkube.verbs.apply import deletion_warnings
from fkube.verbs.conditions import (
    Snapshot,
    all_of,
    any_of,
    condition,
    created,
    deleted,
    fail_if,
    none_of,
    within,
)
from fkube.verbs.create import create
from fkube.verbs.evidence import holds
from fkube.verbs.migrate import annotation_to_keep, migration_patch, owners
from fkube.visitor import decorated, flattened, infos
from fkube.visitor import decorators as ways
from fkube.visitor.arranging import arrange
from fkube.visitor.changing import as_manifest, set_annotations, set_images, set_labels
from fkube.visitor.lists import items
from fkube.visitor.stages import take
from fkube.visitor.visits import reached
from tests.fuzz.drawing import Source
from tests.fuzz.judging import Target
from tests.fuzz.shapes import compose, deform
from tests.fuzz.worlds import (
    FOO,
    MANIFESTS,
    discovery_answers,
    draw_info,
    known,
    live_objects,
    mappings,
    schemas_of,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMA = FOO["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
MERGE_LIST = {
    "type": "array",
    "x-kubernetes-patch-strategy": "merge",
    "x-kubernetes-patch-merge-key": "name",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
    "items": {"type": "object", "properties": {"name": {"type": "string"}, "a": {"type": "integer"}}},
}
SCHEMAS = (
    SCHEMA,
    {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "properties": {
                    "l": MERGE_LIST,
                    "s": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
                    "ports": MERGE_LIST,
                },
            }
        },
    },
    {"$ref": "#/components/schemas/a"},
    {},
)
SMALL = (
    {"spec": {"l": [{"name": "x", "a": 1}, {"name": "y"}], "s": ["p", "q"], "m": {"a": {"b": None}}}},
    {
        "spec": {
            "l": [{"name": "x", "$patch": "delete"}],
            "$setElementOrder/l": [{"name": "y"}],
            "s": ["q"],
            "$deleteFromPrimitiveList/s": ["p"],
            "$retainKeys": ["l"],
        }
    },
    {"spec": {"$patch": "replace", "l": [{"name": "z", "a": 2}]}, "metadata": {"name": "a"}},
)
OPERATIONS = (
    [
        {"op": "add", "path": "/spec/l/-", "value": {"name": "z"}},
        {"op": "test", "path": "/spec/l/0/name", "value": "x"},
    ],
    [
        {"op": "copy", "from": "/spec", "path": "/b"},
        {"op": "move", "from": "/b/l/0", "path": "/spec/s/1"},
        {"op": "remove", "path": "/spec/m"},
    ],
    [{"op": "replace", "path": "", "value": 1}, {"op": "replace", "path": "/spec/l/01", "value": 1}],
)
FIELDS = {
    "f:spec": {"f:l": {".": {}, 'k:{"name":"x"}': {".": {}, "f:a": {}}}, "f:s": {'v:"p"': {}}, "i:0": {}}
}
MANAGED = {
    "managedFields": [
        {
            "manager": "me",
            "operation": "Apply",
            "apiVersion": "v1",
            "time": "2026-01-01T00:00:00Z",
            "fieldsType": "FieldsV1",
            "fieldsV1": FIELDS,
        },
        {"manager": "b", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {}},
    ]
}


def an_object(source: Source, seeds: Sequence[Any]) -> Any:
    """An object that is like one of the seeds: it may be odd within, but is an object."""
    found = deform(source, source.pick(seeds))
    return found if isinstance(found, dict) else {}


def objects(*seeds: Sequence[Any]) -> Callable[[Source], tuple[Any, ...]]:
    """An object like one of each of these."""
    return lambda source: tuple(an_object(source, some) for some in seeds)


def any_values(*seeds: Sequence[Any]) -> Callable[[Source], tuple[Any, ...]]:
    """A value, of any type, like one of each of these."""
    return lambda source: tuple(deform(source, source.pick(some)) for some in seeds)


def _live(source: Source) -> tuple[Any, ...]:
    return (an_object(source, live_objects()),)


def _strategic(node: Any, old: Any, new: Any, live: Any) -> Any:
    schema = patches.Schema(node, {"a": SCHEMAS[1]})
    made = [patches.difference(schema, old, new), patches.three_way_difference(schema, old, new, live)]
    losses = patches.merge_losses(schema, {"old": old, "new": new, "live": live}, new, live)
    return made, losses, patches.strategic_merged(schema, live, new), patches_merged(schema, old, new)


def _merging(old: Any, new: Any, live: Any) -> Any:
    patches.merge_difference(old, new), patches.three_way_merge(old, new, live), without_nulls(new)
    return patches.merged(live, new), deep_equal(old, new), equal_values(old, new), holds(old, new)


def _in_fields(node: Any, old: Any, new: Any, metadata: Any) -> Any:
    """Fields of values of a type, and who owns them after an update and an apply."""
    type = fields.Type(node, {"a": SCHEMAS[1]})
    wrong = fields.problems(type, old) + fields.problems(type, new)
    found = read_managers(metadata)
    if wrong or not isinstance(found, Success):
        return wrong
    assert not is_within(type, old, new) or equal_values(fields.merged(type, old, new), old)
    rules, who = (
        Rules(lambda version: type if version == "v1" else None),
        Manager("x", "Apply", "v1", time="2026-01-01T00:00:00Z"),
    )
    managers = found.unwrap()
    (
        fields.merged(type, old, new),
        fields.compared(type, old, new),
        fields.without(type, old, fields.fields_of(type, new)),
    )
    write_managers(update_managers(rules, old, new, managers, who))
    return [apply_configuration(rules, old, new, managers, who, force) for force in (False, True)]


def _in_fields_v1(tree: Any) -> Any:
    found = fields.from_fields_v1(tree)
    return fields.fields_v1(found), [fields.shown(path) for path in fields.ordered(found)]


def _in_managers(metadata: Any) -> Any:
    return read_managers(metadata).map(lambda found: ([str(one) for one in found], write_managers(found)))


def _in_last_applied(object: Any) -> Any:
    lastapplied.last_applied(object), lastapplied.original(object), lastapplied.configuration(object)
    return (
        lastapplied.annotated(object, False),
        lastapplied.saved(object),
        lastapplied.original(lastapplied.saved(object)),
    )


def _printed(print_it: Callable[[Console], Any]) -> str:
    """What is printed, as the program prints it: in UTF-8, what is no text replaced."""
    bytes_ = io.BytesIO()
    stream = io.TextIOWrapper(bytes_, "utf-8", "replace")
    with redirect_stdout(stream), redirect_stderr(stream):
        console = Console()
        print_it(console)
        console.close()
    stream.flush()
    return bytes_.getvalue().decode()


def _in_printers(first: Any, second: Any) -> Any:
    def print_all(console: Console) -> None:
        for format in ("json", "yaml", "kyaml", "name"):
            for printer in (StreamPrinter(format, console, False), StreamPrinter(format, console, True)):
                printer.add(0, first), printer.add(1, second), printer.close(2)
            stream = StreamPrinter(format, console, False)
            sorting = WholePrinter(partial(print_sorted, console, ".metadata.name", False, stream))
            sorting.add(0, first), sorting.add(1, second), sorting.close(2)

    return _printed(print_all), format_typed_list("json", [first, second]), without_managed_fields(first)


def _in_tables(body: Any) -> Any:
    mapping = RESTMapping("", "v1", "Pod", "pods")
    style = Style(wide=True, with_namespace=True, show_labels=True, label_columns=("app",))

    def print_table(console: Console) -> None:
        for by in ("", ".metadata.name"):
            printer = TablesPrinter(console, style, by)
            for taken in _checked("/api/v1/namespaces/default/pods", body):
                printer.add(mapping, table(taken, NOW))
            printer.close()

    return _printed(print_table)


def _in_names(object: Any) -> Any:
    info = Info(object)
    info.name, info.namespace, info.labels, info.generate_name, info.object_name, repr(info)
    return (
        messages.object_name(object),
        messages.kind_name(object),
        ledger.key(object),
        str(info),
        is_list(object),
        deletion_warnings(object),
    )


def _in_messages(body: Any, status: int, sent: Any) -> Any:
    from fkube.exchange import status_error
    from fkube.exchange.secrecy import hide_values

    told = hide_values(Request("POST", "/api/v1/namespaces/a/secrets", body=sent), Response(status, body))
    error: StatusError = status_error(told)
    outcomes = (failure(error), skipped(error, Success(Info({}))))
    return (
        messages.format_only_error(error),
        messages.format_error(error, "creating"),
        str(error),
        list(map(ledger.row, outcomes)),
        [advise(error, doing) for doing in ("creating", "applying", "")],
    )


CONDITIONS = (condition("Ready"), condition("Ready", "false"), created, deleted)
ALL = (
    *CONDITIONS,
    all_of(*CONDITIONS),
    any_of(*CONDITIONS),
    none_of(*CONDITIONS),
    fail_if(CONDITIONS[0]),
    within(1.0, CONDITIONS[0]),
)


def _in_pod_templates(object: Any) -> Any:
    lenses = (pod_template("spec.template"), *pod_templates(), *pod_templates("spec.template", "spec.a.b"))
    return [lens.set(object, lens.get(object) or {}) for lens in lenses]


def _in_decorators(source: Source) -> tuple[Any, ...]:
    return (draw_info(source),)


DECORATORS = (
    *(
        ways.set_namespace("a"),
        ways.require_namespace("a"),
        ways.force_namespace("a"),
        ways.check_namespace("a"),
        ways.filter_namespace,
        as_manifest,
    ),
    *(
        set_labels(a="b"),
        set_annotations(a="b"),
        set_images(lambda image: image + ":1"),
        set_images(str, "spec.a"),
        unique_keys,
    ),
)


_LIST = {"kind": "List", "apiVersion": "v1", "items": [{"kind": "ListList", "items": [{"kind": "a"}, 1]}]}
PIPELINES = (
    Pipeline(),
    Pipeline(namespace="b", default_namespace=True, require_namespace=True),
    Pipeline(local=True, require_namespace=True),
)


def _decorate(info: Info) -> Any:
    row = ledger.row(Outcome("created", Origin(), info, info.object))
    in_list = Info({"kind": f"{info.kind}List", "apiVersion": info.api_version, "items": [info.object]})
    listed = [map_next_list(known(), Success(one)) for one in (info, in_list, replace(in_list, object=_LIST))]
    anew = [
        remap(one, known(), "a", given) for one in PIPELINES for given in (info, replace(info, absent=True))
    ]
    return (
        [decorate(info) for decorate in DECORATORS],
        (listed, anew),
        reached(items(info)),
        ledger.place(info),
        row,
        explain(items(info)),
    )


BODIES = (
    MANIFESTS[2],
    {"kind": "SecretList", "apiVersion": "v1", "items": [MANIFESTS[2]]},
    {"kind": "Table", "columnDefinitions": [{}], "rows": [{"cells": ["a"], "object": MANIFESTS[2]}]},
    {"type": "ADDED", "object": MANIFESTS[2]},
    [{"op": "replace", "path": "/data/a", "value": "MQ=="}],
    {"kind": "Status", "details": {"causes": [{"message": "m"}]}},
)


def _in_hiding(body: Any) -> Any:
    """Bodies with their secrets hidden: to hide again changes nothing."""
    hidden = [hide_secrets(body, of_secrets) for of_secrets in (False, True)]
    assert hidden == [hide_secrets(one, of) for one, of in zip(hidden, (False, True), strict=True)]
    return hidden


def _in_objects(object: Any, other: Any) -> Any:
    """Objects made in code, through a pipeline and its verb, on a cluster of its own."""
    made = pipe(
        b.builder(),
        b.objects(object, other),
        b.flatten,
        b.default_namespace,
        b.arranged,
        b.continue_on_error,
        b.do,
    )
    return made.map(lambda pipeline: (explain(pipeline), visit(embedded(), create(), 1)(pipeline)))


def _in_order(first: Any, second: Any) -> Any:
    steps = tuple(Success(Info(one)) for one in (first, second))
    return (
        waves(steps),
        arrange(steps),
        as_object([Info(first), Info(second)], False),
        order("{.a}", [first, second]),
    )


def _in_trace(first: Any, second: Any) -> list[str]:
    """What is shown of a trace of odd objects, each of which a stage makes the second; of many, in short."""
    change = decorated(lambda info: Success(replace(info, object=second)))
    way = (flattened, change, decorated(ways.set_namespace("shop")), take(9))
    traced, _ = trace_stages(way, infos(Info(first), Info(second)))
    found, many = (Trace((), way, "create", several) for several in (traced, traced * 9))
    data = trace_data(found)
    assert restore_objects(share_objects(data)) == data
    drawn = infos(Info(first), Info(second))
    return [str(found), str(many), page(found), repr_html(found), svg(drawn), mermaid(drawn)]


def _checked(path: str, *bodies: Any) -> list[Any]:
    """The bodies that are taken as answers to a GET: only such come any further."""
    request = Request("GET", path)
    taken = (check_answer(request, Response(200, body)) for body in bodies)
    return [response.body for answer in taken for response in answer.map(lambda one: (one,)).value_or(())]


ASKED = (
    *(
        Request("GET", path)
        for path in ("/api", "/apis", "/api/v1", "/apis/ex.com/v1", "/openapi/v3", "/openapi/v3/a")
    ),
    Request("GET", "/api/v1/namespaces/default/configmaps", (("continue", "a"),)),
    Request("GET", "/api/v1/namespaces/default/configmaps/a", kind="ConfigMap"),
    Request("GET", "/api/v1/namespaces/default/configmaps/a", accept=TABLE),
    Request("POST", "/api/v1/namespaces/default/configmaps", body=MANIFESTS[0]),
    Request("PUT", "/api/v1/namespaces/default/configmaps/a", body=MANIFESTS[0]),
    Request("GET", "/apis/apps/v1/namespaces/default/deployments/a/scale"),
    Request("POST", "/api/v1/namespaces/default/pods/a/eviction", body={"kind": "Eviction"}),
    Request("DELETE", "/api/v1/namespaces/default/configmaps/a", body={"preconditions": {"uid": "a"}}),
)


def _answers(source: Source) -> tuple[Any, ...]:
    """A request whose body may be odd, and what may be an answer to it."""
    asked = source.pick(ASKED)
    bodies = (
        *live_objects(),
        *discovery_answers(),
        schemas_of(),
        {"kind": "Status", "details": {"name": "a"}},
    )
    return replace(asked, body=deform(source, asked.body)), deform(source, source.pick(bodies))


def _in_shapes(asked: Request, body: Any) -> Any:
    checked = check_answer(asked, Response(200, body))
    return (
        checked,
        checked.bind(lambda taken: Success(find_other_subject(asked, taken.body))),
        keep_offers(asked.path, body),
        find_other_offer(asked.path, body),
        check_event(asked, body),
    )


def _in_mapper(first: Any, second: Any, crd: Any) -> Any:
    known = aggregated_mapper(first, second)
    warn_of_ambiguity(known.resources, "fo"), warn_of_ambiguity(known.resources, "fo.ex.com")
    return known, aggregated_mapper(*_checked("/apis", first, second)), add_definition(known, crd)


def _in_legacy_mapper(lists: list[Any]) -> Mapper:
    legacy_mapper(_checked("/apis/ex.com/v1", *lists))
    return legacy_mapper(lists)


def _discovery(source: Source) -> tuple[Any, ...]:
    aggregated = [deform(source, source.pick(discovery_answers()[:2])) for _ in range(2)]
    return (*aggregated, deform(source, source.pick((FOO,))))


def _legacy(source: Source) -> tuple[Any, ...]:
    from tests.fuzz.worlds import answer

    return (
        [
            deform(source, source.pick((answer("/api/v1"), answer("/apis/ex.com/v1"), answer("/api"))))
            for _ in range(2)
        ],
    )


def _in_schema(document: Any) -> Any:
    checks = (openapi([document]), openapi([document], strict=False))
    found = [patches.patch_schema(mapping, document) for mapping in mappings()]
    return found, [list(check(one)) for check in checks for one in MANIFESTS[5:6]]


def _in_validation(object: Any) -> Any:
    checks = (offline("1.30"), *_checks(), kind_problems)
    found = [validator(check)(Info(object, Origin("a.yaml"))) for check in checks]
    return found, [list(check(object)) for check in checks], unique_keys(Info(object))


def _checks() -> Any:
    global CHECKS
    if not CHECKS:
        CHECKS = (openapi([schemas_of()]),)
    return CHECKS


CHECKS: tuple[Any, ...] = ()


def _in_values(value: Any, other: Any) -> Any:
    texts = (
        json_text(value),
        json_line(value),
        go_text(value),
        type_name(value),
        printed(value),
        yaml_text(value),
        kyaml_text(value),
    )
    return (
        texts,
        encode_body(value),
        ledger.digest(value),
        fields.value_text(value) if hasattr(fields, "value_text") else "",
    )


def _in_schemas(value: Any) -> Any:
    """Values, under schemas that the cluster has looked at."""
    return [
        (fit_value(one, value), list(schema_errors(one, value)), check_value(one, value))
        for one in SCHEMAS[:2]
    ]


def _plan_rows(source: Source) -> tuple[Any, ...]:
    from tests.fuzz.texts import PLAN_ROWS

    return ([deform(source, json.loads(PLAN_ROWS[0])) for _ in range(1 + source.number(3))],)


def _in_plan(rows: list[Any]) -> Any:
    """A plan whose rows are odd and whose digests are right: as if who made it made it so."""
    from fkube.cli.replay import _make_pipelines

    lines = [json.dumps(row) for row in seal_plan(row for row in rows if isinstance(row, dict))]
    return open_plan(lines).map(lambda found: list(_make_pipelines("plan", found)))


def _ledger_rows(source: Source) -> tuple[Any, ...]:
    from tests.fuzz.texts import ROWS

    return ([json.dumps(deform(source, json.loads(source.pick(ROWS)))) for _ in range(1 + source.number(3))],)


def _in_ledger(lines: list[str]) -> Any:
    return ledger.ledger([*lines, ""]).map(lambda found: [found.proof(Info(one)) for one in MANIFESTS])


TARGETS = (
    Target("exchange.shapes", _answers, _in_shapes, (tuple,)),
    Target("merging.patches.strategic", objects(SCHEMAS, SMALL, SMALL, SMALL), _strategic, (tuple,)),
    Target("merging.patches.merge", objects(SMALL, SMALL, SMALL), _merging, (tuple,)),
    Target(
        "merging.patches.json_patched",
        any_values(SMALL, OPERATIONS),
        lambda d, o: patches.json_patched(d, o if isinstance(o, list) else [o]),
        (Result,),
    ),
    Target("merging.fields", objects(SCHEMAS, SMALL, SMALL, (MANAGED,)), _in_fields),
    Target("merging.fields.fields_v1", objects((FIELDS,)), _in_fields_v1, (tuple,)),
    Target("merging.fields.managers", objects((MANAGED,)), _in_managers, (Result,)),
    Target("merging.lastapplied", _live, _in_last_applied, (tuple,)),
    Target("syntax.values", any_values((*SMALL, *MANIFESTS), SMALL), _in_values, (tuple,)),
    Target(
        "cli.printers",
        lambda s: (an_object(s, live_objects()), an_object(s, MANIFESTS)),
        _in_printers,
        (tuple,),
        0.3,
    ),
    Target("cli.tables", _live, _in_tables, (str,), 0.5),
    Target(
        "cli.messages",
        lambda s: (
            deform(s, s.pick(live_objects())),
            s.pick((400, 404, 409, 422, 429, 500)),
            deform(s, s.pick(live_objects())) if s.happens() else compose(s),
        ),
        _in_messages,
        (tuple,),
    ),
    Target("resource.names_of_objects", _live, _in_names, (tuple,)),
    Target("resource.metadata", _live, lambda o: (wrong_type(o), with_metadata(o, a="b")), (tuple,)),
    Target("resource.objectpaths", objects(live_objects(), live_objects()), changed_paths, (tuple,)),
    Target("resource.podtemplate", lambda s: (an_object(s, MANIFESTS[1:6]),), _in_pod_templates, (list,)),
    Target(
        "resource.secrets",
        lambda s: (an_object(s, MANIFESTS[2:3]),),
        lambda o: encode_string_data(o) if isinstance(o.get("stringData"), dict) else {},
        (dict,),
    ),
    Target(
        "showing.masking",
        lambda s: (an_object(s, MANIFESTS[2:3]), an_object(s, MANIFESTS[2:3])),
        masked,
        (tuple,),
    ),
    Target(
        "showing.hiding",
        lambda s: (deform(s, s.pick((*BODIES, *live_objects()))),),
        _in_hiding,
        (list,),
        0.5,
    ),
    Target(
        "verbs.conditions",
        lambda s: (deform(s, s.pick(live_objects())),),
        lambda o: [met(Snapshot(o, 1.0)) for met in ALL if o is None or isinstance(o, dict)],
        (list,),
    ),
    Target(
        "verbs.migrate",
        _live,
        lambda o: (migration_patch(o, "me"), annotation_to_keep(o), owners(o, "Update")),
        (tuple,),
    ),
    Target("visitor.decorators", _in_decorators, _decorate, (tuple,), 0.5),
    Target(
        "builder.objects",
        lambda s: (an_object(s, MANIFESTS), an_object(s, MANIFESTS)),
        _in_objects,
        (Result,),
        0.2,
    ),
    Target(
        "pipeline.order", lambda s: (an_object(s, MANIFESTS), an_object(s, MANIFESTS)), _in_order, (tuple,)
    ),
    Target(
        "pipeline.discovery.aggregated",
        _discovery,
        _in_mapper,
        (tuple,),
        0.5,
    ),
    Target("pipeline.discovery.legacy", _legacy, _in_legacy_mapper, (Mapper,), 0.5),
    Target("documents.openapi", lambda s: (an_object(s, (schemas_of(),)),), _in_schema, (tuple,), 0.5),
    Target("documents.validation", lambda s: (an_object(s, MANIFESTS[:8]),), _in_validation, (tuple,), 0.3),
    Target(
        "pipeline.tracing",
        lambda s: (an_object(s, MANIFESTS), an_object(s, MANIFESTS)),
        _in_trace,
        (list,),
        0.5,
    ),
    Target("report.planfile", _plan_rows, _in_plan, (Result,)),
    Target("report.ledger.rows", _ledger_rows, _in_ledger, (Result,)),
    Target("cluster.schemas", any_values(SMALL), _in_schemas, (list,)),
)
