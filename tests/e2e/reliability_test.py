# SPDX-License-Identifier: MIT
"""Real programs, a bad network, and kill -9 at random: every line reaches everybody once, in one order.

    CONFAB_LINES=20000 CONFAB_SEED=7 reliability_test.py

Writers are filters that are fed lines; readers are `confab tail --json`, each of which, killed, goes on behind the last
line that it had written. Between all of them and the server stands relay.py. What is asked of the programs is what a
person may rely on: a line that confab has called queued or stored is not fed again, whatever is killed after that.
"""

import collections
import dataclasses
import json
import os
import random
import subprocess
import sys
import time
import unittest

from harness import ROOT, EndToEndTest, Program, Server

LINES = int(os.environ.get("CONFAB_LINES", "20000"))
SEED = int(os.environ.get("CONFAB_SEED", str(random.SystemRandom().randrange(1_000_000))))
WRITERS = 5
READERS = 5
IN_FLIGHT_MAX = 100  # lines fed to a writer that it has not called queued or stored
MISHAP_EVERY_S = 0.15
END_S_MAX = 120.0
ROOM = "chaos"


class Relay:
    def __init__(self, server: Server, seed: int) -> None:
        script = ROOT / "tests/e2e/relay.py"
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(script), str(server.port), str(seed)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def tell(self, command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def quit(self) -> dict[str, int]:
        self.tell("quit")
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()

    def report(self) -> str:
        return "--- relay"


class Follower:
    """Reads the JSON lines of a program as they come, each once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.seen = 0

    def news(self) -> list[dict[str, object]]:
        lines = self.program.out.lines_from(self.seen)
        self.seen += len(lines)
        objects = []
        for line in lines:
            try:
                objects.append(json.loads(line))
            except json.JSONDecodeError:
                continue  # kill -9 came in the middle of it
        return objects


@dataclasses.dataclass
class Writer:
    name: str
    share: int  # lines to write
    follower: Follower
    fed: int = 0
    states: dict[str, str] = dataclasses.field(default_factory=dict)  # by message id
    doomed: bool = False  # to be killed as soon as it has called all that it was fed queued or stored
    kills: int = 0
    kills_with_queue: int = 0

    def listen(self) -> None:
        for each in self.follower.news():
            if each["type"] == "status":
                self.states[str(each["id"])] = str(each["state"])

    def states_of_run(self) -> collections.Counter[str]:
        """How many messages the run that is over has left in which state."""
        told = [each for each in map(json.loads, self.follower.program.out.lines) if each["type"] == "status"]
        return collections.Counter({each["id"]: each["state"] for each in told}.values())

    @property
    def unannounced(self) -> int:
        return self.fed - len(self.states)

    def feed(self) -> None:
        count = min(self.share - self.fed, IN_FLIGHT_MAX - self.unannounced)
        if self.doomed or count <= 0:
            return
        self.follower.program.say(*(f"{self.name} {number}" for number in range(self.fed + 1, self.fed + count + 1)))
        self.fed += count


@dataclasses.dataclass
class Reader:
    name: str
    follower: Follower
    last_seq: int = 0
    messages: list[tuple[int, str, str, str]] = dataclasses.field(default_factory=list)
    kills: int = 0

    def listen(self) -> None:
        for each in self.follower.news():
            if "seq" not in each or each["type"] == "status":
                continue
            self.last_seq = int(str(each["seq"]))
            if each["type"] == "message":
                self.messages.append((self.last_seq, str(each["id"]), str(each["name"]), str(each["text"])))


class ReliabilityTest(EndToEndTest):
    def test_every_line_reaches_everybody_once_in_one_order(self) -> None:
        self.dice = random.Random(SEED)
        self.server_kills = 0
        self.cuts = 0
        self.server = self.start_server("--quiet")
        self.relay = self.stage(Relay(self.server, SEED))
        self.address = f"127.0.0.1:{self.relay.port}"
        began = time.monotonic()
        try:
            self.writers = [
                Writer(f"w{i}", LINES // WRITERS, self.start_writer(f"w{i}")) for i in range(WRITERS)]
            self.readers = [Reader(f"r{i}", self.start_reader(f"r{i}", 1)) for i in range(READERS)]
            self.write_through_mishaps()
            self.finish_writers()
            self.finish_readers()
        except BaseException:
            print(f"to see it again: CONFAB_LINES={LINES} CONFAB_SEED={SEED}", file=sys.stderr)
            raise
        self.check()
        print(self.figures(time.monotonic() - began), file=sys.stderr)

    def start_writer(self, name: str) -> Follower:
        return self.start("--json", "--name", name, "--room", ROOM, person=name)

    def start_reader(self, name: str, since: int) -> Follower:
        return self.start("tail", "--json", "--room", ROOM, "--since", str(since), person=name)

    def start(self, *arguments: str, person: str) -> Follower:
        return Follower(self.start_confab(None, *arguments, "--server", self.address, person=person))

    def write_through_mishaps(self) -> None:
        next_mishap = time.monotonic() + MISHAP_EVERY_S
        deadline = time.monotonic() + END_S_MAX
        while any(each.fed < each.share for each in self.writers):
            self.listen()
            for writer in self.writers:
                self.revive_writer(writer)
                writer.feed()
            self.revive_readers()
            if time.monotonic() >= next_mishap:
                next_mishap += MISHAP_EVERY_S * self.dice.uniform(0.5, 1.5)
                self.mishap()
            self.assertLess(time.monotonic(), deadline, self.progress())
            time.sleep(0.005)  # a poll of ten programs, not a wait for a moment

    def listen(self) -> None:
        for each in (*self.writers, *self.readers):
            each.listen()

    def mishap(self) -> None:
        match self.dice.choice(["server", "cut", "rebind", "rebind", *["writer"] * 3, *["reader"] * 3]):
            case "server":
                self.server_kills += 1
                self.server.kill()
                self.server = self.restart(self.server)
            case "writer":
                self.dice.choice(self.writers).doomed = True
            case "reader":
                victim = self.dice.choice(self.readers)
                victim.kills += 1
                victim.follower.program.kill()
            case "rebind":
                self.relay.tell("rebind")
            case "cut":
                self.cuts += 1
                self.relay.tell(f"cut {self.dice.randrange(100, 2000)}")

    def revive_writer(self, writer: Writer) -> None:
        if not writer.doomed or writer.unannounced > 0:
            return
        writer.doomed = False
        writer.kills += 1
        writer.kills_with_queue += "queued" in writer.states.values()
        writer.follower.program.kill()
        writer.listen()
        writer.follower = self.start_writer(writer.name)

    def revive_readers(self) -> None:
        for reader in self.readers:
            if reader.follower.program.process.poll() is None:
                continue
            reader.listen()
            reader.follower = self.start_reader(reader.name, reader.last_seq + 1)

    def finish_writers(self) -> None:
        for writer in self.writers:
            writer.doomed = False
            writer.follower.program.close_input()
        for writer in self.writers:
            # The server went away before this run was done: what is queued the next one delivers. Where nothing is, it
            # says that it never got there.
            while (code := writer.follower.program.wait(END_S_MAX)) in (69, 75):
                writer.listen()
                left = writer.states_of_run()
                self.assertEqual(code, 75 if left["queued"] else 69, f"{writer.name}: {left}")
                writer.follower = self.start_writer(writer.name)
                writer.follower.program.close_input()
            self.assertEqual(code, 0, f"{writer.name} has not stored all it was given")
            writer.listen()
            self.assertEqual(collections.Counter(writer.states.values()), {"stored": writer.share}, writer.name)

    def finish_readers(self) -> None:
        deadline = time.monotonic() + END_S_MAX
        while any(len(each.messages) < self.lines for each in self.readers):
            self.listen()
            self.revive_readers()
            self.assertLess(time.monotonic(), deadline, self.progress())
            time.sleep(0.005)

    @property
    def lines(self) -> int:
        return LINES // WRITERS * WRITERS

    def check(self) -> None:
        first = self.readers[0].messages
        self.assertEqual(len(first), self.lines)
        self.assertEqual(len({message_id for _, message_id, _, _ in first}), self.lines, "a line came twice")
        for reader in self.readers[1:]:
            self.assertEqual(reader.messages, first, f"{reader.name} and {self.readers[0].name} differ")
        for writer in self.writers:
            own = [text for _, _, name, text in first if name == writer.name]
            self.assertEqual(own, [f"{writer.name} {number}" for number in range(1, writer.share + 1)])
        stored = self.run_confab(self.server, "history", "--json", "--room", ROOM)
        messages = [each for each in map(json.loads, stored.out) if each["type"] == "message"]
        self.assertEqual([(each["seq"], each["id"], each["name"], each["text"]) for each in messages], first)

    def progress(self) -> str:
        writers = ", ".join(f"{each.name} {len(each.states)}/{each.fed}" for each in self.writers)
        return f"seed {SEED}: {writers}; read: {[len(each.messages) for each in self.readers]} of {self.lines}"

    def figures(self, seconds: float) -> str:
        counters = self.relay.quit()
        return (
            f"seed {SEED}: {self.lines} lines from {WRITERS} writers to {READERS} readers in {seconds:.1f} s; killed: "
            f"server {self.server_kills}, writers {sum(each.kills for each in self.writers)} "
            f"({sum(each.kills_with_queue for each in self.writers)} with lines queued), "
            f"readers {sum(each.kills for each in self.readers)}; cuts {self.cuts}; datagrams {counters}")


if __name__ == "__main__":
    unittest.main()
