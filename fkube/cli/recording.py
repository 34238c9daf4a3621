"""`--record`: the command as it was written, kept on each object, without what is secret. Pure."""

from __future__ import annotations

import re
from functools import partial

from toolz import identity

from fkube import builder as b
from fkube.cli.command import Call
from fkube.cli.flags import Flag, flag
from fkube.edge.running import Verb
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Info
from fkube.resource.patterns import compile_later
from fkube.verbs.annotate import CHANGE_CAUSE
from fkube.verbs.record import record
from fkube.visitor.decorators import set_annotations


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The flag that lets the command be kept."""

    record: bool = flag(
        f"Keep the command in the annotation {CHANGE_CAUSE}.",
        False,
        deprecated="--record will be removed in the future",
    )

    def cause(self, command: str, call: Call) -> str:
        """The command as it is kept on what a manifest makes, empty if it is not."""
        return command_words(command, call, hides=False) if self.record else ""

    def step(self, command: str, call: Call) -> b.Step:
        """The step of a builder that annotates manifests before they are sent."""
        cause = self.cause(command, call)
        return b.decorated(set_annotations({CHANGE_CAUSE: cause})) if cause else identity

    def after(self, command: str, call: Call, verb: Verb, field_manager: str = "") -> Verb:
        """The verb that annotates objects after it has changed them."""
        if not self.record:
            return verb
        # What a label already has is not sent, a patch is sent whatever it changes.
        return record(verb, partial(_cause, command, call), field_manager, unchanged=command == "patch")


def _cause(command: str, call: Call, info: Info) -> str:
    """The command as it is kept on a resource; on a Secret without the values that it gives."""
    return command_words(command, call, hides=info.kind == "Secret")


def command_words(command: str, call: Call, hides: bool) -> str:
    """The command as one text: its name, its arguments, its flags with their values.

    Credentials are `CLASSIFIED`; with `hides`, values that the command gives its objects are `***`.
    Follows `parseCommandArguments` of cli-runtime, for which no flag is classified.

    >>> patch, token = Flag("patch", "", short="p", given=True), Flag("token", "", secret=True)
    >>> call = Call(arguments=("pod", "a", "b=c"), written=((patch, "{}"), (token, "t")))
    >>> command_words("patch", call, hides=False)
    'fkube patch pod a b=c --patch={} --token=CLASSIFIED'
    >>> command_words("patch", call, hides=True)
    'fkube patch pod a b=*** --patch=*** --token=CLASSIFIED'
    >>> url = "https://me:hunter2@a.example/b.yaml?token=hunter2"
    >>> command_words("create", Call(written=((Flag("filename", ""), url),)), hides=False)
    'fkube create --filename=https://CLASSIFIED@a.example/b.yaml?CLASSIFIED'
    """
    arguments = [_hide_value(word) for word in call.arguments] if hides else call.arguments
    flags = (f"--{flag.name}={_flag_text(flag, text, hides)}" for flag, text in call.written)
    return " ".join(("fkube", command, *arguments, *flags))


def _flag_text(flag: Flag, text: str, hides: bool) -> str:
    """What is kept of the text given to a flag."""
    if flag.secret:
        return "CLASSIFIED"
    return "***" if hides and flag.given else _QUERY.sub(r"\1?CLASSIFIED", _LOGIN.sub("//CLASSIFIED@", text))


def _hide_value(word: str) -> str:
    """A word with what it sets hidden: `KEY=***`."""
    key, equals, _ = word.partition("=")
    return f"{key}=***" if equals else word


_LOGIN = compile_later(r"//[^/@\s]*@")
"""A name and a password before the host of a URL."""
_QUERY = compile_later(r"^(https?://[^?#]*)[?#].*", re.DOTALL)
"""What is behind the path of a text that is a URL: it may have a token."""
