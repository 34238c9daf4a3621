"""Pictures as a browser shows them: Mermaid takes each, no boxes of an SVG overlap, all text fits."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fkube import laws
from fkube.pipeline.drawing import draw
from fkube.pipeline.pictures import mermaid, shorten, svg
from fkube.syntax.svg import printable
from tests.pipeline.test_pictures import SUBJECTS

DOCS = Path(__file__).parents[2] / "docs"
RENDER = """async text => {
  await mermaid.parse(text);
  const {svg} = await mermaid.render("drawn", text);
  document.body.innerHTML = svg;
  return [...document.querySelectorAll(".node .nodeLabel")].map(label => label.innerText.split("\\n")[0]);
}"""
# Every box and every text, with its place and with the colours that it has on the screen.
MEASURE = """() => {
  const place = e => { const b = e.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; };
  const all = (query, e) => [...document.querySelectorAll(query)].map(e);
  return {
    size: place(document.querySelector(".card")),
    boxes: all(".box", e => ({place: place(e), colour: getComputedStyle(e).fill})),
    texts: all("text", e => ({place: place(e), colour: getComputedStyle(e).fill, text: e.textContent})),
  };
}"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """Mermaid as npm has it."""
    if not shutil.which("npm"):
        pytest.skip("no npm here: Mermaid's parser comes from it")
    folder = tmp_path_factory.mktemp("mermaid")
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), "mermaid@11"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    if run.returncode:
        pytest.skip(f"npm does not install Mermaid here: {run.stderr[-200:]}")
    return (folder / "node_modules/mermaid/dist/mermaid.min.js").read_text(encoding="utf-8")


@pytest.fixture
def drawn(script, open_page):
    """Draw a flowchart with Mermaid; return the first line of each box."""
    page = open_page("about:blank")
    page.add_script_tag(content=script)
    page.evaluate("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")
    return lambda text: page.evaluate(RENDER, text)


def test_mermaid_shows_every_picture_as_it_was_written(drawn):
    for name, subject in SUBJECTS.items():
        boxes = shorten(draw(subject, "create")).boxes
        wanted = [" ".join(printable(box.label).split()) for box in boxes]
        assert drawn(mermaid(subject, "create")) == wanted, name


def test_what_is_not_escaped_is_seen_by_the_parser(drawn):
    with pytest.raises(Exception, match="Parse error"):
        drawn('flowchart TB\n  b0["a "quoted" name"]\n')


def contains(outer, inner, slack=0.5):
    """Whether a place has another in it."""
    left, top, right, bottom = outer
    return (
        left - slack <= inner[0]
        and top - slack <= inner[1]
        and inner[2] <= right + slack
        and inner[3] <= bottom + slack
    )


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def contrast(one, other):
    """How much two colours differ in light, by the rule of WCAG."""

    def light(colour):
        parts = [float(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, bright = sorted(map(light, (one, other)))
    return (bright + 0.05) / (dark + 0.05)


def find_faults(measured):
    """What is wrong with a picture: boxes that overlap, text that does not fit, or can't be read."""
    boxes = measured["boxes"]
    for number, box in enumerate(boxes):
        yield from ("two boxes overlap" for other in boxes[:number] if overlap(box["place"], other["place"]))
        if not contains(measured["size"], box["place"]):
            yield "a box does not fit"
    for text in measured["texts"]:
        if not contains(measured["size"], text["place"]):
            yield f"does not fit: {text['text']}"
        for box in boxes:
            if overlap(box["place"], text["place"]):
                if not contains(box["place"], text["place"]):
                    yield f"does not fit into its box: {text['text']}"
                if box["colour"].startswith("rgb(") and contrast(box["colour"], text["colour"]) < 7:
                    yield f"is hard to read: {text['text']}"


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_overlaps_and_all_text_fits(open_page, tmp_path, dark):
    for name, subject in SUBJECTS.items():
        (tmp_path / "picture.svg").write_text(svg(subject, "create"), encoding="utf-8")
        page = open_page(f"file://{tmp_path}/picture.svg", dark=dark)
        measured = page.evaluate(MEASURE)
        assert len(measured["boxes"]) == len(shorten(draw(subject)).boxes)
        assert [*find_faults(measured)] == [], name


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_overlaps_in_the_pictures_on_pages(open_page, dark):
    drawn = [path for folder in ("how-to", "explanation") for path in sorted(DOCS.glob(f"{folder}/*/*.svg"))]
    assert len(drawn) > len(laws.__all__)
    page = open_page("about:blank", dark=dark)
    for path in drawn:
        page.set_content(path.read_text(encoding="utf-8"))
        assert [*find_faults(page.evaluate(MEASURE))] == [], path.name


FAULTS = {
    "boxes overlap": (r'(<rect x="24" y=")\d+', r"\g<1>30"),
    "fit into its box": ('font-size="12"', 'font-size="19"'),
    "hard to read": ("color:#1c2128", "color:#b0b4b8"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_picture_is_seen(open_page, tmp_path, fault):
    drawn = re.sub(*FAULTS[fault], svg(SUBJECTS["pipeline"], "create"))
    (tmp_path / "picture.svg").write_text(drawn, encoding="utf-8")
    found = "\n".join(find_faults(open_page(f"file://{tmp_path}/picture.svg").evaluate(MEASURE)))
    assert fault in found
