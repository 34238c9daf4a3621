"""The playground in Chromium: what it shows is what fkube says here of the same texts."""

import re

import pytest
from playground import playground
from playwright.sync_api import expect

LONG = 120_000  # Milliseconds, in which the slowest machine has loaded Python.


@pytest.fixture
def play(open_page, site):
    """The playground, opened; its Python is loaded by the first run."""
    if not (site / "assets/pyodide").exists():
        pytest.skip("the site was built without npm: the playground has no Python")

    def open_it(path="playground/", **options):
        page = open_page(path, **options)
        page.wait_for_selector("#pg[data-open]")
        return page

    return open_it


def press_run(page):
    """Run what the page has, and wait until it has run or failed."""
    page.click("#pg-run")
    wait(page)


def wait(page):
    expect(page.locator("#pg")).to_have_attribute("aria-busy", "false", timeout=LONG)


def texts(page):
    return page.input_value("#pg-manifest"), page.input_value("#pg-program")


def lines(text):
    """A table without how old things are, and when they were made."""
    ages = (re.sub(r"\s+(\d+m?s|\d{4}-\d\d-\d\dT\S+)$", "", line) for line in text.splitlines())
    return [re.sub(r" +", " ", line) for line in ages if line]


def assert_shows_truth(page):
    """The page shows what fkube says in this process of the texts that the page has."""
    true = playground.play(*texts(page))
    assert page.inner_text("#pg-report") == true["report"]
    assert page.locator("#pg-outcomes li").all_inner_texts() == true["outcomes"]
    assert lines(page.inner_text("#pg-cluster > pre")) == lines(true["cluster"] or "No objects.")
    assert sorted(page.locator(".pg-tree summary").all_inner_texts()) == sorted(
        one["name"] for one in true["objects"]
    )
    requests = [f"{one['line']} → {one['status']}" for one in true["requests"]]
    assert page.locator("#pg-requests summary").all_inner_texts() == requests
    trace = page.frame_locator("#pg-trace")
    expect(trace.locator("h1")).to_contain_text("fkube trace")
    ran = re.search(r"<title>(.*?) ·", true["trace"])[1]
    expect(trace.locator("h1")).to_contain_text(ran)
    expect(page.locator("#pg-picture")).to_have_js_property("complete", True)
    assert page.get_attribute("#pg-picture", "alt") == true["explain"]
    assert page.evaluate("document.getElementById('pg-picture').naturalWidth") > 0


def test_what_is_shown_is_what_fkube_says(play):
    page = play()
    press_run(page)
    assert_shows_truth(page)
    assert page.inner_text("#pg-report") == "4 created"
    page.locator(".pg-tree summary", has_text="secret/payments").click()
    assert '"api-key": "***"' in page.inner_text("#pg-cluster")
    # A stage more, where it drops what has no label; then behind a stage that sets the label.
    program = page.input_value("#pg-program")
    page.fill("#pg-program", program.replace("    b.do,", '    b.label_selector("app!=web"),\n    b.do,'))
    press_run(page)
    assert_shows_truth(page)
    assert page.inner_text("#pg-report") == "3 created"
    program = program.replace("    b.do,", '    b.label_selector("app=web"),\n    b.do,')
    page.fill("#pg-program", program.replace('set_labels(team="web")', 'set_labels(app="web")'))
    page.keyboard.press("Control+Enter")
    wait(page)
    assert_shows_truth(page)
    assert page.inner_text("#pg-report") == "4 created"
    for title in page.locator("#pg-example option").all_inner_texts()[1:]:
        page.select_option("#pg-example", label=title)
        press_run(page)
        assert_shows_truth(page)


