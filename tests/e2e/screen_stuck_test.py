# SPDX-License-Identifier: MIT
"""The full screen on a terminal that does not read: stopped, paused, or at the other end of a dead link."""

import os
import pathlib
import signal
import time
import unittest

from full_screen import FullScreenTest
from harness import BIN, WAIT_S_MAX, Server
from vterm import FullTerminal


class StuckTest(FullScreenTest):
    def sit_down_before_a_large_screen(self, server: Server) -> FullTerminal:
        ada = self.sit_down(server, "Ada", columns=200, rows=60)
        ada.wait_for_prompt("> ", cursor_column=2)
        return ada

    def fill(self, ada: FullTerminal) -> None:
        """The terminal reads no more, and the program draws until there is no room for it."""
        ada.stop_reading()
        give_up_at = time.monotonic() + WAIT_S_MAX
        while not ada.is_full():
            ada.press("ctrl-l")
            self.assertLess(time.monotonic(), give_up_at, "it draws no more, though there is room")

    def flood(self, server: Server, count: int = 500) -> None:
        bob = self.start_confab(server, "--name", "Bob", person="Bob")
        bob.say(*(f"line {n}. {'x' * (n % 150)}" for n in range(count)))
        server.out.wait_for(f"Bob : line {count - 1}. {'x' * ((count - 1) % 150)}")

    def test_a_signal_ends_it_at_once_and_the_terminal_is_given_back(self) -> None:
        server = self.start_server()
        for number in (signal.SIGTERM, signal.SIGHUP):
            ada = self.start_screen(server, "--name", "Ada", person="Ada", columns=200, rows=60)
            ada.wait_for_text("Ada joined")
            self.fill(ada)
            self.flood(server)
            ada.process.send_signal(number)
            self.assertEqual(ada.process.wait(WAIT_S_MAX), 128 + number)
            self.assertEqual(ada.modes(), ada.modes_before)
            ada.read_on()
            self.assert_left_in_order(ada, 128 + number)
            self.assertEqual(ada.screen.strange, [])

    def test_keys_and_the_network_are_served_meanwhile(self) -> None:
        server = self.start_server()
        ada = self.sit_down_before_a_large_screen(server)
        self.fill(ada)
        ada.enter("typed blindly")
        server.out.wait_for("Ada : typed blindly")
        self.flood(server)
        ada.enter("/quit")
        self.assertEqual(ada.process.wait(WAIT_S_MAX), 0)
        ada.read_on()
        self.assert_left_in_order(ada)

    def test_who_reads_again_sees_what_is(self) -> None:
        server = self.start_server()
        ada = self.sit_down_before_a_large_screen(server)
        self.fill(ada)
        self.flood(server)
        ada.resize(160, 50)
        for number in range(20):
            ada.press("ctrl-l")  # a whole picture, were there room for it
            ada.enter(f"typed blindly {number}")
            server.out.wait_for(f"Ada : typed blindly {number}")
        ada.type("half a thought")
        ada.read_on()
        ada.wait_for_prompt("> half a thought")
        ada.wait_for_text("Bob | line 499. ")
        ada.wait_for_style("half a thought", dim=False)
        picture = ada.lines()[:-2]
        ada.press("ctrl-l")
        ada.type("!")
        ada.wait_for_prompt("> half a thought!")
        self.assertEqual(ada.lines()[:-2], picture, "nothing was lost between the pictures")
        self.assertEqual(ada.screen.strange, [])
        ada.enter("")
        server.out.wait_for("Ada : half a thought!")

    def test_the_terminal_of_the_shell_stays_as_it_was(self) -> None:
        server = self.start_server()
        shell = ["sh", "-mc", '"$0" "$@"; echo the shell is back; read line; fg']
        confab = [str(BIN / "confab"), "--server", server.address, "--name", "Ada"]
        ada = self.stage(FullTerminal(shell + confab, self.environment("Ada", TERM="xterm-256color"), 200, 60))
        ada.wait_for_text("Ada joined")
        self.assert_terminals_block(ada.process.pid)
        self.fill(ada)
        self.assert_terminals_block(ada.process.pid)
        ada.press("ctrl-z")
        ada.read_on()
        ada.wait_for_text("the shell is back")
        self.assert_terminal_is_given_back(ada)
        self.assert_terminals_block(ada.process.pid)
        ada.press("enter")
        ada.wait_for_text("Ada joined")
        ada.wait_for_prompt("> ", cursor_column=2)
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)

    def assert_terminals_block(self, shell: int) -> None:
        """The shell's own: it shares them with what it starts."""
        for descriptor in range(3):
            lines = pathlib.Path(f"/proc/{shell}/fdinfo/{descriptor}").read_text().splitlines()
            flags = next(int(line.split()[1], 8) for line in lines if line.startswith("flags:"))
            self.assertEqual(flags & os.O_NONBLOCK, 0, descriptor)


if __name__ == "__main__":
    unittest.main(verbosity=2)
