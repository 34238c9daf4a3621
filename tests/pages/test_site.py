"""The site in Chromium: found by search, read in the dark and on a phone, with the keyboard alone.

`open_page` sees to it that no page asks another host for anything, or writes an error on the console.
"""

import re

import pytest
from playwright.sync_api import expect

PHONE = 390


def paths(site):
    """Where the pages of the site are served."""
    return [path.parent.relative_to(site).as_posix() for path in sorted(site.rglob("index.html"))]


def partition(predicate, values):
    """The values of which something is so, and the others."""
    return [value for value in values if predicate(value)], [
        value for value in values if not predicate(value)
    ]


def test_the_first_page_says_where_to_go(open_page):
    page = open_page()
    expect(page).to_have_title(re.compile("fkube"))
    page.get_by_role("main").get_by_role("link", name="First steps", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("First steps")


@pytest.mark.parametrize("word", ["decorator", "kr8s"])
def test_search_finds_a_word_and_opens_the_page_by_the_keyboard(open_page, word):
    page = open_page("reference/public/")
    expect(page.get_by_role("combobox", name="Search", include_hidden=True)).to_be_attached()
    page.keyboard.press("Control+k")
    expect(page.locator("input:focus")).to_be_visible()
    page.keyboard.type(word)
    expect(page.get_by_text(re.compile(r"^\d+ results?$"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(word, re.IGNORECASE))


def background(page):
    """How light the page is, from 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3


@pytest.mark.parametrize("dark", [False, True])
def test_a_page_is_as_dark_as_the_system_and_can_be_switched(open_page, dark):
    page = open_page("tutorial/first-steps/", dark=dark)
    assert (background(page) < 100) is dark
    switch = page.locator("header label[for^=__palette]:visible")
    seen = [background(page) < 100]
    for _ in range(3):
        switch.first.click()
        seen.append(background(page) < 100)
    assert set(seen) == {True, False}
    assert seen[3] is dark


def test_every_page_finds_room_on_a_phone(open_page, site):
    page = open_page(width=PHONE)
    base = page.url
    # The pages of modules are made alike: some of them stand for all.
    modules, others = partition(lambda path: path.startswith("reference/modules/"), paths(site))
    for path in (*others, *modules[::8]):
        page.goto(base + path)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= PHONE, path


def test_the_pages_of_the_cookbook_say_what_is_printed(open_page):
    page = open_page("examples/cookbook/04_policy/")
    expect(page.get_by_text("5 skipped, 5 failed", exact=False).first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4. A policy")


def test_the_page_of_a_trace_can_be_stepped_through_from_the_first_page(open_page):
    page = open_page()
    page.locator("a[href$='trace.html']").first.click()
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_role("gridcell", selected=True)).to_contain_text("passed")


def test_a_request_to_another_host_and_an_error_on_the_console_are_found_out(open_page):
    page = open_page()
    # A port of this machine at which nobody listens.
    page.evaluate("fetch('http://127.0.0.1:9/font.woff2').catch(() => console.error('planted'))")
    assert page.foreign == ["http://127.0.0.1:9/font.woff2"]
    assert "planted" in page.errors
    page.foreign.clear()
    page.errors.clear()


def test_a_page_that_is_too_wide_for_a_phone_is_found_out(open_page):
    page = open_page(width=PHONE)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div style=\"width: 500px\">wide</div>')")
    assert page.evaluate("document.scrollingElement.scrollWidth") > PHONE
