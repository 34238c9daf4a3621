"""Run a Python program and write where its CPU time went, in all of its threads.

python profiled.py OUT PROGRAM ARGUMENTS…

Each thread has a profile of its own, by the clock of that thread: what one waits for, others do.
"""

import pstats
import runpy
import sys
import threading
import time
from cProfile import Profile
from io import StringIO

out, *sys.argv = sys.argv[1:]
profiles: list[Profile] = []
run_thread = threading.Thread.run


def run_profiled(thread: threading.Thread) -> None:
    """Run a thread under a profile; without one where Python (3.12 and newer) allows only one at a time."""
    profile = Profile(time.thread_time)
    profiles.append(profile)
    try:
        profile.runcall(run_thread, thread)
    except ValueError:
        profiles.remove(profile)
        run_thread(thread)


main = Profile(time.thread_time)
profiles.append(main)
threading.Thread.run = run_profiled  # type: ignore[assignment,method-assign]
try:
    main.runcall(runpy.run_path, sys.argv[0], run_name="__main__")
finally:
    kept = [profile for profile in profiles if profile.getstats()]
    pstats.Stats(*kept, stream=StringIO()).dump_stats(out)