def test_errors_have_lines_and_the_page_goes_on(play):
    page = play()
    program = page.input_value("#pg-program")
    page.fill("#pg-program", "x = 1\nfoo(")
    press_run(page)
    assert page.inner_text("#pg-error") == "line 2: '(' was never closed"
    field = page.locator("#pg-program")
    assert field.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)") == "foo("
    assert page.is_hidden("#pg-after")
    page.fill("#pg-program", "print('so far')\nraise ValueError('no')")
    press_run(page)
    assert page.inner_text("#pg-error") == "line 2: ValueError: no"
    assert page.inner_text("#pg-printed").strip() == "so far"
    page.fill("#pg-program", program.replace("verbs.create()", "verbs.apply()"))
    page.check("#pg-keep")
    for report in ("4 created", "4 unchanged"):
        press_run(page)
        assert page.inner_text("#pg-report") == report
        assert page.is_hidden("#pg-error")
    page.uncheck("#pg-keep")
    page.fill("#pg-program", "foo")
    press_run(page)
    assert page.inner_text("#pg-cluster") == "No objects."
    page.fill("#pg-program", program)
    press_run(page)
    assert_shows_truth(page)


def test_a_program_that_does_not_end_is_stopped(play):
    page = play()
    program = page.input_value("#pg-program")
    page.fill("#pg-program", "while True:\n    pass")
    page.click("#pg-run")
    expect(page.locator("#pg-status")).to_have_text("Running…", timeout=LONG)
    # The page is alive meanwhile.
    page.fill("#pg-program", program)
    page.click("#pg-stop")
    expect(page.locator("#pg-status")).to_contain_text("Stopped")
    press_run(page)
    assert_shows_truth(page)


def test_a_link_has_both_texts_and_runs_nothing(play):
    page = play()
    page.fill("#pg-manifest", "kind: Ä — 🎉\n")
    page.fill("#pg-program", "print('é')")
    page.click("#pg-share")
    expect(page.locator("#pg-status")).to_contain_text("address")
    shared = page.url.partition("#")[2]
    assert re.fullmatch(r"[-\w]+", shared)
    other = play(f"playground/#{shared}")
    assert texts(other) == ("kind: Ä — 🎉\n", "print('é')")
    assert other.get_attribute("#pg", "aria-busy") is None
    expect(other.locator("#pg-status")).to_contain_text("from the link")
    broken = play("playground/#nonsense")
    expect(broken.locator("#pg-status")).to_contain_text("can't be read")
    assert "apiVersion" in broken.input_value("#pg-manifest")


def test_keyboard(play):
    page = play()
    page.fill("#pg-program", "a\nb")
    page.focus("#pg-program")
    page.keyboard.press("Control+End")
    page.keyboard.press("Tab")
    assert page.input_value("#pg-program") == "a\nb    "
    page.keyboard.press("Control+A")
    page.keyboard.press("Tab")
    assert page.input_value("#pg-program") == "    a\n    b    "
    page.keyboard.press("Shift+Tab")
    assert page.input_value("#pg-program") == "a\nb    "
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "pg-cluster"


def luminance(page, selector, field):
    """How light a colour of an element is, from 0 to 255."""
    colour = page.locator(selector).evaluate(f"(it) => getComputedStyle(it).{field}")
    # A canvas knows every way to write a colour.
    draw = """colour => {
        const it = document.createElement('canvas').getContext('2d');
        it.fillStyle = colour; it.fillRect(0, 0, 1, 1);
        return [...it.getImageData(0, 0, 1, 1).data];
    }"""
    red, green, blue, _ = page.evaluate(draw, colour)
    return 0.3 * red + 0.6 * green + 0.1 * blue


def test_light_and_dark_wide_and_narrow(play):
    page = play()
    press_run(page)
    body = page.frame_locator("#pg-trace").locator("body")
    for dark in (True, False):
        page.emulate_media(color_scheme="dark" if dark else "light")
        expect(body).to_have_css("background-color", "rgb(20, 23, 27)" if dark else "rgb(246, 247, 248)")
        paper = luminance(page, "#pg-program", "backgroundColor")
        ink = luminance(page, "#pg-program", "color")
        assert (paper < 80 < ink) if dark else (ink < 120 < paper)
    # The site's own switch, while the system is light.
    page.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
    expect(body).to_have_css("background-color", "rgb(20, 23, 27)")
    panes = ("#pg-manifest", "#pg-program", "#pg-cluster")
    first, second, third = (page.locator(name).bounding_box() for name in panes)
    assert first["x"] < second["x"] < third["x"]
    assert abs(first["y"] - third["y"]) < 4
    page.set_viewport_size({"width": 390, "height": 800})
    first, second, third = (page.locator(name).bounding_box() for name in panes)
    assert first["y"] < second["y"] < third["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
