# SPDX-License-Identifier: MIT
"""config.toml, and what --check-config says of it."""

import pathlib
import unittest

from harness import BIN, EndToEndTest, Server
from terminal import Terminal


class WithConfig(EndToEndTest):
    def write(self, text: str) -> pathlib.Path:
        path = self.home("Ada") / "config/config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


class ConfigTest(WithConfig):
    def test_a_good_file_and_none_at_all(self) -> None:
        self.assertEqual(self.run_confab(None, "--check-config", person="Ada").code, 0)
        path = self.write('theme = "dark"\n[keys]\n"ctrl-x" = "yank"\n')
        result = self.run_confab(None, "--check-config", person="Ada")
        self.assertEqual((result.code, result.out), (0, []))
        self.assertEqual(result.err, [f"confab: nothing is wrong with {path}"])

    def test_what_is_wrong_is_named_with_its_line(self) -> None:
        path = self.write('typing = 1\n[keys]\n"ctrl-x" = "foo"\n')
        result = self.run_confab(None, "--check-config", person="Ada")
        self.assertEqual(result.code, 1)
        self.assertEqual(
            result.out, [f"{path}:1: typing: must be true|false", f"{path}:3: keys.ctrl-x: no such action: foo"]
        )

    def test_a_file_that_is_named_has_to_be_there(self) -> None:
        result = self.run_confab(None, "--check-config", "--config", str(self.folder / "none.toml"), person="Ada")
        self.assertEqual(result.code, 1)
        self.assertIn("none.toml", result.out[0])

    def test_a_wrong_file_keeps_nobody_from_chatting(self) -> None:
        self.write("[[[\n")
        server = self.start_server()
        self.assertEqual(self.run_confab(server, "--name", "Ada", person="Ada", text="hello").code, 0)
        server.out.wait_for("Ada : hello")


class LineModeTest(WithConfig):
    def sit_down(self, server: Server) -> Terminal:
        arguments = [str(BIN / "confab"), "--line", "--server", server.address, "--name", "Ada"]
        ada = self.stage(Terminal(arguments, self.environment("Ada", TERM="xterm-256color"), columns=200))
        ada.wait_for_line("* Ada joined")
        return ada

    def test_it_reads_the_same_file(self) -> None:
        path = self.write('typing = 1\nhighlights = ["tea"]\nignore = ["Eve"]\n[keys]\n"ctrl-x" = "kill-to-start"\n')
        server = self.start_server()
        ada = self.sit_down(server)
        ada.wait_for_line(f"* {path}:1: typing: must be true|false")
        self.run_confab(server, "send", "--name", "Eve", "tea?", person="Eve")
        self.run_confab(server, "send", "--name", "Bob", "tea!", person="Bob")
        ada.wait_for_line("Bob : tea!")
        self.assertEqual(ada.screen.bells, 1)
        ada.type("no")
        ada.press("ctrl-x")
        ada.enter("yes")
        server.out.wait_for("Ada : yes")
        ada.enter("/unignore Eve")
        ada.wait_for_line("Eve : tea?")

    def test_commands_are_run(self) -> None:
        heard = self.folder / "heard"
        self.write(f"[hooks]\nmention_command = 'cat > {heard}.new && mv {heard}.new {heard}'\n")
        server = self.start_server()
        ada = self.sit_down(server)
        ada.enter("/exec echo $((6 * 7)); exit 3")
        ada.wait_for_line("* 42")
        ada.wait_for_line("* exited with 3")
        ada.enter("/exec -o echo out loud")
        server.out.wait_for("Ada : out loud")
        self.run_confab(server, "send", "--name", "Bob", "Ada: psst", person="Bob")
        ada.wait_for("the command", lambda screen: heard.exists())
        self.assertEqual(heard.read_text(), "Ada: psst\n")


if __name__ == "__main__":
    unittest.main()
