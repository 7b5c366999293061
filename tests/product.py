"""The product as its users start it: `tanfidh up` as a child process, asked by HTTP and by its commands."""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import orjson

from deploy.local import launch
from deploy.local.secrets import Secrets
from deploy.local.token import local_token

T = TypeVar("T")

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "decree-298-2025"
DECREE = "298-2025"
REGISTERS = ROOT / "examples" / "civil-registry-2031"
"""Another country's decree, of nine tasks: for what any decree shows, in a tenth of the time."""
SERVICES = ("registry", "tasks", "notifier", "audit")
PLANNED = 19 * 39 + 1
"""Tasks of the example: the 39 of every ordered measure's plan, and the report."""
STARTS_WITHIN = 60.0
"""Seconds; a loaded machine that makes its first cluster needs some."""
ENDS_WITHIN = 30.0
RARELY = str(366 * 86_400)
"""Seconds between rounds of the witnesses, whose events would come between those that tests count."""
TRAVELS_WITHIN = 60.0
"""Seconds in which what one service did must have reached the other."""


def eventually(ask: Callable[[], T], good: Callable[[T], bool], within: float = TRAVELS_WITHIN) -> T:
    """Ask until the answer is good and return it; fail with the last answer."""
    deadline = time.monotonic() + within
    while not good(answer := ask()):
        assert time.monotonic() < deadline, f"still not so after {within:g} s: {answer!r}"
        time.sleep(0.02)  # between two questions over HTTP; what is waited for is the answer
    return answer


def tanfidh(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", *arguments, "--data", str(data)],
        cwd=ROOT,
        env=_environment() | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def _environment() -> dict[str, str]:
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("TANFIDH_", "DATA", "PORT"))}
    return kept | {"COLUMNS": "200", "NO_COLOR": "1", "PORT": "0", "TANFIDH_WITNESS_EVERY": RARELY}


class Person(httpx.Client):
    """Somebody with a token, at the services' address.

    Nothing is encrypted on this machine: to read all certificates would take longer than most questions.
    """

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        super().__init__(base_url=url, headers=headers, timeout=30, trust_env=False, verify=False)

    def command(self, path: str, body: Any = None, method: str = "POST", key: str = "") -> httpx.Response:
        """Send a command under a key of its own."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self.request(method, path, json=body, headers=headers)

    def done(self, path: str, body: Any = None, method: str = "POST") -> Any:
        """Send a command that must succeed; return its answer."""
        response = self.command(path, body, method)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def refused(self, path: str, slug: str, body: Any = None, method: str = "POST") -> dict[str, Any]:
        """Send a command that must be refused by the rule `slug`; return the problem."""
        response = self.command(path, body, method)
        assert not response.is_success, f"{method} {path} was taken: {response.text}"
        assert response.headers["content-type"] == "application/problem+json"
        problem: dict[str, Any] = response.json()
        assert problem["type"] == f"https://tanfidh.org/problems/{slug}", problem
        assert (problem["status"], bool(problem["detail"])) == (response.status_code, True)
        return problem

    def read(self, path: str, **query: Any) -> Any:
        """Read JSON."""
        response = self.get(path, params=query)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.text}"
        return response.json()

    def every(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Read a list to its end, page by page."""
        items: list[dict[str, Any]] = []
        response = self.get(path, params={**query, "limit": 200})
        while True:
            assert response.status_code == 200, f"{path}: {response.status_code} {response.text}"
            items += response.json()["items"]
            following = response.links.get("next")
            if following is None:
                return items
            response = self.get(httpx.URL(path).join(following["url"]))


