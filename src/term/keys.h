// SPDX-License-Identifier: MIT
// What was pressed, read from the bytes a terminal sends.
//
//   input    = *( key / alt-key / sequence / paste )
//   key      = UTF-8 character / C0 control / DEL
//   alt-key  = ESC key
//   sequence = [ESC] ESC "[" *( %x30-3F ) *( %x20-2F ) %x40-7E    ; CSI (ECMA-48 5.4), the ESC before it is rxvt's Alt
//            / [ESC] ESC "O" %x20-7E                              ; SS3, keys in application mode
//            / ESC "[[" %x20-7E                                   ; function keys of the Linux console
//   paste    = ESC "[200~" *OCTET ESC "[201~"                     ; bracketed paste
//
// The parameters are those of xterm, VT220, rxvt, the Linux console, tmux and screen: `CSI 1 ; 5 D` is Ctrl-Left. Keys
// that xterm (modifyOtherKeys) and kitty write as numbers, `CSI 27 ; 2 ; 13 ~` and `CSI 13 ; 2 u`, are understood too.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace confab::term {

/// One press of a key, or one paste.
///
/// Invariants: `text` is valid UTF-8 and one code point for `character` (of Ctrl and a letter: the lower-case letter),
/// whatever was pasted for `paste` (not checked: see base::clean_text), empty for all others. Shift is told only where
/// the terminal tells it, and never of a character, whose text has it already.
struct Key {
  enum class Kind : std::uint8_t {
    unknown,
    character,
    paste,
    enter,
    tab,
    back_tab,
    backspace,
    delete_,
    insert,
    left,
    right,
    up,
    down,
    home,
    end,
    page_up,
    page_down,
    escape,
    f1,
    f2,
    f3,
    f4,
    f5,
    f6,
    f7,
    f8,
    f9,
    f10,
    f11,
    f12,
    focus_in,  ///< no key: the terminal's window is looked at (xterm's mode 1004)
    focus_out,
  };

  Kind kind = Kind::unknown;
  std::string text = {};
  bool alt = false;
  bool ctrl = false;
  bool shift = false;

  auto operator<=>(const Key&) const = default;
};

/// Terminal bytes in, keys out. Input may be split at any byte; any bytes are safe and memory is bounded. Not
/// thread-safe.
///
/// ESC is both a key and the beginning of others: where the bytes end in one that could go on, the decoder waits
/// `escape_wait` for more, and the driver calls wake() when next_deadline() has come. Bytes that are no UTF-8 are
/// dropped.
class KeyDecoder {
 public:
  /// Long enough for the rest of a sequence over a slow line, too short for a person to notice.
  static constexpr std::chrono::milliseconds escape_wait{50};
  /// Nobody pastes more into one message; the rest of a longer paste is dropped.
  static constexpr std::size_t paste_bytes_max = 1024 * 1024;
  /// The longest sequence of any known key has 16 bytes. What a longer one has beyond this is dropped, so that it ends
  /// as `unknown` and does not spill into the text.
  static constexpr std::size_t sequence_bytes_max = 64;

  std::vector<Key> feed(std::string_view bytes, base::Instant now);
  std::vector<Key> wake(base::Instant now);
  base::Instant next_deadline() const { return deadline_; }

 private:
  void take(char byte, std::vector<Key>& keys);
  void take_pasted(char byte, std::vector<Key>& keys);
  void add_pasted(std::string_view bytes);
  bool is_ambiguous() const;

  std::string pending_;  ///< the beginning of a key that is not complete
  std::string paste_;
  std::size_t paste_end_matched_ = 0;  ///< how much of the paste's end mark the last bytes were
  bool pasting_ = false;
  base::Instant deadline_ = base::never;
};

}  // namespace confab::term
