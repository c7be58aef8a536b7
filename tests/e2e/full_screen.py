# SPDX-License-Identifier: MIT
"""A person before the full screen: what the tests of it share."""

from harness import BIN, EndToEndTest, Server
from vterm import FullTerminal


class FullScreenTest(EndToEndTest):
    def start_screen(
        self,
        server: Server | None,
        *options: str,
        person: str,
        columns: int = 80,
        rows: int = 24,
        **variables: str,
    ) -> FullTerminal:
        where = [] if server is None else ["--server", server.address]
        environment = self.environment(person, **{"TERM": "xterm-256color"} | variables)
        return self.stage(FullTerminal([str(BIN / "confab"), *where, *options], environment, columns, rows))

    def sit_down(self, server: Server, name: str, *options: str, columns: int = 80, rows: int = 24) -> FullTerminal:
        """A person before the screen, in the lobby or the rooms of the options."""
        screen = self.start_screen(server, "--name", name, *options, person=name, columns=columns, rows=rows)
        screen.wait_for_text(f"{name} joined")
        return screen

    def settings(self, person: str, text: str) -> str:
        """Writes the person's config.toml and answers where it is."""
        path = self.home(person) / "config/config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def assert_left_in_order(self, screen: FullTerminal, code: int = 0) -> None:
        """The program has ended and the terminal is as it was."""
        self.assertEqual(screen.wait(), code)
        self.assert_terminal_is_given_back(screen)

    def assert_terminal_is_given_back(self, screen: FullTerminal) -> None:
        self.assertEqual(screen.modes(), screen.modes_before)
        self.assertFalse(screen.screen.alternate)
        self.assertFalse(screen.screen.bracketed_paste)
        self.assertTrue(screen.screen.cursor_visible)
