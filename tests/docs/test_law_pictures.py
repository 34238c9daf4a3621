"""Each law has a picture that was made by running it; a wrong implementation gives an unequal one."""

import re
from copy import deepcopy
from xml.etree import ElementTree

import law_examples
import law_pictures
import pytest
from law_shapes import describe, pieces
from returns.result import Failure, Success

from fkube import laws
from fkube.laws.compare import Sides
from fkube.report import Outcome
from fkube.resource.errors import DecodeError, failures
from fkube.resource.info import Info, Origin
from fkube.visitor import visitor_list
from tests.laws.mutants import MUTANTS

SVG = "{http://www.w3.org/2000/svg}"
WEB = Info({"kind": "Pod", "metadata": {"name": "web"}})


def signs(drawn):
    """The signs between the sides, in order."""
    texts = (element.text for element in ElementTree.fromstring(drawn).iter(f"{SVG}text"))
    return [text for text in texts if text in ("=", "≠")]


def caught(name):
    """The pictures of a law of its mutants which its example tells from what is right."""
    drawings = [law_pictures.draw_law(getattr(laws, name), **deepcopy(mutant)) for mutant in MUTANTS[name]]
    return [drawn for drawn in drawings if "≠" in signs(drawn)]


@pytest.mark.parametrize("name", laws.__all__)
def test_a_law_is_drawn_with_equal_sides_and_a_wrong_implementation_with_unequal_ones(name):
    drawn = law_pictures.draw_law(getattr(laws, name))
    assert signs(drawn)
    assert set(signs(drawn)) == {"="}
    assert " at 0x" not in drawn
    assert caught(name), f"the example of {name} shows no difference: see docs/law_examples.py"
    for wrong in caught(name):
        assert "differs" in wrong or "they differ in what is not shown" in wrong
        assert wrong != drawn


def test_both_sides_of_an_unequal_clause_are_shown_and_what_differs_is_marked():
    def twice(*visitors):
        return visitor_list(*visitors, *visitors)

    drawn = law_pictures.draw_law(laws.eager_agrees, eager_visitor_list=twice)
    assert signs(drawn) == ["≠"]
    kinds = [rect.get("class") for rect in ElementTree.fromstring(drawn).iter(f"{SVG}rect")]
    assert kinds == ["card", *["box plain"] * 3, *["box plain differs"] * 3, *["box plain"] * 3]


def test_a_law_with_a_parameter_of_which_there_is_no_example_has_no_picture():
    def new_law(unheard_of):
        """x == x"""
        return Sides("x == x", unheard_of, unheard_of)

    with pytest.raises(LookupError, match=r"new_law has no picture: give an example of \['unheard_of'\]"):
        law_pictures.draw_law(new_law)


def test_what_is_compared_is_drawn_as_it_came_out():
    def counting(value, *, count=len):
        """Two clauses"""
        return Sides("x == 7", value, 7) and Sides("count", count("abc"), 3)

    texts = [e.text for e in ElementTree.fromstring(law_pictures.draw_law(counting)).iter(f"{SVG}text")]
    assert texts == [
        "counting",
        "Two clauses",
        "x: value = 7",
        "x == 7",
        "7",
        "=",
        "7",
        "count",
        "3",
        "=",
        "3",
    ]
    wrong = law_pictures.draw_law(counting, count=lambda _: 4)
    assert signs(wrong) == ["=", "≠"]


def test_every_law_is_on_the_page_once_in_the_order_of_the_page_of_laws():
    page = law_pictures.make_pages()[law_pictures.PAGE]
    shown = re.findall(r"^!\[.*\]\(laws/(\w+)\.svg\)$", page, re.MULTILINE)
    assert sorted(shown) == sorted(laws.__all__)
    assert shown == [name for _, names in law_pictures.sections() for name in names]


def test_no_picture_is_left_of_a_law_that_is_gone():
    there = {path.stem for path in (law_pictures.ROOT / law_pictures.FOLDER).iterdir()}
    assert there == set(laws.__all__)


def test_no_example_is_left_over():
    used = {name for law in laws.__all__ for name in law_examples.example_of(getattr(laws, law))}
    assert used == set(law_examples.VALUES)
    assert set(law_examples.OTHERS) <= set(laws.__all__)


PIECES = (
    (Success((WEB,)), [("Pod web",)]),
    (Success(()), [("nothing",)]),
    (Failure(failures(DecodeError("no"))), [("✗ no",)]),
    (Success((Outcome("created", Origin(), WEB),)), [("created Pod web",)]),
    ([1, (2, 3)], [("1",), ("(2, 3)",)]),
)


@pytest.mark.parametrize(("value", "names"), PIECES)
def test_a_side_is_drawn_in_pieces(value, names):
    assert [piece.name for piece in pieces(value)] == names


def test_what_is_secret_is_not_drawn():
    secret = Info(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"key": "aHVzaA=="}}
    )
    assert "aHVzaA" not in str(pieces(secret)) + describe(secret)
