"""The checker of the pages' types: its lines are those of the page, and what is wrong is found."""

import pytest
import typed

PAGE = """# A page

```python
def half(n: int) -> int:
    return n // 2
```

```text
half("no Python")
```

```python
>>> for n in (2, 4):
...     half(n)
1
2
>>> half("two")
Traceback (most recent call last):
...
TypeError

```
"""


def test_code_stays_where_it_is_on_the_page():
    kept = {number: line for number, line in enumerate(typed.extract_python(PAGE).splitlines(), 1) if line}
    assert kept == {
        4: "def half(n: int) -> int:",
        5: "    return n // 2",
        13: "for n in (2, 4):",
        14: "    half(n)",
        17: 'half("two")',
    }


def test_an_error_is_told_with_the_page_and_its_line(monkeypatch):
    there = {"docs/good.md": "```python\nn = 3\n```\n", "docs/half.md": PAGE, "docs/plain.md": "no Python"}
    monkeypatch.setattr(typed, "read_pages", lambda: there)
    with pytest.raises(SystemExit) as told:
        typed.make_pages()
    (said,) = str(told.value).splitlines()
    assert said.startswith('docs/half.md:17: error: Argument 1 to "half" has incompatible type "str"')
