"""Go templates drawn at random: most make sense, many nearly do."""

from __future__ import annotations

from random import Random

FIELDS = (
    ".",
    ".s",
    ".n",
    ".f",
    ".t",
    ".l",
    ".m",
    ".m.b.c",
    ".items",
    ".nul",
    ".nope",
    ".u",
    ".ll",
    ".name",
    "$.s",
    "$",
    ".e",
    ".a",
    ".huge",
)
CONSTANTS = (
    "1",
    "0",
    "-3",
    "2.5",
    '"a"',
    '""',
    "`r`",
    "'x'",
    "true",
    "false",
    "nil",
    "1e3",
    "0x1F",
    '"é%d\\n"',
    "1i",
    "007",
    "1_0",
)
FUNCTIONS = (
    *(
        "len",
        "not",
        "print",
        "println",
        "html",
        "js",
        "urlquery",
        "index",
        "slice",
        "printf",
        "eq",
        "ne",
        "lt",
    ),
    *("le", "gt", "ge", "and", "or", "call", "exists", "base64decode"),
)
WANTED = (
    *(
        "len @",
        "len &",
        "index & ~",
        "index & ~",
        "index .m $",
        "index .m $ $",
        "slice & 0 ~",
        "slice $ 1",
        "slice @ 1 2",
    ),
    *(
        "eq $ $",
        "eq ~ ~",
        "eq ~ ~ ~",
        "ne $ $",
        "lt ~ ~",
        "le $ $",
        "gt ~ ~",
        "ge ~ ~",
        "eq .nul ?",
        "ne ? nil",
    ),
    *(
        "and ? ?",
        "or ? ? ?",
        "not ?",
        "print ? ?",
        "println ?",
        "html ?",
        "js $",
        "urlquery $ ~",
        "print $ ? ~",
    ),
    *(
        "exists .m $",
        "exists & ~",
        "exists ? ? ?",
        "base64decode .b64",
        "base64decode $",
        "html & ?",
        "len $",
    ),
)
"""Commands that mostly work: `&` is a list, `@` a map or text, `$` a text, `~` an integer, `?` anything."""
PIPED = (
    *(
        "len",
        "not",
        "print",
        "html",
        "js",
        "urlquery",
        "print ?",
        "eq ~",
        "eq ?",
        "and ?",
        "or ?",
        "index &",
        "index @",
    ),
    *(
        'printf "%v"',
        'printf "%s|%d" ?',
        'printf "%5q"',
        "slice $",
        "base64decode",
        "println",
        "lt ~",
        "exists .m",
        "1",
        ".s",
    ),
)
"""Commands that are given one more value."""
LISTS, TEXTS, INTEGERS = (
    (".l", ".ll", ".items", ".el"),
    (".s", ".u", '"a"', "`b`", ".e", ".html", '"b"'),
    ("0", "1", "2", "'a'", "0x2", "(len .s)"),
)
FORMATS = (
    '"%d"',
    '"%v|%s"',
    '"%5.2f"',
    '"%q"',
    '"%x"',
    '"%+v"',
    '"%#v"',
    '"%T"',
    '"%[2]d %[1]v"',
    '"%*d"',
    '"%c"',
    '"%-6v|"',
    '"%06d"',
    '"%t"',
    '"%U"',
    '"%e"',
    '"% d"',
    '"%!"',
    '"%"',
    '"%.3s"',
    '"%O"',
    '"%b"',
)
FLAGS = ("", "+", "-", "#", "0", " ", "+0", "#0", "-+", "# ", "[1]", "[2]", "*")
JUNK = (
    "{{",
    "}}",
    "(",
    ")",
    "|",
    ",",
    ":=",
    "=",
    '"',
    "`",
    "'",
    "$",
    ".",
    " ",
    "-",
    "{{-",
    "-}}",
    "/*",
    "*/",
    "end",
    "else",
    "if",
    "range",
    "\n",
    "1",
    "é",
    "define",
    "break",
    "%",
    "\\",
    "nil",
    "$x",
)


DECLARED = """{{$x := .n}}{{$v := 1}}{{$i := 0 -}}
{{define "t"}}<{{.}}>{{end}}{{define "u"}}{{range .}}{{.}};{{end}}{{end}}"""


def draw_template(random: Random) -> str:
    """A template; every third is damaged."""
    text = random.choice((DECLARED, DECLARED, DECLARED, "")) + "".join(
        _draw_node(random, 2) for _ in range(random.randint(1, 3))
    )
    for _ in range(random.choice((0, 0, 0, 0, 1, 2))):
        at = random.randint(0, len(text))
        text = text[:at] + random.choice(JUNK) + text[at + random.choice((0, 0, 1, 3)) :]
    return text


