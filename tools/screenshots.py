#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The pictures that README shows: four people talk through a real server, and what one of them sees is drawn as SVG.

    tools/screenshots.py FOLDER_OF_THE_PROGRAMS

writes docs/screenshots/{dark,light,narrow}.svg. The cells are libvterm's, as in the end-to-end tests. What a clock or
the network says is replaced (times, the date, the round-trip time), so that a picture changes when Confab does.
"""

import dataclasses
import html
import os
import pathlib
import re
import signal
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))
if len(sys.argv) != 2:
    sys.exit("usage: tools/screenshots.py FOLDER_OF_THE_PROGRAMS")
os.environ["CONFAB_BIN"] = str(pathlib.Path(sys.argv[1]).resolve())

from full_screen import FullScreenTest  # noqa: E402: it reads the environment
from vterm import Cell, FullTerminal  # noqa: E402

CELL_WIDTH = 8.4
ROW_HEIGHT = 18
BASELINE = 13.5
MARGIN = 14

BASIC = (
    "000000 cd3131 0dbc79 e5e510 2472c8 bc3fbc 11a8cd e5e5e5 666666 f14c4c 23d18b f5f543 3b8eea d670d6 29b8db ffffff"
).split()
CUBE = (0, 95, 135, 175, 215, 255)


@dataclasses.dataclass(frozen=True)
class Picture:
    """One file: a theme, a size, and the colours that a terminal would have by itself."""

    name: str
    theme: str
    columns: int
    rows: int
    foreground: str
    background: str

    @property
    def shows_rooms(self) -> bool:
        return self.columns >= 80


PICTURES = [
    Picture("dark", "dark", 108, 24, "#d7dae0", "#1b1e25"),
    Picture("light", "light", 108, 24, "#2a2c33", "#fcfbf8"),
    Picture("narrow", "dark", 46, 25, "#d7dae0", "#1b1e25"),
]


class Scene(FullScreenTest):
    """The talk; each line is waited for at Ada's, so that it is the same every time."""

    def play(self, picture: Picture) -> list[list[Cell]]:
        server = self.start_server()
        self.settings("Ada", f'theme = "{picture.theme}"\n')
        size = {"columns": picture.columns, "rows": picture.rows}
        ada = self.sit_down(server, "Ada", "--room", "lobby", "--room", "garden", **size)
        ryo, hilmi, mei = (self.sit_down(server, name) for name in ("Ryo", "Hilmi", "Mei"))

        def say(person: FullTerminal, text: str, shown: str) -> None:
            person.enter(text)
            ada.wait_for_text(shown)

        say(ryo, "/topic Release day: 1.0 goes out at noon", "Release day")
        say(ryo, "Good morning! The release notes are up: https://example.net/notes-1.0", "notes-1.0")
        say(hilmi, "おはよう ☕ reading them now", "reading them now")
        say(mei, "/me puts the kettle on", "kettle")
        say(ryo, "Ada: can you have a look at the packages?", "packages")
        ada.enter("yes, both build. Who tries the upgrade from 0.9?")
        ada.wait_for_style("yes, both build.", dim=False)
        say(mei, "I did, twice. No message lost, none doubled", "none doubled")
        ryo.wait_for_text("none doubled")
        ryo.enter("/react mei: :tada:")
        ada.wait_for_text("🎉")
        hilmi.enter("/reply ryo: found a typo in the third paragraph")
        ada.wait_for_text("found a typo")
        say(ryo, "fixed, thank yuo", "thank yuo")
        say(ryo, "/edit fixed, thank you", "thank you")
        hilmi.enter("/msg Ada lunch at one?")
        mei.enter("/join garden")
        mei.wait_for_text("Ada, Mei joined")
        mei.enter("the tomatoes are ripe 🍅")
        for person, text in ((hilmi, "lunch at one?"), (mei, "the tomatoes are ripe 🍅")):
            person.wait_for_style(text, dim=False)
        if picture.shows_rooms:
            for room in ("@hilmi", "#garden"):
                ada.wait_for_text(f"{room:<15}1")
        server.signal(signal.SIGSTOP)
        self.addCleanup(server.signal, signal.SIGCONT)
        ada.enter("then noon it is")
        ada.wait_for_style("then noon it is", dim=True)
        ada.type("see you there")
        ada.wait_for_text("> see you there")
        return [ada.screen.cells(row) for row in range(picture.rows)]


