"""The page of a trace in Chromium: it shows what the trace says, cell by cell, to the eye and to the keys.

What is compared is what a browser shows with what `trace_data` says of a run on the embedded cluster.
"""

import json
from functools import cache
from pathlib import Path

import pytest
import yaml
from returns.result import Success
from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.pipeline.tracepage import page_of_data, repr_html_of_data
from fkube.pipeline.tracing import trace_data
from fkube.resource.dataclasses import replace
from fkube.visitor import infos

EXAMPLES = Path(__file__).parents[2] / "examples" / "manifests"
ENDS = ("dropped", "failed")
SCHEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def from_mirror(info):
    """Take the images of a Deployment from a mirror."""
    text = json.dumps(info.object).replace('"nginx:', '"mirror.example.com/nginx:')
    return Success(replace(info, object=json.loads(text)))


def is_no_role(info):
    """Keep what is no Role."""
    return info.kind != "Role"


def twice(info):
    """Two of each Service."""
    other = {**info.object, "metadata": {**info.object["metadata"], "name": f"{info.name}-2"}}
    return infos(info, replace(info, object=other)) if info.kind == "Service" else infos(info)


def with_odd_fields(info):
    """Odd fields more."""
    return Success(replace(info, object={**info.object, "more": WILD}))


SHOP = (
    b.namespace("shop"),
    b.default_namespace,
    b.flatten,
    b.continue_on_error,
    b.decorated(from_mirror),
    b.filtered(is_no_role),
    b.and_then(twice),
)
PLAIN = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}}
WILD = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {
        "name": "<img src=x onerror=document.title='caught'>",
        "labels": {"app.kubernetes.io/name": "on", "it's": "No"},
    },
    "data": {
        "</script><!--": "<b>&amp;</b>\n  two\n\nlines: |\n",
        "yes": "null",
        "1e3": "0x1f",
        "empty": "",
        "spaces ": " a ",
        "colon": "a: b #c",
        "tab": "a\tb\n",
        "block": "# one\n two \n\n- three",
        "ends": "one\n\n",
        "long": "x" * 300,
        "😀": "ü\u0007",
    },
    "big": 12345678901234567890,
    "exact": 9007199254740993,
    "float": 1.5,
    "list": [[1, [True, None]], {}, [], {"a": [{"b": "c"}], "d": "- e"}, "- x"],
}


def traced(*steps):
    """The data of a trace of a run on the embedded cluster, as JSON gives it back."""
    run = edge.trace(edge.embedded(), verbs.create(), run=True)
    return json.loads(
        json.dumps(trace_data(unsafe_perform_io(run(pipe(b.builder(), *steps, b.do)).unwrap())))
    )


@cache
def shop():
    """A trace of the examples, in which each thing happens that may become of a resource."""
    lost = {"apiVersion": "shop.example.com/v1", "kind": "Unknown", "metadata": {"name": "lost"}}
    return traced(b.filenames(str(EXAMPLES)), b.objects(lost), *SHOP)


@cache
def cut():
    """A trace of a run that stops at the first failure: the others are skipped."""
    return traced(b.objects(PLAIN, PLAIN, PLAIN), b.namespace("default"), b.default_namespace)


@cache
def wild():
    """A trace of an object full of what is easily shown wrongly."""
    return traced(b.objects(WILD), b.decorated(with_odd_fields), b.local)


@cache
def many(number):
    """A trace of as many resources, of which some are dropped and some fail."""
    kinds = ("ConfigMap", "ConfigMap", "Secret", "ConfigMap", "Role", "ConfigMap", "Unknown")
    names = (
        {"apiVersion": "v1", "kind": kinds[n % 7], "metadata": {"name": f"web-{n:04}"}} for n in range(number)
    )
    return traced(b.objects(*names), *SHOP)


@pytest.fixture
def show(open_page, tmp_path):
    """Show the page of a trace's data, changed by pairs of texts if any are given."""

    def show_data(data, *mutations, **options):
        html = page_of_data(data)
        for old, new in mutations:
            assert html.count(old) == 1, old
            html = html.replace(old, new)
        (tmp_path / "trace.html").write_text(html, encoding="utf-8")
        return open_page((tmp_path / "trace.html").as_uri(), **options)

    return show_data


