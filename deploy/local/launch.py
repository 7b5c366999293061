"""The process image that becomes an engine: gives up root, ties itself to its parent, then execs.

Run as a script, with the standard library alone: ``launch.py PARENT SIGNAL UID GID -- COMMAND…``; a UID
of -1 keeps the present user. It is an image of its own because code between fork and exec is unsafe in
a process with threads.

The order matters: the kernel clears the parent-death signal when credentials change, so it is set after
setuid; and it never arrives when the parent died before it was set, so the parent is checked afterwards
(prctl(2), PR_SET_PDEATHSIG).
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _prctl(option: int, *values: int) -> bool:
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    return bool(_libc.prctl(option, *arguments) == 0)


def _keep_only(capability: int) -> bool:
    """Reduce the thread's capabilities to one and let it pass through exec. Whether that worked."""
    header = _Header(CAPABILITY_VERSION_3, 0)
    sets = (_Sets * 2)()
    bit = 1 << capability
    sets[0] = _Sets(bit, bit, bit)
    if _libc.capset(ctypes.byref(header), ctypes.byref(sets)) != 0:
        return False
    return _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def become(uid: int, gid: int) -> None:
    """Become an ordinary user that can still walk into folders closed to it, such as /root.

    The binaries and the data folder may lie under one. Reading and searching is enough; containers often lack
    that capability and have the broader one. With neither, plain setuid must do.
    """
    kept = _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if kept:
        _ = _keep_only(CAP_DAC_READ_SEARCH) or _keep_only(CAP_DAC_OVERRIDE)


def main(arguments: list[str]) -> None:
    """Parse, change user, tie to the parent, exec."""
    parent, signal, uid, gid = (int(value) for value in arguments[:4])
    command = arguments[5:]
    if uid >= 0:
        become(uid, gid)
    if not _prctl(PR_SET_PDEATHSIG, signal):
        raise SystemExit("cannot tie the engine to its parent: prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        raise SystemExit("the parent died while the engine was starting")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