def overwrite(cells: list[Cell], at: int, length: int, text: str) -> None:
    """Other words in the same style; what they are shorter by is blank."""
    for offset, character in enumerate(text.ljust(length)):
        cells[at + offset] = dataclasses.replace(cells[at], text=character)


def replace_what_varies(rows: list[list[Cell]]) -> None:
    times = 0
    for cells in rows:
        # A place in the text is a column: nothing wide stands before any of these.
        text = "".join(cell.text or " " for cell in cells)
        if match := re.search(r"\[\d\d:\d\d\]", text):
            overwrite(cells, match.start(), 7, f"[11:{20 + times:02}]")
            times += 1
        if match := re.search(r"── \w+, \d+ \w+ \d+ ──", text):
            overwrite(cells, match.start(), len(match[0]), "── Friday, 1 May 2026 ──")
        if match := re.search(r"  (\d+) ms  ", text):
            overwrite(cells, match.start(1), len(match[1]), "1")


def color(index: int) -> str:
    if index < 16:
        return "#" + BASIC[index]
    if index >= 232:
        return "#" + f"{8 + 10 * (index - 232):02x}" * 3
    index -= 16
    return "#" + "".join(f"{CUBE[each]:02x}" for each in (index // 36, index // 6 % 6, index % 6))


def style_of(cell: Cell) -> Cell:
    return dataclasses.replace(cell, text="")


def runs_of(cells: list[Cell]) -> list[tuple[int, str, int, Cell]]:
    """Column, text, columns and style of what is drawn at once; what is wide or unusual stands alone, in its place."""
    runs: list[tuple[int, str, int, Cell]] = []
    for column, cell in enumerate(cells):
        style = style_of(cell)
        if cell.text == "":
            start, text, length, of = runs.pop()
            runs.append((start, text, length + 1, of))
        elif runs and cell.text.isascii() and runs[-1][1].isascii() and runs[-1][3] == style:
            start, text, length, of = runs.pop()
            runs.append((start, text + cell.text, length + 1, of))
        else:
            runs.append((column, cell.text, 1, style))
    return runs


def draw_run(picture: Picture, row: int, run: tuple[int, str, int, Cell]) -> str:
    column, text, length, style = run
    ink = picture.foreground if style.foreground is None else color(style.foreground)
    paper = picture.background if style.background is None else color(style.background)
    if style.reverse:
        ink, paper = paper, ink
    x, y, width = MARGIN + column * CELL_WIDTH, MARGIN + row * ROW_HEIGHT, length * CELL_WIDTH
    drawn = ""
    if paper != picture.background:
        drawn += f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW_HEIGHT}" fill="{paper}"/>\n'
    if text.strip():
        names = {"bold": "b", "dim": "d", "italic": "i", "underline": "u"}
        classes = " ".join(mark for name, mark in names.items() if getattr(style, name))
        marks = f' class="{classes}"' if classes else ""
        marks += f' fill="{ink}"' if ink != picture.foreground else ""
        marks += f' textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"' if text.isascii() and length > 1 else ""
        drawn += f'<text x="{x:.1f}" y="{y + BASELINE}"{marks}>{html.escape(text)}</text>\n'
    return drawn


def draw(picture: Picture, rows: list[list[Cell]]) -> str:
    width, height = picture.columns * CELL_WIDTH + 2 * MARGIN, picture.rows * ROW_HEIGHT + 2 * MARGIN
    body = "".join(draw_run(picture, row, run) for row, cells in enumerate(rows) for run in runs_of(cells))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}">\n'
        "<style>text{white-space:pre;font:14px 'DejaVu Sans Mono',Menlo,Consolas,monospace}"
        ".b{font-weight:bold}.d{opacity:.6}.i{font-style:italic}.u{text-decoration:underline}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{picture.background}"/>\n'
        f'<g fill="{picture.foreground}" xml:space="preserve">\n{body}</g>\n</svg>\n'
    )


def main() -> None:
    folder = ROOT / "docs/screenshots"
    folder.mkdir(exist_ok=True)
    for picture in PICTURES:
        scene = Scene("play")
        scene.setUp()
        try:
            rows = scene.play(picture)
        finally:
            scene.doCleanups()
        replace_what_varies(rows)
        path = folder / f"{picture.name}.svg"
        path.write_text(draw(picture, rows))
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
