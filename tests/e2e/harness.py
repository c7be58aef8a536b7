# SPDX-License-Identifier: MIT
"""What the end-to-end tests share: the real programs as objects that can be talked to, listened to and ended.

    class ChatTest(EndToEndTest):
        def test_hello(self) -> None:
            server = self.start_server()
            ada, bob = self.enter(server, "Ada"), self.enter(server, "Bob")
            ada.say("hello")
            bob.out.wait_for("Ada : hello")

Rules that keep the tests quick and repeatable:
1. Nothing sleeps. Every wait is for an event (a line, a datagram, an exit) and fails after WAIT_S_MAX.
2. That something does not happen is shown by an event that comes after it on the same path.
3. Ports are chosen by the kernel, files live in a folder of the test's own, and of the environment nearly nothing is
   handed on: tests run side by side.
4. Whatever was started is ended with the test; where the test failed, what the programs wrote is shown.
"""

import dataclasses
import io
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import typing
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("CONFAB_BIN", ROOT / "build/release/bin"))

WAIT_S_MAX = 10.0
REPORTED_LINES_MAX = 40

# What a child needs of our environment: how to find programs and libraries, and how sanitizers were set up.
HANDED_ON = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS")

# A string is the whole line; a compiled pattern is searched in it.
Pattern = str | re.Pattern[str]


def matches(pattern: Pattern, line: str) -> bool:
    return pattern == line if isinstance(pattern, str) else pattern.search(line) is not None


