"""`fkube patch`: change fields of objects."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, get_args

from returns.result import Result, Success
from toolz import identity

from fkube import builder as b
from fkube.cli.checks import dry_run, refused
from fkube.cli.command import DRY_RUN, Command, files
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.printing import PRINTING, Print, printing
from fkube.cli.session import pipeline, using, visited
from fkube.edge import Client
from fkube.edge.files import read_text
from fkube.edge.running import Verb
from fkube.exchange.answers import json_value
from fkube.merging.patches import Schema, strategic_merged
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object
from fkube.syntax.yamljson import load
from fkube.verbs.patch import PatchType, patch, unsupported
from fkube.verbs.paths import DryRun


def run(console: Console, options: Options) -> None:
    """Patch, and say so object by object. Follows `PatchOptions.RunPatch` of kubectl."""
    checked = _checked(console, options)
    if not isinstance(checked, Success):
        return console.fail(checked.failure())
    verb, show = checked.unwrap()

    def use(client: Client, made: Pipeline) -> None:
        count = visited(console, client, made, verb, partial(_told, console, show))
        if not count and not console.failures:
            console.refuse("no objects passed to patch")

    named = b.resource_type_or_name_args(*options["arguments"])
    retrieved = identity if options["local"] else b.require_object(True)
    subresource = b.subresource(options["subresource"])
    return using(console, options, pipeline(options, subresource, named, retrieved), use)


def _told(console: Console, show: Print, _: int, outcome: Outcome) -> None:
    """Print one outcome. kubectl says nothing of dry runs here, and puts no marker between documents."""
    show(console, 0, replace(outcome, dry_run="none"))


def _checked(console: Console, options: Options) -> Result[tuple[Verb, Print], UsageError]:
    """The verb, and how to print. Follows `PatchOptions.Complete` and `Validate` of kubectl."""
    return Result.do(
        (_verb(options, value, type, strategy), show)
        for strategy in dry_run(console, options["dry-run"])
        for _ in _together(options, strategy)
        for type in _type(options["type"])
        for text in _text(options)
        for value in _value(text)
        for show in printing(options, "patched (no change)")
    )


def _verb(options: Options, value: Any, type: PatchType, strategy: DryRun) -> Verb:
    how = (options["field-manager"], options["local"], _strategic)
    return patch(value, type, options["subresource"], strategy, *how)


def _together(options: Options, strategy: str) -> Result[None, UsageError]:
    problems = (
        (options["patch"] and options["patch-file"], "cannot specify --patch and --patch-file together"),
        (not options["patch"] and not options["patch-file"], _NO_PATCH),
        (options["local"] and options["arguments"], "cannot specify --local and server resources"),
        (options["local"] and strategy == "server", _LOCAL_SERVER),
    )
    wrong = next((message for applies, message in problems if applies), None)
    return Success(None) if wrong is None else refused(wrong)


def _type(given: str) -> Result[PatchType, UsageError]:
    found: PatchType | None = next((known for known in get_args(PatchType) if known == given.lower()), None)
    if found is None and given:
        return refused(f'--type must be one of [json merge strategic], not "{given}"')
    return Success(found or "strategic")


def _text(options: Options) -> Result[str, UsageError]:
    if not options["patch-file"]:
        return Success(options["patch"])
    path = options["patch-file"]
    return read_text(path).alt(lambda why: UsageError(f"unable to read patch file: open {path}: {why}"))


def _value(text: str) -> Result[Any, UsageError]:
    """The patch as JSON data; what begins as JSON and is none is for the server to refuse.

    The error has no word of it: it may be for a Secret. Follows `ToJSON` of apimachinery.
    """
    if text.lstrip().startswith("{"):
        return Success(json_value(text.encode()).value_or(text))
    read = load(text)
    if isinstance(read, Success):
        return Success(read.unwrap()[0])
    problem, line = read.failure()
    return refused(f"unable to parse the patch: yaml: line {line + 1}: {problem}")


def _strategic(info: Info, patch: Object) -> Result[Object, str]:
    """A strategic merge by the schemas that are recorded for the embedded cluster."""
    # Imported here: nothing else of this command needs the cluster.
    from fkube.cluster.kinds import builtin, recorded

    kinds = (kind for kind in builtin().values() if kind.mapping.kind == info.kind)
    found = next((kind for kind in kinds if kind.mapping.api_version == info.api_version), None)
    if found is None:
        return unsupported(info, patch)
    return strategic_merged(Schema(found.schema, recorded()["schemas"]), info.object, patch)


_NO_PATCH = "must specify --patch or --patch-file containing the contents of the patch"
_LOCAL_SERVER = "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"

COMMAND = Command(
    "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
    """Change fields of objects by a strategic merge patch, a JSON merge patch or a JSON patch.

    Patches are JSON or YAML. Custom resources have no strategic merge patch.""",
    """
    # Change a node by a strategic merge patch
    fkube patch node worker-1 -p '{"spec":{"unschedulable":true}}'

    # Change the image of the container named web
    fkube patch pod web -p '{"spec":{"containers":[{"name":"web","image":"web:2"}]}}'

    # Change it by a JSON patch, written as YAML
    fkube patch pod web --type=json \\
      -p '[{op: replace, path: /spec/containers/0/image, value: "web:2"}]'

    # Change the size of a deployment by its subresource
    fkube patch deployment web --subresource=scale --type=merge \\
      -p 'spec: {replicas: 2}'""",
    (
        Flag("patch", "The patch, as JSON or YAML.", "p"),
        Flag("patch-file", "The file with the patch."),
        Flag("type", "The type of the patch.", default="strategic", choices=get_args(PatchType)),
        Flag("subresource", "The subresource to patch: status, scale, resize."),
        *files("with the objects to patch"),
        Flag("local", "Ask no server: patch what the manifests say, and print it.", kind="bool"),
        Flag("field-manager", "The name under which the fields are owned.", default="kubectl-patch"),
        DRY_RUN,
        *PRINTING,
    ),
    run,
)
