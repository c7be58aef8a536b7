# SPDX-License-Identifier: MIT
"""The full screen as its owner has set it up: config.toml, keys, colours, notices, hooks, several servers."""

import os
import subprocess
import unittest

from full_screen import FullScreenTest
from vterm import FullTerminal

FOCUS_IN = "\x1b[I"
FOCUS_OUT = "\x1b[O"


class SettingsTest(FullScreenTest):
    def test_a_wrong_line_is_named_and_the_rest_counts(self) -> None:
        server = self.start_server()
        path = self.settings("Ada", 'paste_question_lines = "many"\n[keys]\n"ctrl-x" = "room-next"\n')
        ada = self.sit_down(server, "Ada", "--room", "lobby", "--room", "garden", columns=200)
        ada.wait_for_text(f"{path}:1: ")
        ada.press("ctrl-x")
        ada.wait_for_style("2 #garden", reverse=True)
        ada.press("ctrl-x")
        ada.wait_for_style("1 #lobby", reverse=True)

    def test_panes_and_colours(self) -> None:
        server = self.start_server()
        self.settings("Ada", '[panes]\nrooms = "never"\nmembers = "always"\n[colors]\nprompt = 99\nstatus = "red"\n')
        ada = self.sit_down(server, "Ada")
        ada.wait_for("members on the right", lambda screen: screen.lines[1].endswith("│1 here"))
        self.assertTrue(ada.lines()[0].startswith("#lobby"), "the topic begins at the left")
        ada.wait_for_style("> ", foreground=99)
        ada.wait_for_style(" ms  Ada", foreground=1)

    def test_set_changes_it_for_the_run(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.wait_for_line_start("1 #lobby")
        ada.enter("/set panes.rooms never")
        ada.wait_for("no list of rooms", lambda screen: not screen.lines[0].startswith("1 #lobby"))
        ada.enter("/set no.such.thing 1")
        ada.wait_for_text("no.such.thing")
        self.assertEqual(self.history(server), [])

    def test_what_programs_write_into_the_fifo_is_said(self) -> None:
        server = self.start_server()
        fifo = self.folder / "lines"
        self.settings("Ada", f'[hooks]\nfifo = "{fifo}"\n')
        ada = self.sit_down(server, "Ada")
        fifo.write_text("the build is red\n")
        server.out.wait_for("Ada : the build is red")
        ada.wait_for_text("Ada | the build is red")

    def test_set_opens_another_fifo(self) -> None:
        server = self.start_server()
        first, second = self.folder / "first", self.folder / "second"
        os.mkfifo(second, 0o600)
        self.settings("Ada", f'[hooks]\nfifo = "{first}"\n')
        ada = self.sit_down(server, "Ada")
        ada.enter(f'/set hooks.fifo "{second}"')
        second.write_text("by the second\n")  # as soon as somebody reads it
        server.out.wait_for("Ada : by the second")
        with self.assertRaises(OSError, msg="nobody reads the first"):
            os.close(os.open(first, os.O_WRONLY | os.O_NONBLOCK))
        ada.enter('/set hooks.fifo "/nowhere/lines"')
        ada.wait_for_text("open the FIFO /nowhere/lines")

    def test_a_program_that_writes_without_end_stops_nobody(self) -> None:
        server = self.start_server()
        fifo = self.folder / "lines"
        self.settings("Ada", f'[hooks]\nfifo = "{fifo}"\n')
        ada = self.sit_down(server, "Ada")
        with fifo.open("wb") as lines:
            mill = subprocess.Popen(["yes", "built"], stdout=lines)
        self.addCleanup(mill.wait)
        self.addCleanup(mill.kill)
        ada.wait_for_text("Ada | built")
        ada.type("half a thought")
        ada.wait_for_prompt("> half a thought")
        ada.press("ctrl-c")
        ada.enter("/quit")
        self.assertIn(ada.wait(), (0, 75), "what came in the very last moment is queued")
        self.assert_terminal_is_given_back(ada)

    def test_a_mention_runs_a_command_that_its_words_cannot_reach(self) -> None:
        server = self.start_server()
        fifo = self.folder / "lines"
        command = f"printf \"%s said: %s\\\\n\" \"$CONFAB_NAME\" \"$CONFAB_TEXT\" > {fifo}"
        self.settings("Ada", f"[hooks]\nfifo = '{fifo}'\nmention_command = \"\"\"{command}\"\"\"\n")
        ada = self.sit_down(server, "Ada")
        attack = "Ada: $(exit 1); `false` \"' > /nowhere"
        self.run_confab(server, "send", "--name", "Eve", attack, person="Eve")
        ada.wait_for_text(f"Eve | {attack}")
        server.out.wait_for(f"Ada : Eve said: {attack}")


class NoticeTest(FullScreenTest):
    NOTICES = {
        "osc9": "9;#lobby Eve: Ada: psst",
        "osc777": "777;notify;#lobby Eve;Ada: psst",
    }

    def notices_of(self, screen: FullTerminal) -> list[str]:
        return [each for each in screen.screen.commands if each.startswith(("9;", "777;"))]

    def test_who_looks_elsewhere_is_told_on_the_desktop(self) -> None:
        server = self.start_server()
        for kind, notice in self.NOTICES.items():
            self.settings("Ada", f'[notifications]\ndesktop = "{kind}"\n')
            ada = self.start_screen(server, "--name", "Ada", person="Ada")
            ada.wait_for_text("Ada joined")
            ada.type(FOCUS_OUT)
            self.run_confab(server, "send", "--name", "Eve", "Ada: psst", person="Eve")
            ada.wait_for("the notice", lambda screen: bool(self.notices_of(ada)))
            self.assertEqual((self.notices_of(ada), ada.screen.bells), ([notice], 1))
            ada.press("ctrl-d")
            self.assert_left_in_order(ada)

    def test_who_looks_at_the_room_hears_the_bell_alone(self) -> None:
        server = self.start_server()
        self.settings("Ada", '[notifications]\ndesktop = "osc9"\n')
        ada = self.sit_down(server, "Ada")
        ada.type(FOCUS_OUT + FOCUS_IN)
        self.run_confab(server, "send", "--name", "Eve", "Ada: psst", person="Eve")
        ada.wait_for_text("Eve | Ada: psst")
        self.assertEqual((self.notices_of(ada), ada.screen.bells), ([], 1))

    def test_a_terminal_that_is_not_known_to_show_them_gets_none(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.type(FOCUS_OUT)
        self.run_confab(server, "send", "--name", "Eve", "Ada: psst", person="Eve")
        ada.wait_for("the bell", lambda screen: screen.bells == 1)
        self.assertEqual(self.notices_of(ada), [])


class ServersTest(FullScreenTest):
    def test_two_servers_in_one_window(self) -> None:
        first = self.start_server()
        second = self.start_server(data=self.folder / "second")
        self.settings(
            "Ada",
            f'[[server]]\nlink = "confab://{first.address}/lobby"\nname = "Ada"\n'
            f'[[server]]\nlink = "confab://{second.address}"\nname = "Countess"\nrooms = ["dev"]\n',
        )
        ada = self.start_screen(None, person="Ada", columns=100)
        ada.wait_for_line_start(f"{first.address}"[:18])
        ada.wait_for_line_start("1 #lobby")
        ada.wait_for_line_start("2 #dev")
        ada.wait_for_text("Ada joined")
        ada.enter("to the first")
        first.out.wait_for("Ada : to the first")
        ada.press("alt-2")
        ada.wait_for_text("Countess joined")
        ada.enter("to the second")
        ada.wait_for_style("to the second", dim=False)
        self.assertEqual(self.history(second, "--room", "dev"), ["Countess : to the second"])

        bob = self.start_confab(first, "--name", "Bob", person="Bob")
        bob.say("Ada: come back")
        ada.wait_for_style("#lobby", underline=True)
        second.kill()
        ada.press("alt-a")
        ada.wait_for_text("Bob | Ada: come back")
        ada.enter("here I am")
        first.out.wait_for("Ada : here I am")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)


if __name__ == "__main__":
    unittest.main(verbosity=2)
