"""A notebook as a page of Markdown, with the outputs that are kept in it."""

import json


def render_notebook(text: str) -> str:
    return "\n\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