READ = """() => {
  const details = document.getElementById("details"), cell = document.querySelector("[aria-selected=true]");
  const one = (root, selector) => root.querySelector(selector)?.textContent ?? "";
  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const isCurrent = e => e.hasAttribute("aria-current");
  const current = selector => all(document, selector).flatMap((e, n) => isCurrent(e) ? [n] : []);
  return {
    word: cell.textContent || cell.getAttribute("aria-label"), focused: document.activeElement === cell,
    row: one(cell.parentNode, "b"), selected: all(document, "[aria-selected=true]").length,
    parts: current("#equation .part"), heads: current("[role=columnheader]:not(.corner)"),
    marked: one(document, "#equation [aria-current]"),
    name: one(details, "h2"), became: one(details, ".key"), why: one(details, ".why"),
    stage: one(details, ".stage"),
    facts: all(details, "dt").map(e => [e.textContent, e.nextSibling.textContent]),
    changes: all(details, "li").map(e => [one(e, ".path"), one(e, ".before"), one(e, ".after")]),
    requests: all(details, ".request").map(e => e.textContent),
    objects: all(details, "pre").map(e => e.textContent),
    images: all(document, "img, b b, script").length,
  };
}"""


def columns_of(data):
    return [
        ("read", "source"),
        *((stage["name"], stage["kind"]) for stage in data["stages"]),
        (data["verb"], "verb"),
    ]


def words_of(data, way):
    """What is to stand in the cells of a row; None where the resource did not come."""
    words = [None] * len(columns_of(data))
    for step in way["steps"]:
        words[step["stage"] + 1] = step["became"]
    if not any(step["became"] in ENDS for step in way["steps"]):
        outcome = way["outcome"]
        said = outcome and outcome["action"]
        words[-1] = said or ("planned" if way["requests"] else None)
    return words


def object_at(way, stage):
    """The object after a stage: of what passed, that of the step before."""
    steps = [step for step in way["steps"] if step["stage"] <= stage]
    return next((s["object"] for s in reversed(steps) if s["became"] != "passed" or s["object"]), None)


def value_text(value):
    """A value in YAML or JSON, read."""
    return "" if value is None else value


def check_cell(seen, data, way, column):
    """Compare what the page shows of a cell with what the data says."""
    columns, word = columns_of(data), words_of(data, way)[column]
    assert seen["word"] == (word or "not reached")
    assert (seen["selected"], seen["focused"], seen["images"]) == (1, True, 2)
    assert (seen["parts"], seen["heads"]) == (position(data, column), [column])
    assert seen["marked"] == ("v" if column == 0 else columns[column][0])
    assert seen["row"] == seen["name"] == (way["resource"] or "not readable")
    assert seen["became"].startswith(word or "not reached")
    assert seen["stage"].startswith(f"{columns[column][0]} ({columns[column][1]}): ")
    origin = way["origin"]
    facts = dict(seen["facts"])
    place = [origin["source"] or "no file", *(f"{k} {origin[k]}" for k in ("document", "line") if origin[k])]
    assert facts["read from"] == ", ".join(place)
    for fact, key in (("opened from", "list"), ("namespace", "namespace"), ("mapping", "mapping")):
        assert facts.get(fact, "") == way[key]
    (check_verb if column == len(columns) - 1 else check_step)(seen, data, way, column)


def position(data, column):
    """Where the part of a column stands in the equation: stages stand from the last to the first."""
    stages = len(data["stages"])
    return [stages if column == 0 else stages - column if column <= stages else column]


def check_step(seen, data, way, column):
    step = next((step for step in way["steps"] if step["stage"] == column - 1), None)
    assert seen["why"] == (step["why"] if step else "")
    changes = step["changes"] if step else []
    read = [
        [path, *(yaml.safe_load(side) if side else None for side in sides)]
        for path, *sides in seen["changes"]
    ]
    assert read == [[change["path"], change["before"], change["after"]] for change in changes]
    expected = object_at(way, step["stage"]) if step else None
    assert list(map(yaml.safe_load, seen["objects"])) == ([] if expected is None else [expected])
    assert seen["requests"] == []


