"""Run the program and kill it, as kill -9 would, just before one of its operations on files under a folder.

python -m verification.crash FOLDER NUMBER ARGUMENTS...: NUMBER counts from 0; None only counts, and prints how many.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

OPERATIONS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}


def main() -> None:
    folder, number, *arguments = sys.argv[1:]
    above, name = Path(folder).parent, Path(folder).name
    mine = (folder, str(above / f".{name}."))
    done = 0

    def concerns(path: object) -> bool:
        text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
        return isinstance(text, str) and text.startswith(mine)

    def watch(event: str, details: tuple[Any, ...]) -> None:
        nonlocal done
        writes = event == "open" and isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if not (writes or event in OPERATIONS) or not concerns(details[0]):
            return
        if str(done) == number:
            print(f"{event} {os.path.relpath(details[0], above)}", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1

    sys.addaudithook(watch)
    from scorepolis.cli import app

    try:
        app(arguments, prog_name="scorepolis")
    finally:
        print(done, file=sys.stderr)


if __name__ == "__main__":
    main()
