# SPDX-License-Identifier: MIT
"""The full screen where it is hard: any size, any text, any way to end, terminals that can do little."""

import pathlib
import re
import resource
import signal
import unittest

from full_screen import FullScreenTest
from harness import BIN
from vterm import FullTerminal, VtermScreen

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


class SizeTest(FullScreenTest):
    def without_status(self, screen: VtermScreen) -> list[str]:
        """The picture without what changes by itself, the round-trip time."""
        lines = screen.lines
        del lines[-2]
        return lines

    def assert_whole(self, screen: FullTerminal, columns: int, rows: int) -> None:
        """The picture fills this size, with the cursor behind what was typed, in the last row."""
        screen.wait_for(
            f"the line in the last of {rows} rows",
            lambda shown: shown.cursor == (rows - 1, 6) and shown.lines[rows - 1] == "> here",
        )

    def test_any_size_and_back(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.enter("hello")
        ada.wait_for_style("hello", dim=False)
        ada.type("here")
        self.assert_whole(ada, 80, 24)
        picture = self.without_status(ada.screen)
        for columns, rows in [(20, 5), (200, 60), (40, 10), (1, 1), (20, 5), (7, 1), (1, 30), (2, 2), (132, 3)]:
            ada.resize(columns, rows)
            if columns > 6 and rows > 1:
                self.assert_whole(ada, columns, rows)
                ada.wait_for_text("hello" if rows < 24 else "#lobby")
        ada.resize(80, 24)
        ada.wait_for("the picture of before", lambda screen: self.without_status(screen) == picture)
        ada.press("enter")
        server.out.wait_for("Ada : here")

    def test_a_small_screen_is_a_whole_one(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada", columns=20, rows=5)
        ada.enter("hi")
        ada.wait_for("the line, stored", lambda screen: screen.lines[2] == "Ada: hi")
        self.assertTrue(ada.lines()[3].startswith("#lobby"))
        self.assertEqual(ada.lines()[4], ">")

    def test_sizes_that_change_faster_than_it_draws(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.type("here")
        for step in range(100):
            ada.resize(20 + step % 61, 5 + step % 20)
        ada.resize(80, 24)
        self.assert_whole(ada, 80, 24)


class HostileTest(FullScreenTest):
    ATTACKS = [
        "\x1b[2J\x1b[H",
        "\x1b]0;owned\x1b\\",
        "\x1b]52;c;b3duZWQ=\x07",
        "\x1b[31mred",
        "\x1bc",
        "\x9b5A",
        "\x1b[?1049l",
        "x\b\b\b\by",
        "\u202egnorw \u2066isolated",
        "a" + "\u0301" * 300,
        "\u0301" * 50,
        "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
        "\ufeff\u200b\u2028\u2029end",
        FAMILY * 30,
        "\U0001f1e9\U0001f1ea" * 40,
        "\U0001f44d\U0001f3fd" * 40,
        "\uff21" * 200,
        "\u2764\ufe0f" * 60,
        "x" * 900,
    ]

    def panes(self, screen: VtermScreen) -> list[str]:
        """What stands beside the lines: the rooms on the left, the members on the right, with their borders."""
        shown = []
        for row in range(1, screen.rows - 2):
            cells = [cell.text for cell in screen.cells(row)]
            shown.append("".join(cells[:19]) + "".join(cells[-19:]))
        return shown

    def test_no_text_leaves_its_pane(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada", columns=120)
        ada.wait_for("members", lambda screen: any("\u2502Ada" in line for line in screen.lines))
        eve = self.start_confab(server, "--name", "Eve", person="Eve")
        eve.say("first")
        ada.wait_for("her name", lambda screen: any("\u2502Eve" in line for line in screen.lines))
        before = self.panes(ada.screen)
        ada.type("still here")
        for number, attack in enumerate(self.ATTACKS):
            eve.say(attack, f"after {number}.")
            ada.wait_for_text(f"after {number}.")
            self.assertEqual(self.panes(ada.screen), before, repr(attack))
            self.assertEqual(ada.screen.cursor, (23, 12), repr(attack))
            self.assertEqual(ada.lines()[23], "> still here", repr(attack))
        self.assertEqual(ada.screen.strange, [])
        self.assertEqual(ada.screen.commands, [])
        self.assertTrue(ada.screen.alternate)

    def test_sixteen_kilobytes_without_a_space(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        self.run_confab(server, "send", "--name", "Eve", "y" * 16384, person="Eve")
        ada.wait_for_text("yyyyyyyy")
        ada.wait_for_prompt("> ", cursor_column=2)
        ada.press("page-up")
        ada.enter("long")
        server.out.wait_for("Ada : long")

    def test_typing_what_is_hard_to_draw(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada", columns=30, rows=8)
        for text in (FAMILY * 12, "\u4e16\u754c" * 20, "e\u0301" * 40, "\u05e9\u05dc\u05d5\u05dd" * 12):
            ada.type(text)
            ada.press("home", "end", "left", "right", "enter")
            server.out.wait_for(f"Ada : {text}")
            ada.wait_for_prompt("> ", cursor_column=2)
            self.assertTrue(ada.lines()[0].startswith("#lobby"), ada.lines())
            self.assertTrue(ada.lines()[6].startswith("#lobby"), ada.lines())


class EndingTest(FullScreenTest):
    def test_every_way_out_gives_the_terminal_back(self) -> None:
        server = self.start_server()
        for leave, code in [
            (lambda ada: ada.press("ctrl-c", "ctrl-c"), 0),
            (lambda ada: ada.press("ctrl-d"), 0),
            (lambda ada: ada.enter("/quit"), 0),
            (lambda ada: ada.process.send_signal(signal.SIGTERM), 128 + signal.SIGTERM),
            (lambda ada: ada.process.send_signal(signal.SIGHUP), 128 + signal.SIGHUP),
        ]:
            ada = self.start_screen(server, "--name", "Ada", person="Ada")
            ada.wait_for_text("Ada joined")
            self.assertTrue(ada.screen.alternate)
            self.assertTrue(ada.screen.bracketed_paste)
            leave(ada)
            self.assert_left_in_order(ada, code)
            self.assertEqual("".join(ada.lines()), "", "what was there before")

    def test_a_failure_of_the_program_gives_the_terminal_back(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        sizes = pathlib.Path(f"/proc/{ada.process.pid}/status").read_text()
        memory = 1024 * int(re.search(r"^VmSize:\s*(\d+)", sizes, re.MULTILINE)[1])
        if memory > 1 << 40:
            self.skipTest("a sanitizer has its own way with memory")
        # A picture of this size needs more than it can get.
        resource.prlimit(ada.process.pid, resource.RLIMIT_AS, (memory + (4 << 20), memory + (4 << 20)))
        ada.resize(1000, 500)
        self.assert_left_in_order(ada, 1)
        ada.wait_for_text("confab: std::bad_alloc")

    def test_ctrl_c_clears_the_line_first(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.type("regret")
        ada.wait_for_prompt("> regret")
        ada.press("ctrl-c")
        ada.wait_for_prompt("> ", cursor_column=2)
        ada.press("ctrl-c")
        ada.wait_for_text("Ctrl+C again")
        ada.press("ctrl-c")
        self.assert_left_in_order(ada)
        self.assertEqual(self.history(server), [])

    def test_leaving_waits_until_all_is_stored(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.type("".join(f"line {number}\r" for number in range(50)) + "\x04")
        self.assert_left_in_order(ada)
        self.assertEqual(self.history(server), [f"Ada : line {number}" for number in range(50)])

    def test_ctrl_z_gives_the_terminal_back_and_takes_it_again(self) -> None:
        server = self.start_server()
        shell = ["sh", "-mc", '"$0" "$@"; echo the shell is back; read line; fg']
        confab = [str(BIN / "confab"), "--server", server.address, "--name", "Ada"]
        ada = self.stage(FullTerminal(shell + confab, self.environment("Ada", TERM="xterm-256color")))
        ada.wait_for_text("Ada joined")
        ada.type("half a thou")
        ada.wait_for_prompt("> half a thou")
        picture = ada.lines()

        ada.press("ctrl-z")
        ada.wait_for_text("the shell is back")
        self.assert_terminal_is_given_back(ada)

        ada.press("enter")
        ada.wait_for_prompt("> half a thou")
        self.assertEqual(ada.lines()[0], picture[0])
        self.assertTrue(ada.screen.alternate)
        ada.enter("ght")
        server.out.wait_for("Ada : half a thought")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)


class TerminalTest(FullScreenTest):
    def colors_of(self, screen: FullTerminal) -> set[int | None]:
        cells = [cell for row in range(24) for cell in screen.screen.cells(row)]
        return {color for cell in cells for color in (cell.foreground, cell.background)}

    def test_colours_are_as_many_as_the_terminal_has(self) -> None:
        server = self.start_server()
        self.run_confab(server, "send", "--name", "Bob", "https://example.net hello Ada", person="Bob")
        for variables, colors_max in [
            ({"TERM": "xterm-256color"}, 256),
            ({"TERM": "xterm"}, 16),
            ({"TERM": "vt100"}, 0),
            ({"TERM": "xterm-256color", "NO_COLOR": "1"}, 0),
        ]:
            ada = self.start_screen(server, "--name", "Ada", person="Ada", **variables)
            ada.wait_for_text("hello Ada")
            colors = {color for color in self.colors_of(ada) if color is not None}
            self.assertTrue(all(color < colors_max for color in colors), (variables, colors))
            self.assertEqual(bool(colors), colors_max > 0, variables)
            ada.press("ctrl-d")
            self.assert_left_in_order(ada)

    def test_links_can_be_clicked(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        self.run_confab(server, "send", "--name", "Bob", "see https://example.net/a?b=c.", person="Bob")
        ada.wait_for_style("https://example.net/a?b=c", underline=True)
        self.assertEqual(ada.screen.commands, ["8;;https://example.net/a?b=c", "8;;"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
