"""What is slowest now and what would make it faster: the section of RESULTS.md that profiles speak in.

The shares were taken with cProfile and the processes' own time, which others on the machine disturb least.
They are kept here by hand, and whoever changes what they speak of takes them again. Beside each stands what
the run measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import Figure

FURTHEST = 5
"""Figures that are named because they are furthest from their aim."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the time of a figure goes, and what the next improvement is."""

    figure: str
    """How the figure's name begins."""
    goes: str
    following: str


PROFILES = (
    Profile(
        "events taken in",
        "About 120 µs of one core for each event. Of the 150 that it took before headers were read faster,"
        " the writer deciding and rendering had 25 %, reactions becoming commands 15 %, opening the envelope"
        " 10 %, asking for messages 7 %, and the client reading the message 29 %, which takes 7 µs less now.",
        "Take what has arrived out of the client's buffer with one expression, message by message.",
    ),
    Profile(
        "the log read into typed events",
        "4.5 µs of one core for each row: the driver's row 2.0, the record 0.3, the payload's validation"
        " and the event's objects 2.2.",
        "Decode only the types that a view folds, where a view says which.",
    ),
    Profile(
        "an aggregate of",
        "4.5 µs of one core for each event: validation of the payload 2.1, the driver's row 1.6,"
        " evolving and the rest 0.8.",
        "Nothing soon: a snapshot spares most of it after 200 events.",
    ),
    Profile(
        "100,000 deadlines due at one moment, misses",
        "About 250 µs of one core for each miss, all in one process: deciding and rendering 24 %, two"
        " views folding it 15 %, the driver 9 %, loading task and deadline 8 %, the sweeper's rows and"
        " tasks 7 %, sockets 5 %.",
        "Let another process of the service fold the views, so that both cores are used; then load what"
        " a page of due rows needs while the one before it is decided.",
    ),
    Profile(
        "commit to subscriber, 32 writers",
        "An event is handed to the client 0.2 ms after its commit, 99 in 100 within 0.4, and arrives 0.7 ms"
        " after that. The slowest hundredth waits for a core on its way, of which there are two for writers"
        " and relay, PostgreSQL, NATS and the subscriber: 0.3 ms until it is handed over, 5 ms after. Written"
        " to the socket at once, without the client's queue, it arrives no sooner.",
        "Less work for each event in the writer, which takes a core whole; a relay in a process of its own"
        " would want a third.",
    ),
    Profile(
        "commands of two replicas",
        "They take turns of 50 ms: in each the one catches up (some eight questions, and the answers that the"
        " other gave) and decides, while the other waits.",
        "Catch up shortly before the turn comes, so that little is left to take in.",
    ),
    Profile(
        "relay draining",
        "10 µs of one core for each event (reading it 3.6, rendering it 6.2) while the server takes 7 µs"
        " of the other: the relay is the limit now, and no longer the server.",
        "Render what follows while the client still sends: of the server's time only a third is used for it.",
    ),
    Profile(
        "events verified",
        "Each row is read, hashed four times and compared with its meta by one process.",
        "Verify ranges of the log in several processes; the tree joins what they find.",
    ),
)


def section(figures: Sequence[Figure]) -> list[str]:
    """Render the section for a whole run."""
    return ["## What is slowest, and what comes next", "", *_furthest(figures), *_profiles(figures)]


def _furthest(figures: Sequence[Figure]) -> list[str]:
    below = [figure for figure in figures if figure.verdict == "below"]
    short = sorted((figure for figure in figures if figure.verdict != "aim"), key=lambda one: one.of_aim)
    lines = [f"- **Below what it must reach**: {_told(figure)}" for figure in below]
    lines += [f"- {_told(figure)}" for figure in short[:FURTHEST] if figure not in below]
    return ["Furthest from their aim in this run:", "", *(lines or ["- none: every aim is met"]), ""]


def _told(figure: Figure) -> str:
    bound = "≤ " if figure.smaller_is_better else ""
    return f"{figure.name}: {figure.ratio:.2f} ×, aim {bound}{figure.aim:g} × ({figure.ceiling_name})"


def _profiles(figures: Sequence[Figure]) -> list[str]:
    lines = ["Where the time goes, by profiles, and the next improvement of each:", ""]
    for profile in PROFILES:
        for figure in figures:
            if figure.name.startswith(profile.figure):
                lines.append(
                    f"- **{figure.name}** ({figure.ratio:.2f} ×). {profile.goes} *Next:* {profile.following}"
                )
    return lines
