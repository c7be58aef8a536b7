# SPDX-License-Identifier: MIT
"""config.toml, and what --check-config says of it."""

import pathlib
import unittest

from harness import EndToEndTest


class ConfigTest(EndToEndTest):
    def write(self, text: str) -> pathlib.Path:
        path = self.home("Ada") / "config/config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

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


if __name__ == "__main__":
    unittest.main()
