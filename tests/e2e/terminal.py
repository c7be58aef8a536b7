# SPDX-License-Identifier: MIT
"""A person at a terminal: `confab` on a pseudo terminal, keys that she presses and a screen that she reads.

The screen is a model, a VT100 of the few sequences that src/tui/prompt_view.h lists:

    output   = *( text / CR / LF / BS / BEL / sequence )
    sequence = CSI n ( "A" / "B" / "C" / "D" )   cursor up, down, right, left
             / CSI "H"                           cursor home
             / CSI n ( "J" / "K" )               erase: 0 to the end, 2 all
             / CSI *n "m"                        colours, which it ignores
             / CSI "?2004" ( "h" / "l" )         bracketed paste on, off

Whatever else comes is kept in `strange`: a test of hostile text looks there.
"""

import codecs
import collections.abc
import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import threading
import unicodedata

from harness import WAIT_S_MAX

KEYS = {
    "enter": "\r",
    "left": "\x1b[D",
    "right": "\x1b[C",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "delete": "\x1b[3~",
    "backspace": "\x7f",
    "tab": "\t",
    "page-up": "\x1b[5~",
    "page-down": "\x1b[6~",
    "alt-enter": "\x1b\r",
}
KEYS |= {f"ctrl-{letter}": chr(ord(letter) - ord("a") + 1) for letter in "abcdefghijklmnopqrstuvwxyz"}
KEYS |= {f"alt-{key}": f"\x1b{key}" for key in "abcdefghijklmnopqrstuvwxyz123456789<>"}

SEQUENCE = re.compile(r"\x1b\[(\??)([\d;]*)([@-~])")