class Product:
    """Local mode on a data folder, with the example or empty."""

    def __init__(self, data: Path, example: bool = True) -> None:
        self.data = data
        self._example = () if example else ("--no-example",)
        self.said: list[str] = []
        self.url = ""
        self._process: subprocess.Popen[str] | None = None
        self._people = contextlib.ExitStack()
        self._tokens: dict[tuple[str, ...], str] = {}

    def start(self) -> None:
        """Start it in a session of its own, as a terminal does; return once it says whether it is ready.

        It is tied to the tests by the kernel, so that none is left over when they are killed themselves.
        """
        self.said = []
        tie = (str(os.getpid()), str(int(signal.SIGKILL)), "-1", "-1", "--")
        up = (sys.executable, "-m", "deploy.cli.main", "up", "--data", str(self.data), *self._example)
        self._process = process = subprocess.Popen(
            [sys.executable, "-I", "-S", launch.__file__, *tie, *up],
            cwd=ROOT,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        lines: queue.Queue[str | None] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, args=(process, lines))
        self._listener.start()
        deadline = time.monotonic() + STARTS_WITHIN
        while line := lines.get(timeout=max(0.0, deadline - time.monotonic())):
            if told := re.search(r" ready(?:: | \()(http://[^/]+)/", line):
                self.url = told[1]
                return
        raise AssertionError(f"it ended before it was ready: {''.join(self.said)}")

    def end(self, number: signal.Signals) -> int:
        """Send a signal to the parent, Ctrl-C to its whole group; return its exit code."""
        assert self._process is not None
        (os.killpg if number is signal.SIGINT else os.kill)(self._process.pid, number)
        code = self._process.wait(ENDS_WITHIN)
        self._listener.join(ENDS_WITHIN)
        return code

    def stop(self) -> None:
        """Clean up after a test, however it went."""
        self._people.close()
        if self._process is not None and self._process.poll() is None:
            self.end(signal.SIGTERM)

    @contextlib.contextmanager
    def running(self) -> Iterator["Product"]:
        """Start it, and end it in any case."""
        try:
            self.start()
            yield self
        finally:
            self.stop()

    @property
    def processes(self) -> list[int]:
        """Every process that works on the data folder."""
        return [
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and self._ours(entry)
        ]

    def who(self, role: str, subject: str, department: str = "", mission: str = "") -> Person:
        """Somebody with a token from `tanfidh token`; the same one after a restart."""
        besides = {"--department": department, "--mission": mission}
        given = (word for option, value in besides.items() if value for word in (option, value))
        asked = ("--role", role, "--subject", subject, *given)
        if asked not in self._tokens:
            made = tanfidh("token", *asked, data=self.data)
            assert made.returncode == 0, made.stderr
            self._tokens[asked] = made.stdout.strip()
        return self.bearer(self._tokens[asked])

    def colleague(self, department: str) -> Person:
        """Somebody of a department, with the token that the command prints, sooner."""
        token = local_token(
            Secrets(self.data), "department", f"{department}-officer", department, timedelta(hours=1)
        )
        return self.bearer(token)

    def bearer(self, token: str) -> Person:
        """Whoever holds this token."""
        return self._people.enter_context(Person(self.url, token))

    def caught_up(self) -> Person:
        """Somebody of the follow-up office, once both services know the whole decree of the example.

        Its report was due long ago: once that it was missed is recorded, nothing moves by itself.
        """
        person = self.who("follow-up-office", "follow-up-1")
        eventually(
            lambda: person.read("/tasks/counts/decrees").get(DECREE, {}),
            lambda states: sum(states.values()) == PLANNED,
        )
        self.missed(person, 1)
        return person

    def missed(self, person: Person, count: int) -> None:
        """Wait until so many deadlines are missed; all that tests set lie in the past and are, soon."""
        eventually(lambda: len(person.every("/tasks/deadlines", state="missed")), lambda n: n >= count)

    def positions(self) -> dict[str, int]:
        """How many events each service holds."""
        return {service: told["position"] for service, told in self._overviews().items()}

    def published(self) -> None:
        """Wait until every event that a service holds is in its stream."""
        eventually(
            lambda: [(told["published"], told["position"]) for told in self._overviews().values()],
            lambda pairs: all(published == position for published, position in pairs),
        )

    def status(self) -> dict[str, Any]:
        """What `tanfidh status --json` prints."""
        told = tanfidh("status", "--json", data=self.data)
        assert told.returncode == 0, told.stderr
        found: dict[str, Any] = orjson.loads(told.stdout)
        return found

    def _overviews(self) -> dict[str, Any]:
        auditor = self.bearer(local_token(Secrets(self.data), "auditor", "auditor-1"))
        return {service: auditor.read(f"/{service}/overview") for service in SERVICES}

    def _listen(self, process: subprocess.Popen[str], lines: "queue.Queue[str | None]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.said.append(line)
                lines.put(line)
        lines.put(None)

    def _ours(self, entry: Path) -> bool:
        with contextlib.suppress(OSError):
            works_in = os.readlink(entry / "cwd")
            return str(self.data) in works_in or str(self.data).encode() in (entry / "cmdline").read_bytes()
        return False
