"""`tanfidh`: the program. It imports almost nothing itself, so that Ctrl-C is quiet from the first moment."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run a command.

    Exit codes: 0 done, 1 failed with a message, 2 wrong usage, 3 done in part, 130 interrupted.
    """
    # While modules are imported there is nothing to clean up, and an exception in the midst of one may come
    # out as another, or be printed and forgotten.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from deploy.cli.commands import application, carry_out

    arguments = sys.argv[1:]
    app = application(arguments)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        carry_out(app, arguments)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
