// SPDX-License-Identifier: MIT
// The text being typed and the place in it: what an edit does, without the keys that ask for it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "wire/limits.h"

namespace confab::term {

/// Places are byte offsets. Motions answer a place, so that "go there" and "cut up to there" are the same question.
///
/// Invariants: 1. the text is clean (base::clean_text) and at most `bytes_max` long; 2. the cursor stands on a boundary
/// of grapheme clusters: where an edit joins two clusters into one, it moves on to the end of the new one. Not
/// thread-safe.
class TextBuffer {
 public:
  /// What is typed here is sent as one message.
  static constexpr std::size_t bytes_max = wire::limits::message_bytes_max;

  const std::string& text() const { return text_; }
  std::size_t cursor() const { return cursor_; }
  bool empty() const { return text_.empty(); }

  /// Replaces everything; `text` is clean and not too long. The cursor goes to `cursor`, the end if that is left out.
  void set(std::string text, std::size_t cursor = std::string::npos);

  /// Puts clean text at the cursor, or in place of [from, to), and the cursor behind it. False, and nothing is changed,
  /// if the text would get too long.
  bool insert(std::string_view text) { return replace(cursor_, cursor_, text); }
  bool replace(std::size_t from, std::size_t to, std::string_view text);

  /// False if the cursor stood there already.
  bool move_to(std::size_t place);
  /// Takes out what is between the cursor and `place`, on either side.
  std::string cut_to(std::size_t place);
  /// Exchanges the characters beside the cursor (at the end: the two before it). False if there are no two.
  bool transpose();

  std::size_t left() const;
  std::size_t right() const;
  std::size_t line_start() const;
  std::size_t line_end() const;
  std::size_t word_left() const;
  std::size_t word_right() const;
  /// The start of the run of anything but white space before the cursor.
  std::size_t space_left() const;
  /// As many cells into the line above or below as the cursor is into its own; nullopt if there is no such line.
  std::optional<std::size_t> above() const;
  std::optional<std::size_t> below() const;

 private:
  std::size_t place_in_line(std::size_t start) const;

  std::string text_;
  std::size_t cursor_ = 0;
};

}  // namespace confab::term
