# SPDX-License-Identifier: MIT
"""The manual pages and `--help` name the same options and subcommands."""

import pathlib
import re
import subprocess
import unittest

from harness import BIN

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "man"


def helped(*command: str) -> str:
    return subprocess.run([str(BIN / command[0]), *command[1:], "--help"], capture_output=True, text=True, check=True).stdout


def options_of(text: str) -> set[str]:
    return set(re.findall(r"^  (?:-\w,)?(--[a-z-]+)", text, re.MULTILINE))


def subcommands_of(text: str) -> set[str]:
    part = text.partition("Subcommands:")[2].partition("\n\n")[0]
    return set(re.findall(r"^  ([a-z]+)", part, re.MULTILINE))


def on_page(name: str) -> set[str]:
    page = (PAGES / name).read_text()
    return {"-" + each for each in re.findall(r"^\.(?:It|Cm|Fl).*?\s(-[a-z][a-z-]+)", page, re.MULTILINE)}


class ManualTest(unittest.TestCase):
    maxDiff = None

    def test_confab(self) -> None:
        top = helped("confab")
        subcommands = subcommands_of(top)
        self.assertIn("history", subcommands)
        options = options_of(top).union(*(options_of(helped("confab", each)) for each in subcommands))
        self.assertEqual(on_page("confab.1"), options)
        page = (PAGES / "confab.1").read_text()
        for each in subcommands:
            self.assertIn(f".It Cm {each}\n", page)

    def test_confabd(self) -> None:
        options = options_of(helped("confabd")).union(*(options_of(helped("confabd", each)) for each in ("backup", "check")))
        self.assertEqual(on_page("confabd.8"), options)


if __name__ == "__main__":
    unittest.main()
