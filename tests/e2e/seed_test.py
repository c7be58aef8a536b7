# SPDX-License-Identifier: MIT
"""The toy that Confab grew out of, its programs unchanged: its clients with confabd, `confab --plain` with its server.

They are looked for in $CONFAB_SEED, else beside the repository in shared/seed; without them there is nothing to test.
"""

import os
import pathlib
import socket
import sys
import time
import unittest

from harness import ROOT, WAIT_S_MAX, EndToEndTest, Program
from namespace import enter_own_network

SEED = pathlib.Path(os.environ.get("CONFAB_SEED", ROOT.parent / "shared/seed"))
PORT = 2209


def port_is_free() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return False
        return True


def knock_until_heard() -> None:
    """The toy's server does not say when it is ready. Loopback does: a datagram nobody took makes the next one fail."""
    deadline = time.monotonic() + WAIT_S_MAX
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as knocker:
        knocker.connect(("127.0.0.1", PORT))
        while time.monotonic() < deadline:
            try:
                knocker.send(b"Somebody : knocks")
                knocker.send(b"Somebody : knocks again")
                return
            except ConnectionRefusedError:
                os.sched_yield()
    raise AssertionError("the toy's server never came up")


class SeedTest(EndToEndTest):
    def setUp(self) -> None:
        if not (SEED / "client.py").exists():
            self.skipTest(f"no seed in {SEED}")
        if not port_is_free():
            self.skipTest(f"somebody uses port {PORT}, and there is no network of one's own to be had")
        super().setUp()

    def start_toy(self, program: str, *lines: str) -> Program:
        toy = self.stage(Program([sys.executable, "-u", str(SEED / program)], self.environment("toy")))
        toy.say(*lines)
        return toy

    def test_two_toy_clients_chat_through_confabd(self) -> None:
        server = self.start_server(listen=f"127.0.0.1:{PORT}")
        ryo = self.start_toy("client.py", "Ryo", "is here")
        server.out.wait_for("Ryo : is here")
        hilmi = self.start_toy("client.py", "Hilmi", "Hii")
        # The toy's question has no line end: what comes first stands behind it.
        ryo.out.wait_for("Insert your name here : Hilmi : Hii")
        ryo.say("Hi Hilmi", "how are you?")
        hilmi.out.wait_for("Ryo : how are you?")
        self.assertEqual(hilmi.out.lines, ["Insert your name here : Ryo : Hi Hilmi", "Ryo : how are you?"])
        server.out.wait_for("Ryo : how are you?")
        self.assertEqual(server.out.lines, ["Ryo : is here", "Hilmi : Hii", "Ryo : Hi Hilmi", "Ryo : how are you?"])

    def test_a_toy_client_and_a_member_chat(self) -> None:
        server = self.start_server(listen=f"127.0.0.1:{PORT}")
        hilmi = self.start_toy("client.py", "Hilmi", "Hii")
        server.out.wait_for("Hilmi : Hii")
        ada = self.enter(server, "Ada")
        ada.say("welcome")
        hilmi.out.wait_for("Ada : welcome")
        hilmi.say("thank you")
        ada.out.wait_for("Hilmi : thank you")

    def test_confab_speaks_to_the_toys_own_server(self) -> None:
        toy = self.start_toy("server.py")
        knock_until_heard()
        ada = self.start_confab(None, "--plain", "--name", "Ada", person="Ada")
        bob = self.start_confab(None, "--plain", "--name", "Bob", person="Bob")
        ada.say("hello")
        toy.out.wait_for("Ada : hello")
        bob.say("hello Ada")
        ada.out.wait_for("Bob : hello Ada")
        ada.say("bye")
        bob.out.wait_for("Ada : bye")
        self.assertEqual((self.finish(ada).code, self.finish(bob).code), (0, 0))
        self.assertEqual(ada.err.lines + bob.err.lines, [])


if __name__ == "__main__":
    enter_own_network()
    unittest.main(verbosity=2)
