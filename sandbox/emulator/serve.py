"""Runs moto on 127.0.0.1:PORT, and ends with whoever started it.

Standard input is a pipe that the gateway holds open and never writes to: it closes however the
gateway ends, SIGKILL included, so that no emulator is left behind holding memory and a port.
"""

import logging
import os
import sys
import threading

from moto.server import main


def end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


# A line for each request would grow the log without end; tracebacks still come.
logging.getLogger("werkzeug").setLevel(logging.WARNING)
threading.Thread(target=end_with_parent, daemon=True).start()
main(["--host", "127.0.0.1", "--port", sys.argv[1]])
