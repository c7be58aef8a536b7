// SPDX-License-Identifier: MIT
// The line being typed at the bottom of an ordinary terminal, with what others say scrolling past above it.
//
//   output = *( text / CR / LF / CSI n "A" / CSI n "C" / CSI n "D" / CSI "J" / CSI "K" )
//
// which is a VT100, and so every terminal, tmux and screen. No cell is addressed by its place on the screen, nothing is
// asked of the terminal, and no alternate screen is used: what was said stays in its scrollback.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "term/layout.h"

namespace confab::tui {

/// A terminal's size in cells.
struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Keeps what it has drawn, so that a change costs the cells it changes: a character typed at the end is that
/// character. Every call answers the bytes to write, as one piece. The terminal's output processing may be on or off
/// (OPOST).
///
/// Rows are separated by CR LF, never by running over the right edge: so a full row needs no guess about when the
/// terminal wraps, and a terminal that reflows when it gets wider leaves the rows alone.
///
/// Invariants: 1. between calls the cursor is where the person types, or, when nothing is drawn, at the start of an
/// empty row;
/// 2. the drawn rows are never more than the screen has: of a longer text the last are shown, or those from the
/// cursor's on. Not thread-safe.
class PromptView {
 public:
  /// For the terminal to tell pastes from typing (KeyDecoder); written by whoever sets the terminal up, and taken back.
  static constexpr std::string_view bracketed_paste_on = "\x1B[?2004h";
  static constexpr std::string_view bracketed_paste_off = "\x1B[?2004l";

  /// A screen below 2 columns or without rows is taken for one of 2 columns or 1 row.
  explicit PromptView(ScreenSize size);

  /// `prompt` and `text` are clean (base::clean_text), `cursor` is a grapheme boundary in `text`.
  std::string show(std::string_view prompt, std::string_view text, std::size_t cursor);

  /// Puts lines above the prompt. `text` is written as it is, LF as CR LF; a last LF may be left out. It is for the
  /// caller to clean, because colours are the caller's.
  std::string print_above(std::string_view text);

  /// The terminal got another size, and did with the drawn rows what it liked. Never erases what was printed above; a
  /// terminal that reflows when it gets narrower may leave the beginning of a long line behind there.
  std::string resize(ScreenSize size);

  /// Draws everything again, for a screen that something else has written to.
  std::string redraw();

  /// Leaves the prompt and the text in the transcript and goes to the next row. The next show() begins there.
  std::string finish();

  /// Takes the prompt and the text off the screen. The next show() draws them again.
  std::string erase();

 private:
  bool is_drawn() const { return !rows_.empty(); }
  term::Layout visible() const;

  ScreenSize size_;
  std::string prompt_;
  std::string text_;
  std::size_t text_cursor_ = 0;

  std::vector<term::Row> rows_;  ///< as they stand on the screen; none: nothing is drawn
  term::Place cursor_;           ///< of the terminal, counted from the first drawn row
};

}  // namespace confab::tui
