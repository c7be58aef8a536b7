# SPDX-License-Identifier: MIT
"""One server of several workers: members of each are members of one server, and whoever moves stays with his worker."""

import pathlib
import re
import unittest

from harness import EndToEndTest, Program, Server
from reliability_test import Relay

WORKERS = 4
PEOPLE = 12  # that all of them are one worker's has a chance of one in four million


class WorkersTest(EndToEndTest):
    def enter_all(self, server: Server, *where: str) -> list[Program]:
        people = []
        for number in range(PEOPLE):
            person = self.start_confab(None, "--name", f"p{number}", *where, person=f"p{number}")
            person.say("is here")
            server.out.wait_for(f"p{number} : is here")
            people.append(person)
        return people

    def talk(self, server: Server, people: list[Program], word: str) -> None:
        """Everybody says something, and hears what all others said, in the server's order."""
        for person in people:
            person.say(*(f"{word} {number}" for number in range(20)))
        server.out.wait_for_count(re.compile(f" : {word} "), 20 * PEOPLE)
        order = [line for line in server.out.lines if f" : {word} " in line]
        for number, person in enumerate(people):
            of_others = [line for line in order if not line.startswith(f"p{number} ")]
            person.out.wait_for_count(re.compile(f" : {word} "), len(of_others))
            self.assertEqual([line for line in person.out.lines if f" : {word} " in line], of_others)

    def test_everybody_hears_everybody_in_one_order(self) -> None:
        server = self.start_server("--workers", str(WORKERS))
        people = self.enter_all(server, "--server", server.address)
        self.talk(server, people, "hello")
        threads = len(list(pathlib.Path(f"/proc/{server.process.pid}/task").iterdir()))
        self.assertGreaterEqual(threads, WORKERS)
        server.stop()

    def test_who_gets_another_address_stays_with_his_worker(self) -> None:
        server = self.start_server("--workers", str(WORKERS))
        relay = self.stage(Relay(server, 1))
        people = self.enter_all(server, "--server", f"127.0.0.1:{relay.port}")
        relay.tell("calm")
        for move in range(3):
            relay.tell("rebind")
            self.talk(server, people, f"move-{move}")
        for person in people:
            self.finish(person)
        server.stop()
        moved = [line for line in server.err.lines if " moved to " in line]
        self.assertGreaterEqual(len(moved), 2 * PEOPLE)
        # A worker that had not got a packet of its own would have answered by a reset, and the session been lost.
        self.assertEqual([line for line in server.err.lines if "ended: lost" in line], [])

    def test_another_number_of_workers_serves_those_of_before(self) -> None:
        server = self.start_server("--workers", str(WORKERS))
        people = self.enter_all(server, "--server", server.address)
        server.kill()
        server = self.start_server("--workers", "1", data=server.data, listen=server.address)
        self.talk(server, people, "again")

    def test_a_second_server_does_not_get_the_port(self) -> None:
        server = self.start_server("--workers", str(WORKERS))
        result = self.stage(Program(
            [server.arguments[0], "--listen", server.address, "--data", str(self.folder / "second"), "--workers", "4"],
            self.environment("second")))
        self.assertEqual(result.wait(), 1)
        self.assertIn("address already in use", result.err.lines[0])


if __name__ == "__main__":
    unittest.main()