def _draw_node(random: Random, depth: int) -> str:
    """A text, an action or a control word with what it holds."""
    kind = random.choice(
        ("text", "action", "action", "action", *(("if", "with", "range", "call", "leave") if depth else ()))
    )
    inner = "".join(_draw_node(random, depth - 1) for _ in range(random.randint(0, 2))) if depth else ""
    pipe = _draw_pipe(random, 2)
    left, right = random.choice(("{{", "{{", "{{- ")), random.choice(("}}", "}}", " -}}"))
    match kind:
        case "text":
            return random.choice(
                ("a", " ", "\n", " b\n ", "é", "%d", "{", "x }} y", "{{/* c */}}", "{{- /* c */ -}}")
            )
        case "action":
            return left + random.choice(("", "", "", "$x := ", "$x = ")) + pipe + right
        case "range":
            held = random.choice(("", "", "$v := ", "$i, $v := ", "$i, $x = "))
            other = f"{{{{else}}}}{_draw_node(random, depth - 1)}" if random.random() < 0.3 else ""
            shown = random.choice(("", "{{.}}", "{{$v}}", "{{$i}}"))
            items = pipe if random.random() < 0.4 else random.choice((*LISTS, ".m", "3", ".n", ".nul"))
            return f"{left}range {held}{items}{right}{inner}{shown}{other}{{{{end}}}}"
        case "call":
            name = random.choice("tuvwxyz" if depth == 2 else "tu")
            word = random.choice(("template", "template", "block", *(("define",) if depth == 2 else ())))
            if word == "template":
                return f'{left}template "{name}" {random.choice(("", pipe))}{right}'
            given = f" {pipe}" if word == "block" else ""
            return f'{left}{word} "{name}"{given}{right}{inner}{{{{end}}}}'
        case "leave":
            word = random.choice(("break", "continue"))
            leave = f"{{{{if {_draw_pipe(random, 1)}}}}}{{{{{word}}}}}{{{{end}}}}"
            return f"{{{{range {random.choice(LISTS)}}}}}{inner}{leave}z{{{{end}}}}"
    held = random.choice(("", "", "$x := "))
    other = random.choice(
        (
            "",
            "",
            "{{else}}n",
            f"{{{{else {kind} {_draw_pipe(random, 1)}}}}}m",
            f"{{{{else if {pipe}}}}}m{{{{else}}}}k",
        )
    )
    return f"{left}{kind} {held}{pipe}{right}{inner}{other}{{{{end}}}}"


def _draw_pipe(random: Random, depth: int) -> str:
    """A pipeline."""
    rest = [_fill(random, random.choice(PIPED), depth) for _ in range(random.choice((0, 0, 0, 1, 2)))]
    return " | ".join((_draw_command(random, depth), *rest))


def _draw_command(random: Random, depth: int) -> str:
    """A command with its arguments."""
    if random.random() < 0.35:
        return _draw_word(random, depth)
    if random.random() < 0.6:
        return _fill(random, random.choice(WANTED), depth)
    name = random.choice(FUNCTIONS)
    words = [_draw_word(random, depth) for _ in range(random.choice((0, 1, 1, 2, 2, 3)))]
    if name == "printf":
        words.insert(0, _draw_format(random))
    return " ".join((name, *words))


def _fill(random: Random, wanted: str, depth: int) -> str:
    """Fill the places of a command that mostly works."""
    kinds = {"&": LISTS, "@": (*TEXTS, ".m", ".em"), "$": TEXTS, "~": INTEGERS}
    words = [random.choice(kinds[word]) if word in kinds else word for word in wanted.split(" ")]
    return " ".join(_draw_word(random, depth) if word == "?" else word for word in words)


def _draw_format(random: Random) -> str:
    """A format with a verb or two."""
    if random.random() < 0.3:
        return random.choice(FORMATS)
    width = random.choice(("", "", "5", "12", "*", "0"))
    precision = random.choice(("", "", ".2", ".", ".0", ".*", ".[1]"))
    verbs = (
        f"%{random.choice(FLAGS)}{width}{precision}{random.choice('vdsqxXobOcUtTfFeEgG%p'.replace('p', ''))}"
        for _ in range(random.choice((1, 1, 2)))
    )
    return f'"{" ".join(verbs)}"'


def _draw_word(random: Random, depth: int) -> str:
    """A field, a constant, a variable or a pipeline in parentheses."""
    kind = random.random()
    if depth and kind < 0.25:
        return f"({_draw_pipe(random, depth - 1)}){random.choice(('', '', '.a', '.k.x'))}"
    return random.choice(FIELDS if kind < 0.7 else CONSTANTS if kind < 0.96 else ("$x", "$v", "$i", "$x.a"))
