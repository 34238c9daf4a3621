"""The flags of `fkube get`."""

from __future__ import annotations

from fkube.cli.command import MANIFESTS, Call, Selection, managed_fields_flag, no_headers_flag, output_flag
from fkube.cli.flags import flag, group
from fkube.cli.objectprinter import OBJECT_FORMATS, without_managed_fields
from fkube.cli.session import is_not_found
from fkube.cli.tableprinter import Style
from fkube.cli.templateprinter import TEMPLATES, Templating
from fkube.exchange.conversation import TABLE
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import VisitError
from fkube.resource.info import Object

FORMATS = (*OBJECT_FORMATS, "wide", "table", *TEMPLATES)
_SELECTED = ("all_namespaces", "selector", "field_selector", *MANIFESTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOptions:
    """What to get, and how to print it."""

    call: Call = group(Call)
    output: str = output_flag(*FORMATS)
    selection: Selection = group(Selection, *_SELECTED, usage=" with the objects to get")
    chunk_size: int = flag("Ask for large lists in chunks of so many; 0 for all at once.", 500)
    ignore_not_found: bool = flag("Say nothing of objects that do not exist.", False)
    sort_by: str = flag("The field that gives the order, as a JSONPath: .metadata.name.", "")
    templating: Templating = group(Templating)
    no_headers: bool = no_headers_flag()
    server_print: bool = flag("Have the server lay out tables; if false, they have a name and an age.", True)
    show_kind: bool = flag("Print the kind with each name.", False)
    show_labels: bool = flag("Print all labels as the last column.", False)
    label_columns: tuple[str, ...] = flag("Labels to print as columns of their own.", (), short="L")
    show_managed_fields: bool = managed_fields_flag()
    subresource: str = flag("The subresource to get of objects that are named: status, scale.", "")
    raw: str = flag("Print what the server answers at this path, as it is.", "")
    watch: bool = flag("Print each change after what is there, until Ctrl-C.", False, short="w")
    watch_only: bool = flag("Print changes, and not what is there.", False)
    output_watch_events: bool = flag(
        "With --watch or --watch-only, print what kind of change each is.", False
    )

    @property
    def is_table(self) -> bool:
        """Whether tables are to be printed."""
        return self.output in ("", "wide", "table")

    @property
    def chooses_by_live(self) -> bool:
        """Whether selectors choose among the objects of manifests, by what the server has."""
        selection = self.selection
        return selection.has_manifests and bool(selection.selector or selection.field_selector)

    @property
    def is_watch(self) -> bool:
        """Whether changes are to be printed."""
        return self.watch or self.watch_only

    def is_ignored(self, error: VisitError) -> bool:
        """Whether an error is that an object does not exist, and the flags say to ignore that."""
        return self.ignore_not_found and is_not_found(error)

    def select_fields(self, object: Object) -> Object:
        """The object, without managedFields unless the flags ask for them."""
        return object if self.show_managed_fields else without_managed_fields(object)

    def ask_for_tables(self, pipeline: Pipeline) -> Pipeline:
        """The pipeline, made to request tables of the server unless `--server-print` is false."""
        query = (("includeObject", "Object"),) if self.sort_by else ()
        return replace(pipeline, accept=TABLE, query=query) if self.server_print else pipeline

    def table_style(self, wide: bool) -> Style:
        """How tables look as the flags ask; `wide` is whether the output is `wide`."""
        everywhere, labels = self.selection.all_namespaces, self.label_columns
        return Style(wide, self.no_headers, everywhere, self.show_kind, self.show_labels, labels)
