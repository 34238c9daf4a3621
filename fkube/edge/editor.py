"""A text that a person changes: the editor of the environment, on a file that only its owner can read."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from returns.result import Failure, Result, Success

from fkube.edge.localfiles import reason_of
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import SourceError, UsageError, VisitError

VARIABLES = ("KUBE_EDITOR", "EDITOR")
"""The variables that name the editor, the first that is set."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A file as the editor left it; its text may be that of a Secret."""

    path: str
    text: str = field(repr=False)

    def delete(self) -> None:
        """Delete the file."""
        with suppress(OSError):
            os.unlink(self.path)


def edit_text(text: str, suffix: str, environ: Mapping[str, str] = os.environ) -> Result[Edited, VisitError]:
    """Let a person change a text, in a new file whose name ends so.

    Errors: an editor that is not there or fails; its file is deleted then.
    Follows `Editor.LaunchTempFile` of kubectl, which leaves it.
    """
    path = ""
    try:
        # Made readable by its owner only.
        handle, path = tempfile.mkstemp(prefix="fkube-edit-", suffix=suffix)
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
            file.write(text)
        problem = _run_editor(editor_command(environ), path)
        edited = Edited(path, Path(path).read_bytes().decode("utf-8", "surrogateescape"))
    except OSError as error:
        problem, edited = (
            f"{path or 'a temporary file'} can't be edited: {reason_of(error)}",
            Edited(path, ""),
        )
    if not problem:
        return Success(edited)
    edited.delete()
    return Failure(UsageError(problem) if "editor" in problem else SourceError(problem))


def editor_command(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The words that begin the command of the editor; one with quotes is left to the shell.

    Follows `defaultEnvEditor` of kubectl.

    >>> editor_command({"EDITOR": "code --wait"}), editor_command({})
    (('code', '--wait'), ('vi',))
    >>> editor_command({"KUBE_EDITOR": "sed -i 's/a/b/'", "SHELL": "/bin/sh"})
    ('/bin/sh', '-c', "sed -i 's/a/b/'")
    """
    found = next(filter(None, map(environ.get, VARIABLES)), None)
    default = "notepad" if os.name == "nt" else "vi"
    editor = found or default
    if not any(quote in editor for quote in "\"'\\"):
        return tuple(editor.split(" "))
    shell = environ.get("SHELL") or ("cmd" if os.name == "nt" else "/bin/bash")
    return (shell, "/C" if shell == "cmd" else "-c", editor)


def _run_editor(command: tuple[str, ...], path: str) -> str:
    """Run the editor on a file until it ends; why it failed, or nothing."""
    shell = command[1:2] in (("-c",), ("/C",)) and len(command) == 3
    words = (*command[:2], f"{command[2]} {shlex.quote(path)}") if shell else (*command, path)
    shown = '"' + " ".join(command) + '"'
    try:
        with _terminal() as terminal:
            ended = subprocess.run(words, stdin=terminal)
    except FileNotFoundError:
        return f"unable to launch the editor {shown}"
    except OSError as error:
        return f"there was a problem with the editor {shown}: {reason_of(error)}"
    return f"there was a problem with the editor {shown}" if ended.returncode else ""


@contextmanager
def _terminal() -> Iterator[TextIO | None]:
    """The terminal for an editor to read: manifests may come by standard input. None where there is none."""
    with ExitStack() as stack:
        terminal = None
        with suppress(OSError):
            terminal = stack.enter_context(open("/dev/tty", encoding="utf-8"))
        yield terminal
