"""The links of the built site: each leads to a page, and to a place on it; and each page can be reached."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
BASE = "http://site/"
LINKS = {"href", "src"}


def read_page(path):
    """The links of a page, and the places on it."""
    links, places = [], set()
    parser = HTMLParser()

    def start(tag, attributes):
        found = dict(attributes)
        links.extend(found[name] for name in LINKS & set(found))
        places.update(filter(None, (found.get("id"), found.get("name") if tag == "a" else None)))

    parser.handle_starttag = start
    parser.feed(path.read_text(encoding="utf-8"))
    return links, places


@cache
def read_site(site):
    """The links and places of every page, by its address."""
    return {
        BASE + path.relative_to(site).as_posix(): read_page(path) for path in sorted(site.rglob("*.html"))
    }


def resolve(link, page, site):
    """The address of a file of the site to which a link leads, and the place on it; "" for no file."""
    address, place = urldefrag(urljoin(page, link))
    path = site / unquote(urlsplit(address).path).lstrip("/")
    path = path / "index.html" if path.is_dir() else path
    return (BASE + path.relative_to(site).as_posix() if path.is_file() else ""), unquote(place)


def is_external(link):
    return urlsplit(link).scheme not in ("", "http") or urlsplit(link).netloc not in (
        "",
        urlsplit(BASE).netloc,
    )


def tell_broken(link, page, site):
    """What is wrong with a link of a page; "" if it leads somewhere, or may."""
    scheme, host, *_ = urlsplit(link)
    if is_external(link):
        possible = scheme in ("data", "mailto") or (scheme in ("http", "https") and "." in host)
        return "" if possible else "no address"
    target, place = resolve(link, page, site)
    if not target:
        return "no file"
    there = not place or target not in read_site(site) or place in read_site(site)[target][1]
    return "" if there else "no such place"


def find_broken(site):
    """What is wrong with links: the page, the link, and why."""
    for page, (links, _) in read_site(site).items():
        for link in links:
            if told := tell_broken(link, page, site):
                yield page.removeprefix(BASE), link, told


def find_reached(site, first="index.html"):
    """The pages to which links lead from the first one, and from those."""
    pages, reached, ahead = read_site(site), set(), [BASE + first]
    while ahead:
        page = ahead.pop()
        if page in reached or page not in pages:
            continue
        reached.add(page)
        ahead.extend(resolve(link, page, site)[0] for link in pages[page][0] if not is_external(link))
    return reached


def test_every_link_leads_somewhere(site):
    assert list(find_broken(site)) == []


def test_every_page_can_be_reached_from_the_first(site):
    assert set(read_site(site)) - find_reached(site) == {f"{BASE}404.html"}


def test_no_page_says_where_it_was_built(site):
    said = [path for path in site.rglob("*") if path.is_file() and str(ROOT).encode() in path.read_bytes()]
    assert said == []


PLANTED = [
    ('<a href="b/">', []),
    ('<a href="b/#there">', []),
    ('<a href="b/#not">', [("index.html", "b/#not", "no such place")]),
    ('<a href="#not">', [("index.html", "#not", "no such place")]),
    ('<a href="c/">', [("index.html", "c/", "no file")]),
    ('<img src="c.png">', [("index.html", "c.png", "no file")]),
    ('<a href="https://example.com/">', []),
    ('<a href="https://nowhere/">', [("index.html", "https://nowhere/", "no address")]),
    ('<a href="htps://example.com/">', [("index.html", "htps://example.com/", "no address")]),
]


@pytest.mark.parametrize(("planted", "told"), PLANTED)
def test_a_broken_link_is_found(planted, told, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "index.html").write_text('<h1 id="there">b</h1>')
    (tmp_path / "index.html").write_text(planted)
    assert list(find_broken(tmp_path)) == told


def test_a_page_to_which_nothing_leads_is_found(tmp_path):
    for name, text in {"index": '<a href="b.html">', "b": "", "c": '<a href="b.html">'}.items():
        (tmp_path / f"{name}.html").write_text(text)
    assert set(read_site(tmp_path)) - find_reached(tmp_path) == {f"{BASE}c.html"}
