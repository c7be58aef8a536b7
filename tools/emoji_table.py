#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the table of emoji short names (`:thumbs_up:`, `:+1:`) that src/tui/emoji.cc includes.

    emoji_table.py OUTPUT      one `{"name", "emoji"},` a line, sorted by name

The names are those of Debian's package python3-emoji: Unicode's own (CLDR) and the short ones that people know from other chats.
"""

import pathlib
import sys
import unicodedata

# A Python that is not Debian's, but stands before it in PATH, reads Debian's modules as well as any: this one is plain Python.
sys.path.append("/usr/lib/python3/dist-packages")

try:
    import emoji
except ImportError:
    sys.exit("the Python module emoji is missing: apt-get install python3-emoji")


def plain(name: str) -> str:
    """What can be typed on any keyboard: lower case, without accents and typographic signs."""
    letters = unicodedata.normalize("NFKD", name.strip(":")).casefold()
    return "".join(letter for letter in letters.replace("&", "and") if letter.isascii() and (letter.isalnum() or letter in "_-+"))


def names() -> dict[str, str]:
    """By name. Skin tones are left out: five forms of every hand would bury all else."""
    table: dict[str, str] = {}
    qualified = [(text, entry) for text, entry in emoji.EMOJI_DATA.items() if entry["status"] == emoji.STATUS["fully_qualified"]]
    toneless = [(text, entry) for text, entry in qualified if "skin_tone" not in entry["en"]]
    # Unicode's names first: an alias never takes one of them away.
    for text, entry in toneless:
        table.setdefault(plain(entry["en"]), text)
    for text, entry in toneless:
        for alias in entry.get("alias", ()):
            table.setdefault(plain(alias), text)
    table.pop("", None)
    return table


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    lines = [f'{{"{name}", "{text}"}},\n' for name, text in sorted(names().items())]
    pathlib.Path(sys.argv[1]).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
