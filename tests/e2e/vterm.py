# SPDX-License-Identifier: MIT
"""The screen of a real terminal emulator: libvterm (Neovim's), which knows nothing of Confab, by ctypes.

It is drop-in for terminal.Screen: `FullTerminal` is a Terminal whose bytes go into libvterm. What a cell shows, in
what colours, where the cursor is and whether the alternate screen is on, is libvterm's word.
"""

import collections.abc
import ctypes
import dataclasses
import functools
import re

from terminal import Terminal

CHARACTERS_MAX = 6  # VTERM_MAX_CHARS_PER_CELL

COLOR_INDEXED = 0x01
COLOR_DEFAULT = 0x06

PROPERTY_CURSOR_VISIBLE = 1
PROPERTY_ALTERNATE_SCREEN = 3
PROPERTY_TITLE = 4
PROPERTY_ICON_NAME = 5

# libvterm 0.1 does not know faint letters (SGR 2). To it they blink, for which Confab never asks. Painters put
# attributes first, so a 2 that belongs to a colour is never met.
FAINT = re.compile(rb"\x1b\[0((?:;1)?);2(?=[;m])")
BLINKING = b"\x1b[0\\1;5"
INCOMPLETE = re.compile(rb"\x1b(\[[0-9;?]*)?\Z")


class _Position(ctypes.Structure):
    _fields_ = [("row", ctypes.c_int), ("column", ctypes.c_int)]


class _Color(ctypes.Structure):
    _fields_ = [("type", ctypes.c_uint8), ("a", ctypes.c_uint8), ("b", ctypes.c_uint8), ("c", ctypes.c_uint8)]

    def index(self) -> int | None:
        """Of the 256; None is the terminal's own."""
        return self.a if self.type & COLOR_INDEXED and not self.type & COLOR_DEFAULT else None


class _Attributes(ctypes.Structure):
    _fields_ = [
        ("bold", ctypes.c_uint, 1),
        ("underline", ctypes.c_uint, 2),
        ("italic", ctypes.c_uint, 1),
        ("blink", ctypes.c_uint, 1),
        ("reverse", ctypes.c_uint, 1),
        ("rest", ctypes.c_uint, 26),
    ]


class _Cell(ctypes.Structure):
    _fields_ = [
        ("characters", ctypes.c_uint32 * CHARACTERS_MAX),
        ("width", ctypes.c_char),
        ("attributes", _Attributes),
        ("foreground", _Color),
        ("background", _Color),
    ]


class _Value(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("string", ctypes.c_char_p)]


_OnProperty = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.POINTER(_Value), ctypes.c_void_p)
_OnBell = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_OnControl = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_ubyte, ctypes.c_void_p)
_OnCommand = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t, ctypes.c_void_p)


class _ScreenCallbacks(ctypes.Structure):
    _fields_ = [
        ("damage", ctypes.c_void_p),
        ("moverect", ctypes.c_void_p),
        ("movecursor", ctypes.c_void_p),
        ("settermprop", _OnProperty),
        ("bell", _OnBell),
        ("resize", ctypes.c_void_p),
        ("sb_pushline", ctypes.c_void_p),
        ("sb_popline", ctypes.c_void_p),
    ]


class _Fallbacks(ctypes.Structure):
    _fields_ = [
        ("text", ctypes.c_void_p),
        ("control", _OnControl),
        ("escape", ctypes.c_void_p),
        ("csi", ctypes.c_void_p),
        ("osc", _OnCommand),
        ("dcs", _OnCommand),
        ("resize", ctypes.c_void_p),
    ]


