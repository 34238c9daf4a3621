"""What mkdocstrings asks while it reads fkube: docstrings are text with doctests, pages are Markdown."""

import re

from griffe import Extension, Object

EXAMPLE = re.compile(r"^>>> .*?(?=^\s*$|\Z)", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"(`[^`]*`|^    .*$|^```.*?^```$)", re.DOTALL | re.MULTILINE)
MEANT = re.compile(r"(?<!^)\*|[\[\]<_]", re.MULTILINE)


def fence_example(found: re.Match[str]) -> str:
    """An example as a block of code, without what only doctest has to know."""
    return f"```pycon\n{found[0].rstrip().replace('<BLANKLINE>', '')}\n```\n"


def as_markdown(docstring: str) -> str:
    """A docstring as Markdown: examples fenced, and equations as they are written.

    >>> print(as_markdown("Double x.\\n\\n>>> f(*x)\\n[0]\\n\\nLaw: f(*x) == [x]"))
    Double x.
    <BLANKLINE>
    ```pycon
    >>> f(*x)
    [0]
    ```
    <BLANKLINE>
    Law: f(\\*x) == \\[x\\]
    """
    fenced = EXAMPLE.sub(fence_example, docstring)
    parts = CODE.split(fenced)
    return "".join(
        part if number % 2 else MEANT.sub(r"\\\g<0>", part) for number, part in enumerate(parts)
    ).rstrip()


class Docstrings(Extension):  # type: ignore[misc, unused-ignore]  # Griffe takes subclasses only.
    """Give mkdocstrings every docstring as Markdown."""

    def on_object(self, *, obj: Object, **_: object) -> None:
        if obj.docstring:
            obj.docstring.value = as_markdown(obj.docstring.value)