def check_verb(seen, data, way, column):
    if words_of(data, way)[column] is None:
        assert (seen["requests"], seen["objects"]) == ([], [])
        return
    asked = [f"{r['method']} {r['path']}{'?' if r['query'] else ''}" for r in way["requests"]]
    queries = ["&".join("=".join(pair) for pair in r["query"].items()) for r in way["requests"]]
    answered = [str(answer["status"]) for answer in way["answers"]]
    assert seen["requests"] == [*map("".join, zip(asked, queries, strict=True)), *answered]
    bodies = [one["body"] for one in (*way["requests"], *way["answers"]) if one["body"] is not None]
    assert list(map(yaml.safe_load, seen["objects"])) == bodies
    outcome = way["outcome"]
    assert seen["why"] == (outcome["error"] if outcome else "")
    assert dict(seen["facts"])["report"] == outcome["action"]
    assert dict(seen["facts"]).get("warnings", "") == "\n".join(outcome["warnings"])


def check_page(page, data):
    """Walk with the keys through all cells, row by row, and compare each with the data."""
    assert page.locator("#equation").text_content() == data["equation"]
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    for number, way in enumerate(data["ways"]):
        if number:
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Home")
        for column in range(len(columns_of(data))):
            if column:
                page.keyboard.press("ArrowRight")
            check_cell(page.evaluate(READ), data, way, column)


def became_anywhere(data):
    return {word for way in data["ways"] for word in words_of(data, way)}


def test_what_is_shown_is_what_ran(show):
    data = shop()
    assert became_anywhere(data) >= {
        "read",
        "passed",
        "changed",
        "opened",
        "dropped",
        "failed",
        "created",
        None,
    }
    check_page(show(data), data)


def test_what_was_skipped_is_no_success(show):
    page = show(cut())
    words = [words_of(cut(), way)[-1] for way in cut()["ways"]]
    assert words == ["created", "failed", "skipped"]
    check_page(page, cut())
    kinds = page.locator(".body .cell:last-child").evaluate_all("cells => cells.map(c => c.classList[2])")
    assert kinds == ["done", "failed", "dropped"]


def test_a_plan_and_an_empty_trace_are_shown_too(show):
    target = pipe(b.builder(), b.objects(PLAIN), b.namespace("shop"), b.default_namespace, b.do)
    page = show(trace_data(unsafe_perform_io(edge.trace(edge.embedded())(target).unwrap())))
    assert page.get_by_role("gridcell", name="planned").count() == 1
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    assert "Nothing was sent: this is a plan" in page.locator("#details").text_content()
    empty = show({**shop(), "ways": []})
    for key in ("n", "Control+End", "Escape", "Enter", "?", "Escape", "/", "Escape"):
        empty.keyboard.press(key)
    assert empty.locator("#nothing").is_visible()
    assert empty.locator("#equation").text_content() == shop()["equation"]


def test_odd_text_is_shown_as_it_is(show):
    page = show(wild())
    check_page(page, wild())
    assert "caught" not in page.title()