class Transcript:
    """The lines that a program has written to a stream so far, read by a thread of its own. Thread-safe."""

    def __init__(self, stream: typing.IO[bytes]) -> None:
        self._lines: list[str] = []
        self._ended = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    @property
    def lines(self) -> list[str]:
        with self._changed:
            return list(self._lines)

    def wait_for(self, pattern: Pattern, timeout_s: float = WAIT_S_MAX) -> str:
        """The first line, past or future, that matches."""

        def found() -> str | None:
            return next((line for line in self._lines if matches(pattern, line)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None or self._ended, timeout_s)
            line = found()
            if line is None:
                why = "the stream ended" if self._ended else f"{timeout_s} s went by"
                raise AssertionError(f"{why} without a line {pattern!r}; there were {self._lines}")
            return line

    def wait_for_count(self, pattern: Pattern, count: int) -> None:
        """Until so many lines match."""

        def found() -> int:
            return sum(matches(pattern, line) for line in self._lines)

        with self._changed:
            self._changed.wait_for(lambda: found() >= count or self._ended, WAIT_S_MAX)
            if found() < count:
                raise AssertionError(f"only {found()} lines {pattern!r} of {count}; there were {self._lines}")

    def wait_for_object(self, **members: object) -> dict[str, typing.Any]:
        """The first line that is a JSON object with (at least) these members."""

        def is_it(line: str) -> bool:
            return members.items() <= json.loads(line).items()

        with self._changed:
            self._changed.wait_for(lambda: any(map(is_it, self._lines)) or self._ended, WAIT_S_MAX)
            for line in self._lines:
                if is_it(line):
                    return json.loads(line)
            raise AssertionError(f"no object with {members}; there were {self._lines}")

    def wait_for_end(self) -> None:
        self._reader.join(WAIT_S_MAX)

    def _read(self, stream: typing.IO[bytes]) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    self._lines.append(line.decode("utf-8", "backslashreplace").removesuffix("\n"))
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()


class Program:
    """A running program with its three streams. `out` is where its stdout goes, if not to us."""

    def __init__(self, arguments: list[str], environment: dict[str, str], out: int = subprocess.PIPE) -> None:
        self.arguments = arguments
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(arguments, stdin=pipe, stdout=out, stderr=pipe, env=environment, cwd="/")
        assert self.process.stdin and self.process.stderr
        self._input = self.process.stdin
        self.out = Transcript(self.process.stdout or io.BytesIO())
        self.err = Transcript(self.process.stderr)

    def say(self, *lines: str) -> None:
        self.write("".join(line + "\n" for line in lines))

    def write(self, text: str) -> None:
        self._input.write(text.encode())
        self._input.flush()

    def close_input(self) -> None:
        self._input.close()

    def wait(self, timeout_s: float = WAIT_S_MAX) -> int:
        """Its exit code (negative: the signal that ended it), once all it wrote has been read."""
        code = self.process.wait(timeout_s)
        self.out.wait_for_end()
        self.err.wait_for_end()
        return code

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """As a power cut does: SIGKILL."""
        self.process.kill()
        self.wait()

    def end(self) -> None:
        """However it stands with the program: afterwards it is gone."""
        if self.process.poll() is None:
            self.kill()
        try:
            self._input.close()
        except BrokenPipeError:
            pass

    def report(self) -> str:
        """What it was and what it wrote, for the reader of a failure."""
        parts = [f"--- {' '.join(self.arguments)} (exit code {self.process.poll()})"]
        for stream, lines in (("out", self.out.lines), ("err", self.err.lines)):
            if len(lines) > REPORTED_LINES_MAX:
                parts.append(f"    {stream} | … {len(lines) - REPORTED_LINES_MAX} more")
            parts += [f"    {stream} | {line}" for line in lines[-REPORTED_LINES_MAX:]]
        return "\n".join(parts)


class Server(Program):
    """A confabd that is ready. `listen` is empty where something else than the command line says it."""

    def __init__(self, data: pathlib.Path, listen: str, options: tuple[str, ...], environment: dict[str, str]) -> None:
        where = ["--listen", listen] if listen else []
        super().__init__([str(BIN / "confabd"), *where, "--data", str(data), *options], environment)
        self.data = data
        self.options = options
        ready = re.compile(r" info server ready (?P<host>\S+):(?P<port>\d+) (?P<fingerprint>SHA256:\S+)$")
        match = ready.search(self.err.wait_for(ready))
        assert match
        self.host = match["host"]
        self.port = int(match["port"])
        self.address = f"{self.host}:{self.port}"
        self.fingerprint = match["fingerprint"]

    def stop(self) -> None:
        """As an operator does: SIGTERM."""
        self.signal(signal.SIGTERM)
        code = self.wait()
        assert code == 0, f"confabd ended with exit code {code} on SIGTERM"


class PlainSocket:
    """A member who speaks the toy's protocol: one datagram, one line."""

    def __init__(self, server: Server) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect((server.host, server.port))
        self.received: list[str] = []

    def say(self, name: str, text: str) -> None:
        self.send(f"{name} : {text}".encode())

    def send(self, datagram: bytes) -> None:
        self._socket.send(datagram)

    def receive(self) -> str:
        """The next datagram, which is to be as the toy can read it."""
        self._socket.settimeout(WAIT_S_MAX)
        datagram = self._socket.recv(65536)
        assert len(datagram) <= 1024, f"a datagram of {len(datagram)} bytes: the toy reads 1,024"
        self.received.append(datagram.decode())
        return self.received[-1]

    def wait_for(self, line: Pattern) -> str:
        deadline = time.monotonic() + WAIT_S_MAX
        while time.monotonic() < deadline:
            if matches(line, self.receive()):
                return self.received[-1]
        raise AssertionError(f"no datagram {line!r}; there were {self.received}")

    def end(self) -> None:
        self._socket.close()

    def report(self) -> str:
        return f"--- plain socket: received {self.received}"


class Stageable(typing.Protocol):
    """What a test starts and has to end."""

    def end(self) -> None: ...
    def report(self) -> str: ...


Actor = typing.TypeVar("Actor", bound=Stageable)


@dataclasses.dataclass
class Result:
    """What came of a program that ran to its end."""

    code: int
    out: list[str]
    err: list[str]


class EndToEndTest(unittest.TestCase):
    """Starts the actors of a test, and sees that none outlives it."""

    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="confab-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self._actors: list[Stageable] = []

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        assert result is not None, "unittest's runner gives a result"
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print(*(actor.report() for actor in self._actors), sep="\n", file=sys.stderr)
        return result

    def stage(self, actor: Actor) -> Actor:
        self._actors.append(actor)
        self.addCleanup(actor.end)
        return actor

    def home(self, person: str) -> pathlib.Path:
        """Where a person's keys, remembered name and known servers are."""
        return self.folder / "homes" / person

    def environment(self, person: str, **variables: str) -> dict[str, str]:
        home = self.home(person)
        home.mkdir(parents=True, exist_ok=True)
        inherited = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
        bases = {f"XDG_{each}_HOME": str(home / each.lower()) for each in ("CONFIG", "DATA", "STATE")}
        return inherited | bases | {"HOME": str(home), "LANG": "C.UTF-8", "CONFAB_HOME": str(home)} | variables

    def start_server(
        self, *options: str, data: pathlib.Path | None = None, listen: str = "127.0.0.1:0", **variables: str
    ) -> Server:
        environment = self.environment("server", **variables)
        return self.stage(Server(data or self.folder / "server", listen, options, environment))

    def restart(self, server: Server) -> Server:
        """The next server on the data and the address of one that has ended."""
        return self.start_server(*server.options, data=server.data, listen=server.address)

    def start_confab(self, server: Server | None, *arguments: str, person: str) -> Program:
        """`confab ARGUMENTS`, with the home of `person` and, where one is given, --server."""
        where = [] if server is None else ["--server", server.address]
        return self.stage(Program([str(BIN / "confab"), *arguments, *where], self.environment(person)))

    def enter(self, server: Server, name: str, *options: str) -> Program:
        """A person in filter mode, known to be in the lobby: the server has printed her first line there."""
        person = self.start_confab(server, "--name", name, *options, person=name)
        person.say("is here")
        server.out.wait_for(f"{name} : is here")
        return person

    def run_confab(self, server: Server | None, *arguments: str, person: str = "guest", text: str = "") -> Result:
        """`confab ARGUMENTS` with `text` at stdin, until it ends by itself."""
        program = self.start_confab(server, *arguments, person=person)
        try:
            program.say(*text.splitlines())
        except BrokenPipeError:
            pass  # it has ended without reading: its exit code says why
        return self.finish(program)

    def finish(self, program: Program) -> Result:
        """Ends the program's input and waits until the program ends too."""
        try:
            program.close_input()
        except BrokenPipeError:
            pass
        return Result(program.wait(), program.out.lines, program.err.lines)

    def history(self, server: Server, *options: str) -> list[str]:
        """The lobby's messages, or another room's, as anybody can read them."""
        result = self.run_confab(server, "history", *options)
        self.assertEqual((result.code, result.err), (0, []))
        return result.out

    def plain_socket(self, server: Server) -> PlainSocket:
        return self.stage(PlainSocket(server))