@functools.cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libvterm.so.0")
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    for name, result, *arguments in [
        ("vterm_new", pointer, ctypes.c_int, ctypes.c_int),
        ("vterm_free", None, pointer),
        ("vterm_set_size", None, pointer, ctypes.c_int, ctypes.c_int),
        ("vterm_set_utf8", None, pointer, ctypes.c_int),
        ("vterm_input_write", size, pointer, ctypes.c_char_p, size),
        ("vterm_output_read", size, pointer, ctypes.c_char_p, size),
        ("vterm_keyboard_start_paste", None, pointer),
        ("vterm_keyboard_end_paste", None, pointer),
        ("vterm_obtain_state", pointer, pointer),
        ("vterm_obtain_screen", pointer, pointer),
        ("vterm_state_get_cursorpos", None, pointer, ctypes.POINTER(_Position)),
        ("vterm_screen_set_callbacks", None, pointer, ctypes.POINTER(_ScreenCallbacks), pointer),
        ("vterm_screen_set_unrecognised_fallbacks", None, pointer, ctypes.POINTER(_Fallbacks), pointer),
        ("vterm_screen_enable_altscreen", None, pointer, ctypes.c_int),
        ("vterm_screen_reset", None, pointer, ctypes.c_int),
        ("vterm_screen_get_cell", ctypes.c_int, pointer, _Position, ctypes.POINTER(_Cell)),
    ]:
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


@dataclasses.dataclass(frozen=True)
class Cell:
    """What one cell shows. Colours are of the 256, None is the terminal's own."""

    text: str  # empty: the right half of a wide character
    foreground: int | None = None
    background: int | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False


