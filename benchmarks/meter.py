"""Run one command to its end and print what it took, as JSON: seconds, CPU, peak memory, exit status.

A program of its own, and small: the peak that Linux tells of a process begins at the size of the one that it
was started from, so that one must be smaller than all that are measured.

python -I -S meter.py STDOUT STDERR COMMAND…
"""

import json
import os
import sys
import time


def main() -> None:
    out, err, *command = sys.argv[1:]
    made = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, made, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, err, made, 0o600),
    ]
    began = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - began
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak, "status": os.waitstatus_to_exitcode(status)}))


main()
