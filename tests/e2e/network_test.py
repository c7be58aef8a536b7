# SPDX-License-Identifier: MIT
"""A server beyond loopback, in a network of the test's own: who it is must be asked, and plain text is off."""

import sys
import unittest

from harness import BIN, EndToEndTest, Server
from namespace import add_address, enter_own_network
from terminal import Terminal

ADDRESS = "192.0.2.1"  # RFC 5737: for documentation, never anybody's


class NetworkTest(EndToEndTest):
    def start_server_beyond_loopback(self, *options: str) -> Server:
        return self.start_server(*options, listen=f"{ADDRESS}:0")

    def known_hosts(self, person: str) -> str:
        path = self.home(person) / "data/known_hosts"
        return path.read_text() if path.exists() else ""


class FirstContactTest(NetworkTest):
    def test_a_script_is_not_let_on_to_a_stranger(self) -> None:
        server = self.start_server_beyond_loopback()
        result = self.run_confab(server, "--name", "Ada", person="Ada", text="a secret")
        self.assertEqual((result.code, result.out, len(result.err)), (76, [], 1))
        self.assertIn(f"confab://{server.fingerprint}@{server.address}", result.err[0])
        self.assertIn("--accept-new", result.err[0])
        self.assertEqual(self.known_hosts("Ada"), "")
        self.assertNotIn("Ada", "\n".join(server.err.lines))

    def test_accept_new_takes_and_remembers(self) -> None:
        server = self.start_server_beyond_loopback()
        self.assertEqual(self.run_confab(server, "--accept-new", "--name", "Ada", person="Ada", text="one").code, 0)
        self.assertEqual(self.known_hosts("Ada"), f"{server.address} {server.fingerprint}\n")
        self.assertEqual(self.run_confab(server, person="Ada", text="two").code, 0)

    def test_a_link_with_the_fingerprint_needs_no_question(self) -> None:
        server = self.start_server_beyond_loopback()
        link = f"confab://{server.fingerprint}@{server.address}"
        self.assertEqual(self.run_confab(None, link, "--name", "Ada", person="Ada", text="hello").code, 0)

    def test_a_person_is_asked(self) -> None:
        server = self.start_server_beyond_loopback()
        confab = [str(BIN / "confab"), "--line", "--server", server.address, "--name", "Ada"]
        question = "Is this the right server? (yes/no)"

        doubtful = self.stage(Terminal(confab, self.environment("Ada", TERM="xterm"), columns=200))
        doubtful.wait_for_prompt(question)
        self.assertIn(server.fingerprint, "\n".join(doubtful.lines()))
        doubtful.enter("perhaps")
        doubtful.wait_for_line("* please type yes or no")
        doubtful.enter("no")
        self.assertEqual(doubtful.wait(), 76)
        self.assertEqual(self.known_hosts("Ada"), "")
        self.assertNotIn("Ada", "\n".join(server.err.lines))

        certain = self.stage(Terminal(confab, self.environment("Ada", TERM="xterm"), columns=200))
        certain.wait_for_prompt(question)
        certain.enter("yes")
        certain.wait_for_line("* Ada joined")
        certain.enter("hello")
        server.out.wait_for("Ada : hello")
        self.assertEqual(self.known_hosts("Ada"), f"{server.address} {server.fingerprint}\n")


class PlainTest(NetworkTest):
    def test_plain_text_is_off_unless_it_is_asked_for(self) -> None:
        for options, heard in [([], False), (["--plain", "auto"], False), (["--plain", "on"], True)]:
            server = self.start_server_beyond_loopback(*options)
            self.plain_socket(server).say("Hilmi", "Hii")
            self.run_confab(server, "send", "--accept-new", "--name", "Ada", "hello", person="Ada")
            server.stop()
            self.assertEqual(server.out.lines, ["Hilmi : Hii", "Ada : hello"] if heard else ["Ada : hello"], options)


if __name__ == "__main__":
    if enter_own_network():
        add_address(ADDRESS)
        unittest.main(verbosity=2)
    print("OK (skipped=all): no network namespace to be had", file=sys.stderr)
