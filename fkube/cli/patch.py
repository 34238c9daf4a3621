"""`fkube patch`: change fields of objects."""

from __future__ import annotations

from functools import partial
from typing import Any, get_args

from returns.result import Result, Success
from toolz import identity

from fkube import builder as b
from fkube.cli.checks import LOCAL_SERVER, Checked, first_broken, read_dry_run
from fkube.cli.command import MANIFESTS, Call, Command, Selection, field_manager_flag
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import Print, Printing, read_printer
from fkube.cli.recording import Recording
from fkube.cli.session import Session, Task, refuse_none, run_pipeline, visit_each
from fkube.documents.manifest import Document, repeated_keys, text_warnings
from fkube.edge.localfiles import read_text
from fkube.edge.running import Verb
from fkube.exchange.answers import decode_json
from fkube.merging.patches import Schema, strategic_merged
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object, Origin
from fkube.syntax.yamltext import load
from fkube.verbs.patch import PatchType, patch, refuse_strategic
from fkube.verbs.paths import DryRun
from fkube.verbs.unchanged import reading_before


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchOptions:
    """What to patch, and how."""

    call: Call = group(Call)
    patch: str = flag("The patch, as JSON or YAML.", "", short="p", given=True)
    patch_file: str = flag("The file with the patch.", "")
    type: str = flag("The type of the patch.", "strategic", choices=get_args(PatchType))
    subresource: str = flag("The subresource to patch: status, scale, resize.", "")
    selection: Selection = group(Selection, *MANIFESTS, usage=" with the objects to patch")
    local: bool = flag("Ask no server: patch what the manifests say, and print it.", False)
    field_manager: str = field_manager_flag("kubectl-patch")
    recording: Recording = group(Recording)
    printing: Printing = group(Printing)


def run(console: Console, options: PatchOptions) -> None:
    """Patch objects, and print each. Follows `PatchOptions.RunPatch` of kubectl."""
    steps = (b.subresource(options.subresource), b.resource_type_or_name_args(*options.call.arguments))
    all_steps = (b.local, *steps) if options.local else (*steps, b.require_object(True))
    call = replace(options.call, embedded=options.call.embedded or options.local)
    run_pipeline(console, replace(options, call=call), _check(console, options), *all_steps)


def _patch_all(verb: Verb, print_outcome: Print, session: Session) -> None:
    """Patch all objects and print each; refuse a command line that names none."""
    # kubectl says nothing of dry runs here, and puts no marker between documents.
    count = visit_each(session, verb, lambda _, outcome: print_outcome(0, replace(outcome, dry_run="none")))
    refuse_none(session.console, count, "patch")


def _check(console: Console, options: PatchOptions) -> Checked[Task]:
    """Check the flags, read the patch, and make the task that sends it.

    Follows `PatchOptions.Complete` and `Validate` of kubectl.
    """
    how = (options.field_manager, options.local, _merge_by_recorded_schema)
    # Only lines have a word for what stays as it was.
    told = identity if options.printing.output or options.local else reading_before
    return Result.do(
        partial(
            _patch_all,
            _record_command(options, told(patch(value, type, options.subresource, strategy, *how))),
            print_outcome,
        )
        for strategy in read_dry_run(console, options.printing.dry_run)
        for _ in _check_together(options, strategy)
        for type in _read_type(options.type)
        for text in _read_text(options)
        for value in _read_patch(text)
        for _ in _warn_of_text(console, options, text)
        for print_outcome in read_printer(console, options.printing, "patched (no change)")
    )


def _record_command(options: PatchOptions, verb: Verb) -> Verb:
    """The verb that keeps the command on each object too, if that is asked for and a server is."""
    return (
        verb if options.local else options.recording.after("patch", options.call, verb, options.field_manager)
    )


def _check_together(options: PatchOptions, strategy: DryRun) -> Checked[None]:
    """Refuse flags that do not go together; `strategy` is the dry run that they ask for."""
    return first_broken(
        (options.patch and options.patch_file, "cannot specify --patch and --patch-file together"),
        (not options.patch and not options.patch_file, _NO_PATCH),
        (options.local and options.call.arguments, "cannot specify --local and server resources"),
        (options.local and strategy == "server", LOCAL_SERVER),
    )


def _read_type(given: str) -> Checked[PatchType]:
    """Read the value of `--type`, in any case; an empty one is `strategic`."""
    found: PatchType | None = next((known for known in get_args(PatchType) if known == given.lower()), None)
    wrong = f'--type must be one of [json merge strategic], not "{given}"'
    return first_broken((given and found is None, wrong)).map(lambda _: found or "strategic")


def _read_text(options: PatchOptions) -> Checked[str]:
    """Read the text of the patch: the file of `--patch-file`, else `--patch` itself."""
    path = options.patch_file
    if not path:
        return Success(options.patch)
    return read_text(path).alt(lambda why: UsageError(f"unable to read patch file: open {path}: {why}"))


def _read_patch(text: str) -> Checked[Any]:
    """Decode a patch; a text that begins as JSON and is none is left for the server to refuse.

    The error quotes no word of it: it may be for a Secret. Follows `ToJSON` of apimachinery.
    """
    if _looks_like_json(text):
        return Success(decode_json(text.encode("utf-8", "surrogatepass")).value_or(text))
    return load(text).map(lambda loaded: loaded[0]).alt(_parse_error)


def _looks_like_json(text: str) -> bool:
    """Whether a text is taken for JSON and sent as it is. Follows `hasJSONPrefix` of apimachinery."""
    return text.lstrip().startswith("{")


def _warn_of_text(console: Console, options: PatchOptions, text: str) -> Checked[None]:
    """Warn of what is not read of the text of a patch, or does not count in it."""
    origin = Origin(options.patch_file or "--patch", line=1)
    document = Document(text, origin, json=_looks_like_json(text))
    console.warn((*text_warnings(document), *repeated_keys(document)))
    return Success(None)


def _parse_error(why: tuple[str, int]) -> UsageError:
    """The usage error of a patch that is no YAML; `why` is the problem and its line, from 0."""
    problem, line = why
    return UsageError(f"unable to parse the patch: yaml: line {line + 1}: {problem}")


def _merge_by_recorded_schema(info: Info, patch: Object) -> Result[Object, str]:
    """Merge a patch into an object by the embedded cluster's schema of its kind, for `--local`.

    Errors: a kind that has no such schema has no strategic merge.
    """
    # Imported here: nothing else of this command needs the cluster.
    from fkube.cluster.kinds import builtin_kinds, recorded_facts

    kinds = (kind for kind in builtin_kinds().values() if kind.mapping.kind == info.kind)
    found = next((kind for kind in kinds if kind.mapping.api_version == info.api_version), None)
    if found is None:
        return refuse_strategic(info, patch)
    return strategic_merged(Schema(found.schema, recorded_facts()["schemas"]), info.object, patch)


_NO_PATCH = "must specify --patch or --patch-file containing the contents of the patch"

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
    PatchOptions,
    run,
    namespace_first=True,
)
