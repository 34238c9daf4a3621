"""`fkube create --edit`: each object is changed by a person before it is created."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io

from fkube.cli.objectprinter import format_document
from fkube.cli.outcomeprinter import Print
from fkube.cli.session import Session, find_infos, refuse_none
from fkube.documents.source import Text
from fkube.edge import visit
from fkube.edge.editor import Edited, edit_text
from fkube.edge.running import Verb, hold
from fkube.exchange.conversation import Exchange, done
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info
from fkube.resource.results import collect_results
from fkube.syntax.yamltext import load
from fkube.visitor.decorators import require_namespace


@dataclass(frozen=True, slots=True)
class Page:
    """What an editor shows: a text, why it is shown again, and the file with what was written last."""

    text: str = field(repr=False)
    reason: str = ""
    last: Edited | None = None


@dataclass(frozen=True, slots=True)
class Editor:
    """How objects are edited: in which form and with which line ends, and what is done to them then."""

    session: Session
    verb: Verb
    print_outcome: Print
    as_json: bool
    windows: bool

    def edit_all(self) -> None:
        """Edit one object after another. Follows `EditOptions.Run` of kubectl."""
        infos, console = find_infos(self.session), self.session.console
        refuse_none(console, len(infos), "create")
        for info in infos:
            self._edit_until_read(info).alt(console.fail)

    def _edit_until_read(self, info: Info) -> Result[None, VisitError]:
        """Edit an object until what is written can be read, or is given up; then create it."""
        original = format_document("json" if self.as_json else "yaml", info.object, 0)
        page = Page(original)
        while True:
            match self._edit_once(original, page):
                case Success(Edited() as edited):
                    match self._read_edited(edited.text):
                        case Success(infos):
                            return self._create_all(info, edited, infos)
                        case wrong:
                            page = Page(strip_comments(edited.text), wrong.failure().message, edited)
                case ended:
                    return ended.map(lambda _: None)

    def _edit_once(self, original: str, page: Page) -> Result[Edited | None, VisitError]:
        """Let the editor run once: what it left, or None where there is nothing to create."""
        last, left = page.last, edit_text(self._show(page), ".json" if self.as_json else ".yaml")
        # What was written is on the disk until what is written over it is.
        left.map(lambda _: last.delete() if last else None)
        match left:
            case Success(edited) if last is not None and is_same_text(last.text, edited.text):
                return Failure(self._keep(edited, UsageError(_NO_CHANGES)))
            case Success(edited) if ended := give_up_reason(original, edited.text):
                edited.delete()
                self.session.console.note(f"Edit cancelled, {ended}")
                return Success(None)
            case Success(edited):
                return Success(edited)
            case failed:
                return Failure(self._keep(last, failed.failure()))

    def _show(self, page: Page) -> str:
        """What the editor shows: a head, unless it is JSON, why it is shown again, and the object."""
        lines = page.reason.split("\n") if page.reason else ()
        why = "".join(f"# {line}\n" for line in lines) + ("#\n" if lines else "")
        text = page.text if self.as_json else f"{_HEAD}{why}{page.text}"
        return text.replace("\n", "\r\n") if self.windows else text

    def _read_edited(self, text: str) -> Result[list[Info], VisitError]:
        """The resources that a text has, mapped. Errors: the first of what is wrong with it."""
        made = replace(self.session.pipeline, sources=(Text(text, "edited-file"),))
        report = unsafe_perform_io(visit(self.session.client, _take)(made).value_or(None))
        errors = report.errors if report else ()
        if report is None or errors:
            why = errors[0].message if errors else "it can't be read"
            return Failure(UsageError(f"The edited file had a syntax error: {why}"))
        return Success([outcome.info for outcome in report.outcomes if outcome.info])

    def _create_all(self, before: Info, edited: Edited, infos: list[Info]) -> Result[None, VisitError]:
        """Create what was edited, in the namespace that it was in, and print it; then the file is deleted."""
        stay: Callable[[Info], Result[Info, VisitError]] = (
            require_namespace(before.namespace) if before.namespace else Success
        )
        created = collect_results(stay(info).bind(self._create) for info in infos)
        created.map(lambda _: edited.delete())
        return created.map(lambda _: None).alt(partial(self._keep, edited))

    def _create(self, info: Info) -> Result[None, VisitError]:
        """Create an object, and print it."""
        outcome = hold(self.session.client, self.verb(info))
        outcome.map(lambda came: self.session.console.warn(came.warnings))
        return outcome.map(partial(self.print_outcome, 0))

    def _keep(self, edited: Edited | None, error: VisitError) -> VisitError:
        """The error that ends an edit, once it is said where what was written is."""
        if edited is not None:
            self.session.console.note(f'A copy of your changes has been stored to "{edited.path}"')
        return error


def _take(info: Info) -> Exchange[Outcome]:
    """Take a resource as it is."""
    return done(Outcome("got", info.origin, info, info.object))


def give_up_reason(original: str, edited: str) -> str:
    """Why there is nothing to create, in kubectl's words; empty if there is something.

    >>> [give_up_reason("a: 1", text) for text in ("# old\\na:  1", "# only", "a: 2")]
    ['no changes made.', 'saved file was empty.', '']
    """
    if is_same_text(original, edited):
        return "no changes made."
    return "" if strip_comments(edited).strip() else "saved file was empty."


def is_same_text(first: str, second: str) -> bool:
    """Whether two texts say the same, whatever their comments. Follows `StripComments` of kubectl."""
    values: list[Any] = [load(text).map(lambda loaded: loaded[0]).value_or(None) for text in (first, second)]
    if None not in values:
        return bool(values[0] == values[1])
    return strip_comments(first) == strip_comments(second)


def strip_comments(text: str) -> str:
    """A text without the lines that are comments. Follows `ManualStrip` of kubectl.

    >>> strip_comments("# a\\nb: c\\r\\n  # d\\n")
    'b: c\\n'
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


_HEAD = """# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
"""
_NO_CHANGES = "Edit cancelled, no valid changes were saved."