class VtermScreen:
    """libvterm's screen; not thread-safe."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.bells = 0
        self.alternate = False
        self.cursor_visible = True
        self.commands: list[str] = []  # operating system commands that libvterm leaves to others: links, notices …
        self.strange: list[str] = []  # titles, device strings, control characters: nothing that Confab ever sends
        self._held = b""
        self._library = _library()
        self._vterm = self._library.vterm_new(rows, columns)
        self._library.vterm_set_utf8(self._vterm, 1)
        self._state = self._library.vterm_obtain_state(self._vterm)
        self._screen = self._library.vterm_obtain_screen(self._vterm)
        # libvterm keeps the addresses only.
        self._callbacks = _ScreenCallbacks(settermprop=_OnProperty(self._on_property), bell=_OnBell(self._on_bell))
        self._fallbacks = _Fallbacks(
            control=_OnControl(self._on_control), osc=_OnCommand(self._on_osc), dcs=_OnCommand(self._on_dcs)
        )
        self._library.vterm_screen_set_callbacks(self._screen, self._callbacks, None)
        self._library.vterm_screen_set_unrecognised_fallbacks(self._screen, self._fallbacks, None)
        self._library.vterm_screen_enable_altscreen(self._screen, 1)
        self._library.vterm_screen_reset(self._screen, 1)

    def close(self) -> None:
        self._library.vterm_free(self._vterm)

    def feed(self, data: bytes) -> None:
        data = self._held + data
        incomplete = INCOMPLETE.search(data)
        self._held = incomplete[0] if incomplete else b""
        data = FAINT.sub(BLINKING, data[: len(data) - len(self._held)])
        self._library.vterm_input_write(self._vterm, data, len(data))

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._library.vterm_set_size(self._vterm, rows, columns)

    def cell(self, row: int, column: int) -> Cell:
        raw = _Cell()
        self._library.vterm_screen_get_cell(self._screen, _Position(row, column), raw)
        if raw.characters[0] == 0xFFFFFFFF:
            text = ""
        else:
            text = "".join(chr(each) for each in raw.characters if each) or " "
        attributes = raw.attributes
        return Cell(
            text,
            raw.foreground.index(),
            raw.background.index(),
            *(bool(each) for each in (attributes.bold, attributes.blink, attributes.italic, attributes.underline)),
            bool(attributes.reverse),
        )

    def cells(self, row: int) -> list[Cell]:
        return [self.cell(row, column) for column in range(self.columns)]

    @property
    def lines(self) -> list[str]:
        """What is on the screen, without spaces at the ends."""
        return ["".join(cell.text for cell in self.cells(row)).rstrip() for row in range(self.rows)]

    def styles_of(self, text: str) -> list[Cell]:
        """The cells of the first place, from the top, where this text stands; none if there is no such place."""
        for row in range(self.rows):
            cells = self.cells(row)
            starts = {}  # column by index into the row's text
            shown = ""
            for column, cell in enumerate(cells):
                starts[len(shown)] = column
                shown += cell.text
            at = shown.find(text)
            if at >= 0:
                end = starts.get(at + len(text), self.columns)
                return cells[starts[at] : end]
        return []

    @property
    def cursor(self) -> tuple[int, int]:
        position = _Position()
        self._library.vterm_state_get_cursorpos(self._state, position)
        return position.row, position.column

    @property
    def current_line(self) -> str:
        return self.lines[self.cursor[0]]

    @property
    def cursor_column(self) -> int:
        return self.cursor[1]

    @property
    def bracketed_paste(self) -> bool:
        return b"\x1b[200~" in self.pasted("")

    def pasted(self, text: str) -> bytes:
        """What the terminal sends when this is pasted."""
        return self._sent(self._library.vterm_keyboard_start_paste) + text.replace("\n", "\r").encode() + self._sent(
            self._library.vterm_keyboard_end_paste
        )

    def _sent(self, press: collections.abc.Callable[[int], None]) -> bytes:
        press(self._vterm)
        buffer = ctypes.create_string_buffer(64)
        size = self._library.vterm_output_read(self._vterm, buffer, len(buffer))
        return buffer.raw[:size]

    def _on_property(self, which: int, value: "ctypes._Pointer[_Value]", _user: object) -> int:
        if which == PROPERTY_ALTERNATE_SCREEN:
            self.alternate = bool(value.contents.number)
        elif which == PROPERTY_CURSOR_VISIBLE:
            self.cursor_visible = bool(value.contents.number)
        elif which in (PROPERTY_TITLE, PROPERTY_ICON_NAME):
            self.strange.append("title")
        return 1

    def _on_bell(self, _user: object) -> int:
        self.bells += 1
        return 1

    def _on_control(self, control: int, _user: object) -> int:
        self.strange.append(f"control {control:#x}")
        return 1

    def _on_osc(self, command: "ctypes._Pointer[ctypes.c_char]", size: int, _user: object) -> int:
        self.commands.append(command[:size].decode("utf-8", "backslashreplace"))
        return 1

    def _on_dcs(self, command: "ctypes._Pointer[ctypes.c_char]", size: int, _user: object) -> int:
        self.strange.append(f"device string {command[:size]!r}")
        return 1


class FullTerminal(Terminal):
    """A program that draws a whole screen, on libvterm."""

    screen: VtermScreen

    @staticmethod
    def make_screen(columns: int, rows: int) -> VtermScreen:
        return VtermScreen(columns, rows)

    def wait_for_text(self, text: str) -> None:
        """Anywhere on the screen, within one row."""
        self.wait_for(f"the text {text!r}", lambda screen: any(text in line for line in screen.lines))

    def wait_for_line_start(self, text: str) -> None:
        self.wait_for(f"a row {text!r} …", lambda screen: any(line.startswith(text) for line in screen.lines))

    def wait_until_gone(self, text: str) -> None:
        self.wait_for(f"no {text!r}", lambda screen: not any(text in line for line in screen.lines))

    def wait_for_style(self, text: str, **attributes: object) -> None:
        """The text, each of its cells with these attributes (dim=True, foreground=39 …)."""

        def holds(screen: VtermScreen) -> bool:
            cells = screen.styles_of(text)
            return bool(cells) and all(
                getattr(cell, name) == value for cell in cells for name, value in attributes.items()
            )

        self.wait_for(f"{text!r} with {attributes}", holds)

    def paste(self, text: str) -> None:
        """As a terminal does it: in brackets where the program asked for them."""
        with self._changed:
            data = self.screen.pasted(text)
        self.type(data.decode())

    def status(self) -> str:
        """The row above the input's."""
        return self.lines()[self.screen.cursor[0] - 1]