FAULTS = {
    "the neighbour's step": ("cell = way.cells[at.column];", "cell = way.cells[Math.max(0, at.column - 1)];"),
    "the neighbour's resource": (
        "const way = ways[at.way],",
        "const way = ways[(at.way + 1) % ways.length],",
    ),
    "before for after": ("({ path, before, after })", "({ path, before: after, after: before })"),
    "stages in the order of the run": (": [parts[1]]).reverse();", ": [parts[1]]);"),
    "the mark of the neighbour": (
        "of [parts[column], heads[column]]",
        "of [parts[column], heads[1]]",
    ),
    "nothing of what passed": ("step.object ?? object", "step.object"),
    "another object": ("data.objects[number]", "data.objects[number && number - 1]"),
    "no answers": ("...answers.flatMap", "...[].flatMap"),
    "no reason": ("cell?.step ? cell.step.why", 'cell?.step ? ""'),
    "details of the cell before": ("if (!details.hidden) drawDetails();", ""),
    "words of another step": ("word: step.became, step, object", 'word: "passed", step, object'),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_shows_something_else_is_found_out(show, fault):
    page = show(shop(), FAULTS[fault])
    with pytest.raises(AssertionError):
        check_page(page, shop())


ODD_FAULTS = {
    "words that YAML reads otherwise": (" && !WORD.test(value)", ""),
    "rounded numbers": (r"/\d{16}/.test(dataText) ? exact : undefined", "undefined"),
    "text as markup": (
        "element.append(...children.filter(child => child !== null));",
        "for (const child of children) if (child !== null) typeof child === 'string'"
        " ? element.insertAdjacentHTML('beforeend', child) : element.append(child);",
    ),
}


@pytest.mark.parametrize("fault", ODD_FAULTS)
def test_a_page_that_changes_odd_text_is_found_out(show, fault):
    page = show(wild(), ODD_FAULTS[fault])
    with pytest.raises(AssertionError):
        check_page(page, wild())
    # What markup asked for was refused by the page's policy.
    page.errors.clear()
    page.foreign.clear()


def test_the_lines_that_changed_are_marked_and_in_sight(show):
    page = show(shop())
    names = [way["resource"] for way in shop()["ways"]]
    column = [name for name, _ in columns_of(shop())].index("decorated(from_mirror)")
    page.locator(f"[data-way='{names.index('deployment.apps/web')}'] [role=gridcell]").nth(column).click()
    marked = page.locator("#details pre .mark")
    assert [text.strip() for text in marked.all_text_contents()] == ["image: mirror.example.com/nginx:1.29"]
    line, pane = marked.bounding_box(), page.locator("#details").bounding_box()
    assert pane["y"] < line["y"] < pane["y"] + pane["height"] - line["height"]


HERE = """() => {
  const cell = document.activeElement;
  return [Number(cell.parentNode.dataset.way), cell.ariaColIndex - 2];
}"""


def way_through(data):
    """All cells that a resource came to, as a reader steps through them."""
    words = [words_of(data, way) for way in data["ways"]]
    return [[way, column] for way, row in enumerate(words) for column, word in enumerate(row) if word]


@pytest.mark.parametrize("back", [False, True], ids=["n", "p"])
def test_stepping_goes_along_each_way_and_on_to_the_next(show, back):
    page = show(shop())
    page.keyboard.press("Control+End" if back else "Control+Home")
    assert page.locator("#details").is_hidden()
    expected = [*reversed(way_through(shop()))] if back else way_through(shop())
    seen = [page.evaluate(HERE)]
    # A few times more than there are cells: at the end there is nothing to step to.
    for _ in range(len(expected) + 2):
        page.keyboard.press("p" if back else "n")
        seen.append(page.evaluate(HERE))
    came_to = [cell for cell, before in zip(seen, [None, *seen], strict=False) if cell != before]
    assert [cell for cell in came_to if cell in expected] == expected
    assert page.locator("#details").is_visible()
    assert page.locator("#back" if back else "#step").is_disabled()


def test_buttons_step_too(show):
    page = show(shop())
    assert page.locator("#back").is_disabled()
    for _ in range(2):
        page.locator("#step").click()
    assert page.evaluate(HERE) == [0, 2]
    page.locator("#back").click()
    assert page.evaluate(HERE) == [0, 1]


FOCUS = "document.activeElement.id || document.activeElement.role || ''"


def test_keys_alone_are_enough(show):
    page = show(shop())
    press, last = page.keyboard.press, len(shop()["ways"]) - 1
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    stops = [(page.evaluate(FOCUS), page.evaluate(outline)) for _ in range(9) if not press("Tab")]
    reached = [name for name, _ in stops]
    assert {line for _, line in stops[:8]} == {"solid"}
    # Three filters have no names, nothing is before the first cell, and the grid is one stop.
    assert reached == ["name", "", "", "", "step", "help", "equation", "gridcell", reached[-1]]
    assert reached.count("gridcell") == 1
    press("/")
    press("Enter")
    assert page.evaluate(HERE) == [0, 0]
    assert page.evaluate(outline) == "solid"
    for key, here in (
        ("ArrowUp", [0, 0]),
        ("ArrowLeft", [0, 0]),
        ("ArrowDown", [1, 0]),
        ("End", [1, len(shop()["stages"]) + 1]),
        ("ArrowRight", [1, len(shop()["stages"]) + 1]),
        ("Home", [1, 0]),
        ("PageDown", [11, 0]),
        ("PageUp", [1, 0]),
        ("Control+End", [last, len(shop()["stages"]) + 1]),
        ("PageUp", [last - 10, len(shop()["stages"]) + 1]),
        ("Control+Home", [0, 0]),
    ):
        press(key)
        assert page.evaluate(HERE) == here, key
    for key, shown in ((" ", True), ("Escape", False), ("Enter", True), ("Escape", False)):
        press(key)
        assert page.locator("#details").is_visible() is shown
    press("?")
    assert page.get_by_role("dialog").is_visible()
    press("n")
    press("Escape")
    assert page.get_by_role("dialog").is_hidden()
    assert page.evaluate(HERE) == [0, 0]
    press("/")
    page.keyboard.type("role")
    press("Enter")
    assert page.locator(".body .row:visible b").all_text_contents() == [
        way["resource"] for way in shop()["ways"] if "role" in way["resource"]
    ]
    press("/")
    press("Escape")
    assert page.locator(".body .row:visible").count() == last + 1
    assert page.evaluate("document.activeElement.role") == "gridcell"


def test_a_reader_of_the_screen_hears_a_grid(show):
    page = show(shop())
    grid = page.get_by_role("grid")
    assert grid.get_by_role("columnheader").all_text_contents() == [
        "resource",
        *("".join(column) for column in columns_of(shop())),
    ]
    assert grid.get_by_role("rowheader").count() == len(shop()["ways"])
    assert grid.get_attribute("aria-rowcount") == str(len(shop()["ways"]) + 1)
    row = page.get_by_role("row", name="service/web-2")
    assert row.get_by_role("gridcell", name="created").count() == 1
    assert page.get_by_role("gridcell", name="not reached").count() > 0
    assert page.get_by_role("status").text_content() == f"{len(shop()['ways'])} shown"
    for key in ("Control+Home", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
        assert page.locator("[tabindex='0'][role=gridcell]").count() == 1


def shown_rows(page):
    return page.locator(".body .row:visible").evaluate_all("rows => rows.map(row => Number(row.dataset.way))")


def test_two_hundred_resources_stay_usable(show):
    data = many(200)
    page, words = show(data), [words_of(data, way) for way in data["ways"]]
    assert shown_rows(page) == list(range(200))
    for chip in ("changed", "dropped", "failed"):
        page.locator(f"[data-became={chip}]").click()
        expected = [n for n, row in enumerate(words) if chip in row]
        assert shown_rows(page) == expected
        assert 0 < len(expected) < 200
        assert page.locator("#status").text_content() == f"{len(expected)} of 200 shown"
        page.keyboard.press("n")
        assert page.evaluate(HERE)[0] in expected
        page.locator(f"[data-became={chip}]").click()
    for chip in ("dropped", "failed"):
        page.locator(f"[data-became={chip}]").click()
    assert shown_rows(page) == [n for n, row in enumerate(words) if {"dropped", "failed"} & set(row)]
    for chip in ("dropped", "failed"):
        page.locator(f"[data-became={chip}]").click()
    page.keyboard.press("/")
    page.keyboard.type("WEB-019")
    assert [data["ways"][n]["resource"][-8:] for n in shown_rows(page)] == [
        f"web-{n:04}" for n in range(190, 200)
    ]
    page.keyboard.type("x")
    assert shown_rows(page) == []
    assert page.locator("#nothing").is_visible()
    assert page.locator("#details").is_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+End")
    assert page.locator("[data-way='199']").evaluate(IN_SIGHT)
    for up in range(1, 31):
        page.keyboard.press("ArrowUp")
        assert page.locator(f"[data-way='{199 - up}']").evaluate(IN_SIGHT)
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    check_cell(page.evaluate(READ), data, data["ways"][-1], len(data["stages"]) + 1)
    assert page.locator("[data-way='199']").evaluate(IN_SIGHT)


IN_SIGHT = """row => {
  const [cell, grid, head] = [row.lastChild, ...["grid", "head"].map(id => document.getElementById(id))]
    .map(element => element.getBoundingClientRect());
  const isBelow = cell.top >= head.bottom && cell.bottom <= grid.bottom;
  return isBelow && cell.right <= grid.right && Math.abs(head.top - grid.top) <= 2;
}"""


def test_the_page_is_as_large_as_the_grid_and_one_cell_s_details(show):
    data = many(200)
    page = show(data)
    count = "document.querySelectorAll('*').length"
    cells = len(data["ways"]) * (len(data["stages"]) + 2)
    small = page.evaluate(count)
    # A row has a header with a name, which may be broken at its dots, and where it is from.
    assert small < cells + len(data["ways"]) * 8 + 300
    for _ in range(30):
        page.keyboard.press("n")
    details = page.locator("#details *").count()
    assert page.evaluate(count) == small + details
    assert 0 < details < 300
    skipped = "row => getComputedStyle(row).contentVisibility"
    assert page.locator("[data-way='150']").evaluate(skipped) == "auto"


def test_two_thousand_resources_end_in_the_last(show):
    data = many(2000)
    page = show(data)
    page.keyboard.press("Control+End")
    page.keyboard.press("n")
    assert page.locator("[data-way='1999']").evaluate(IN_SIGHT)
    page.keyboard.press("p")
    page.keyboard.press("Control+Home")
    check_cell(page.evaluate(READ), data, data["ways"][0], 0)


def test_a_long_object_is_cut_until_asked_for(show):
    data = traced(b.objects({**WILD, "list": ["item"] * 1500}), b.local)
    page = show(data)
    page.keyboard.press("Enter")
    assert page.locator("#details pre span").count() == 600
    page.get_by_role("button", name="show the other").click()
    assert (
        yaml.safe_load(page.locator("#details pre").text_content()) == data["ways"][0]["steps"][0]["object"]
    )


CONTRAST = """shapes => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], alpha: a / 255 };
  };
  const over = (top, under) => top.rgb.map((value, n) => value * top.alpha + under[n] * (1 - top.alpha));
  const behind = element => {
    if (!element) return read(matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "white").rgb;
    const own = read(getComputedStyle(element).backgroundColor);
    return own.alpha === 1 ? own.rgb : over(own, behind(element.parentElement));
  };
  const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const hasText = e => [...e.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  const elements = [...document.querySelectorAll("body, body *")].filter(e =>
    e.checkVisibility() && !["SCRIPT", "STYLE"].includes(e.tagName));
  const found = shapes
    ? elements.filter(e => e.matches(".way"))
      .map(e => [e, read(getComputedStyle(e, "::before").backgroundColor)])
    : elements.filter(e => hasText(e) || e.matches("input")).map(e => [e, read(getComputedStyle(e).color)]);
  const name = e => `${e.tagName}.${e.className} ${e.textContent.slice(0, 40)}`;
  return found.map(([e, color]) => [ratio(over(color, behind(e)), behind(e)), name(e)]);
}"""


def least_contrast(page):
    """The lowest contrasts of text and of shapes that are shown."""
    text, shapes = page.evaluate(CONTRAST, False), page.evaluate(CONTRAST, True)
    return min(text), min(shapes, default=[21, ""])


def each_kind_of_cell(page, data):
    """Open the details of a cell of each kind, one after the other."""
    for word in sorted(filter(None, became_anywhere(data))):
        page.locator(".body [role=gridcell]", has_text=word).first.click()
        yield word


def check_contrast(page, data):
    for word in each_kind_of_cell(page, data):
        text, shape = least_contrast(page)
        assert text[0] >= 4.5, (word, text)
        assert shape[0] >= 3, (word, shape)
    page.keyboard.press("?")
    text, _ = least_contrast(page)
    assert text[0] >= 4.5, ("keys", text)


@SCHEMES
def test_all_text_stands_out(show, dark):
    check_contrast(show(shop(), dark=dark), shop())


@SCHEMES
@pytest.mark.parametrize(
    "fault",
    [
        ("--muted: #545d68", "--muted: #9aa3ad"),
        ("--muted: #a9b3be", "--muted: #5b646e"),
        ("--dropped: #84500a", "--dropped: #d9a05a"),
    ],
)
def test_text_that_does_not_stand_out_is_found_out(show, dark, fault):
    page = show(shop(), fault, dark=dark)
    if dark != ("#a9b3be" in fault[0]):
        check_contrast(page, shop())
        return
    with pytest.raises(AssertionError):
        check_contrast(page, shop())


def test_dark_is_dark(show):
    background = "getComputedStyle(document.body).backgroundColor"
    lights = [
        sum(map(int, show(shop(), dark=dark).evaluate(background)[4:-1].split(", ")))
        for dark in (False, True)
    ]
    assert lights[0] > 3 * 200 > 3 * 60 > lights[1]


def test_each_word_has_a_shape_of_its_own(show):
    page = show(shop())
    shape = """cells => cells.map(cell => {
      const style = getComputedStyle(cell, "::before");
      return [cell.classList[2], style.clipPath + style.borderRadius, style.backgroundColor];
    })"""
    found = page.locator(".body .cell.way").evaluate_all(shape)
    kinds = {kind for kind, *_ in found}
    assert kinds == {"read", "passed", "changed", "opened", "dropped", "failed", "done"}
    assert len({shape for _, shape, _ in found}) == len(kinds)


def test_nothing_moves_and_nothing_may_be_fetched(show):
    page = show(shop())
    moving = """all => all.map(e => getComputedStyle(e))
      .filter(style => style.transitionDuration !== "0s" || style.animationName !== "none").length"""
    assert page.locator("body *").evaluate_all(moving) == 0
    refused = """() => new Promise(done => {
      document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
      const picture = new Image();
      // An error is told of after the refusal, if there is one.
      picture.onerror = () => setTimeout(() => done("nothing"), 1000);
      picture.src = "http://127.0.0.1:9/picture";
    })"""
    assert page.evaluate(refused) == "img-src"
    assert len(page.errors) == 1
    page.errors.clear()
    page.foreign.clear()


@SCHEMES
def test_a_phone_scrolls_the_grid_and_not_the_page(show, dark):
    page = show(shop(), width=400, height=800, dark=dark)
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.locator("[data-way='0']").evaluate(IN_SIGHT)
    sticky = page.locator("[data-way='0'] [role=rowheader]").bounding_box()
    assert sticky["x"] == 0
    overlaps = """sections => sections.map(e => e.getBoundingClientRect())
      .some((box, n, all) => n > 0 && box.top < all[n - 1].bottom)"""
    assert page.locator("#details section").evaluate_all(overlaps) is False
    assert least_contrast(page)[0][0] >= 4.5


@SCHEMES
def test_the_short_form_fits_its_page(open_page, tmp_path, dark):
    html = "<!DOCTYPE html><meta charset=utf-8><style>:root { color-scheme: light dark; }</style>"
    path = tmp_path / "short.html"
    path.write_text(f"{html}<p id=beside><b>beside it</b></p>{repr_html_of_data(shop())}", encoding="utf-8")
    page = open_page(path.as_uri(), dark=dark)
    rows = page.locator("details")
    assert rows.count() == len(shop()["ways"])
    for number, way in enumerate(shop()["ways"]):
        summary = rows.nth(number).locator("summary")
        assert summary.locator(".way").all_text_contents() == list(filter(None, words_of(shop(), way)))
        summary.focus()
        page.keyboard.press("Enter")
        assert summary.locator("b").text_content() == (way["resource"] or "not readable")
        changed = [c["path"] for step in way["steps"] for c in step["changes"]]
        assert rows.nth(number).locator("ul ul code").all_text_contents() == changed
    text, shapes = least_contrast(page)
    assert text[0] >= 4.5, text
    assert shapes[0] >= 3, shapes
    assert page.locator("#beside b").evaluate("e => getComputedStyle(e).display") == "inline"
