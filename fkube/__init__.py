"""The resource machinery of kubectl as pure functions over immutable data. Here are only `pipe` and `trace`.

What a user of the library imports: `fkube.builder` says which resources, `fkube.verbs` what to do with each,
`fkube.edge` does it, `fkube.visitor` is the algebra under all of it, `fkube.testing` checks the laws of what
you add. README.md begins at the beginning.

>>> from fkube import builder as b, pipe
>>> pipeline = pipe(b.builder(), b.filenames("web.yaml"), b.namespace("shop"), b.default_namespace, b.do)
>>> pipeline.unwrap().sources
(Path(path='web.yaml', recursive=False),)
"""

from fkube.resource.exporting import export_lazily

__version__ = "0.1.0"

TYPE_CHECKING = False  # To import typing takes longer than to print help.
if TYPE_CHECKING:
    from fkube.edge.memorytraces import trace as trace
    from fkube.resource.piping import pipe as pipe
else:
    export_lazily(__name__, {"edge.memorytraces": "trace", "resource.piping": "pipe"})