def cells_of(character: str) -> int:
    if unicodedata.combining(character) or character in "\u200d\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return 0  # accents, joiners, and the skin colours of emoji
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    """Rows of cells, a cursor, and above them the scrollback. A wide character's second cell is an empty string."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self.strange: list[str] = []
        self.bells = 0
        self.bracketed_paste = False
        self._cells: list[list[str]] = [[]]  # scrollback and screen, grown as lines come
        self._top = 0  # first row of the screen in _cells
        self._row = 0
        self._column = 0
        self._sequence = ""  # begun and not complete
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    @property
    def lines(self) -> list[str]:
        """All that was ever shown, scrollback first, without spaces at the ends."""
        return ["".join(row).rstrip() for row in self._cells]

    @property
    def current_line(self) -> str:
        """The row that the cursor is in."""
        return self.lines[self._row]

    @property
    def cursor_column(self) -> int:
        return self._column

    def resize(self, columns: int, rows: int) -> None:
        """As xterm does it: rows are cut, not folded anew."""
        self.columns, self.rows = columns, rows
        self._cells = [row[:columns] for row in self._cells]
        self._column = min(self._column, columns - 1)
        self._top = max(self._top, len(self._cells) - rows, self._row - rows + 1)

    def feed(self, data: bytes) -> None:
        for character in self._decoder.decode(data):
            if self._sequence or character == "\x1b":
                self._take_sequence(character)
            else:
                self._take(character)

    def _take(self, character: str) -> None:
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._move_to(self._row + 1, self._column, scroll=True)
        elif character == "\b":
            self._column = max(self._column - 1, 0)
        elif character == "\a":
            self.bells += 1
        elif unicodedata.category(character) in ("Cc", "Cf") and cells_of(character) > 0:
            self.strange.append(character)
        else:
            self._draw(character)

    def _take_sequence(self, character: str) -> None:
        self._sequence += character
        if match := SEQUENCE.fullmatch(self._sequence):
            self._obey(match[1], match[2], match[3])
            self._sequence = ""
        elif not re.fullmatch(r"\x1b(\[[?\d;]*)?", self._sequence):
            self.strange.append(self._sequence)
            self._sequence = ""

    def _obey(self, mark: str, parameters: str, command: str) -> None:
        number = int(parameters) if parameters.isdigit() else 0
        steps = max(number, 1)
        if mark:
            self.bracketed_paste = command == "h"
            if parameters != "2004":
                self.strange.append(f"CSI ?{parameters}{command}")
        elif command in "AB":
            self._move_to(self._row + (steps if command == "B" else -steps), self._column)
        elif command in "CD":
            self._column = max(0, min(self.columns - 1, self._column + (steps if command == "C" else -steps)))
        elif command == "H" and not parameters:
            self._move_to(self._top, 0)
        elif command == "K" and number == 0:
            del self._cells[self._row][self._column :]
        elif command == "J" and number in (0, 2):
            first = self._row if number == 0 else self._top
            del self._cells[self._row][self._column if number == 0 else 0 :]
            for row in self._cells[first + 1 :] if number == 0 else self._cells[first:]:
                row.clear()
        elif command != "m":
            self.strange.append(f"CSI {parameters}{command}")

    def _move_to(self, row: int, column: int, scroll: bool = False) -> None:
        bottom = self._top + self.rows - 1
        if row > bottom and scroll:
            self._top += 1
            bottom += 1
        self._row = max(self._top, min(bottom, row))
        self._column = column
        while len(self._cells) <= self._row:
            self._cells.append([])

    def _draw(self, character: str) -> None:
        width = cells_of(character)
        if self._column + width > self.columns:
            self._move_to(self._row + 1, 0, scroll=True)
        row = self._cells[self._row]
        row.extend(" " * (self._column - len(row)))
        if width == 0:
            if self._column > 0:
                row[self._column - 1] += character
            return
        row[self._column : self._column + width] = [character] + [""] * (width - 1)
        self._column += width


class Terminal:
    """A program on a pseudo terminal of its own, which is the program's controlling terminal."""

    def __init__(self, arguments: list[str], environment: dict[str, str], columns: int = 80, rows: int = 24) -> None:
        self.arguments = arguments
        self.screen = self.make_screen(columns, rows)
        self.raw = b""
        self._changed = threading.Condition()
        self._ended = False
        self._reads = threading.Event()
        self._reads.set()
        self._master, slave = os.openpty()
        self._device = os.ttyname(slave)
        self._set_size(columns, rows)
        self.modes_before = termios.tcgetattr(self._master)
        # setsid is what a terminal emulator does: the size's changes and Ctrl+Z reach the foreground process.
        command = ["setsid", "--ctty", *arguments]
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment, cwd="/")
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @staticmethod
    def make_screen(columns: int, rows: int) -> Screen:
        return Screen(columns, rows)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def press(self, *keys: str) -> None:
        for key in keys:
            self.type(KEYS[key])

    def enter(self, text: str) -> None:
        self.type(text)
        self.press("enter")

    def resize(self, columns: int, rows: int) -> None:
        with self._changed:
            self.screen.resize(columns, rows)
        self._set_size(columns, rows)

    def wait_for(self, what: str, holds: collections.abc.Callable[[Screen], bool]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: holds(self.screen) or self._ended, WAIT_S_MAX)
            if not holds(self.screen):
                shown = "\n".join(f"    |{line}" for line in self.screen.lines)
                raise AssertionError(f"the screen never had {what}; it is\n{shown}")

    def wait_for_line(self, line: str) -> None:
        """A whole row, wherever it stands."""
        self.wait_for(f"the row {line!r}", lambda screen: line in screen.lines)

    def wait_for_prompt(self, line: str, cursor_column: int | None = None) -> None:
        """The row that the cursor is in, and where in it."""
        self.wait_for(
            f"{line!r} where the cursor is, in column {cursor_column}",
            lambda screen: screen.current_line == line.rstrip() and cursor_column in (None, screen.cursor_column),
        )

    def lines(self) -> list[str]:
        with self._changed:
            return self.screen.lines

    def stop_reading(self) -> None:
        """As a terminal does that is stopped, or at the other end of a dead link: what is drawn stays unread."""
        self._reads.clear()

    def read_on(self) -> None:
        self._reads.set()

    def is_full(self) -> bool:
        """Whoever writes now would have to wait until the terminal reads."""
        device = os.open(self._device, os.O_WRONLY | os.O_NOCTTY)
        try:
            return not select.select([], [device], [], 0)[1]
        finally:
            os.close(device)

    def modes(self) -> list[object]:
        return termios.tcgetattr(self._master)

    def wait(self) -> int:
        code = self.process.wait(WAIT_S_MAX)
        self._reader.join(WAIT_S_MAX)
        return code

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.read_on()
        self.wait()
        os.close(self._master)

    def report(self) -> str:
        shown = "\n".join(f"    |{line}" for line in self.lines())
        return f"--- {' '.join(self.arguments)} (exit code {self.process.poll()})\n{shown}"

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        while True:
            self._reads.wait()
            try:
                data = os.read(self._master, 65536)
            except OSError:  # EIO: nobody has the other side open any more
                data = b""
            with self._changed:
                self.raw += data
                self.screen.feed(data)
                self._ended = not data
                self._changed.notify_all()
            if not data:
                return
