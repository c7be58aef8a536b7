// SPDX-License-Identifier: MIT
// The line being typed: keys in, what came of them out. Draws nothing: a PromptView or a screen shows prompt(), text()
// and cursor() after each change.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "term/bindings.h"
#include "term/history.h"
#include "term/keys.h"
#include "term/text_buffer.h"

namespace confab::term {

enum class EditResult {
  nothing,       ///< the key means nothing here; it is free for others to use
  changed,       ///< text, cursor or prompt are to be shown anew
  refused,       ///< it could not be done, and nothing changed: ring the bell
  submitted,     ///< Outcome::text is the whole text; the editor is empty again
  interrupt,     ///< Ctrl-C where there was nothing to clear
  end_of_input,  ///< Ctrl-D where there was nothing to delete
  suspend,       ///< Ctrl-Z
  redraw,        ///< Ctrl-L
};

struct Outcome {
  EditResult result = EditResult::nothing;
  std::string text = {};
  bool operator==(const Outcome&) const = default;
};

/// What the text before the cursor may be continued with: each candidate would stand in place of [from, cursor).
struct Completions {
  std::size_t from = 0;
  std::vector<std::string> candidates = {};
};

/// Asked at the first Tab; later ones go through its answer.
using Completer = std::function<Completions(std::string_view text, std::size_t cursor)>;

/// Bound keys run their action; a character without Ctrl and Alt and a paste go into the text, cleaned. What does not
/// fit into one message is refused whole: nothing is ever cut. Not thread-safe.
class LineEditor {
 public:
  explicit LineEditor(Completer completer = {}, Bindings bindings = default_bindings(), History history = {});

  Outcome handle(const Key& key);

  const std::string& text() const { return buffer_.text(); }
  std::size_t cursor() const { return buffer_.cursor(); }
  /// What stands before the text: `normal`, or what is searched for while that goes on.
  std::string prompt(std::string_view normal) const;

  /// Replaces the text (clean, at most TextBuffer::bytes_max), say to give back a message that could not be sent.
  void set_text(std::string text);
  const History& history() const { return history_; }
  /// From the next key on.
  void set_bindings(Bindings bindings) { bindings_ = std::move(bindings); }

 private:
  using Command = EditResult (LineEditor::*)();

  /// An incremental search back through the history. `at` is the entry that is shown; where none was found yet, the
  /// size.
  struct Search {
    std::string part = {};
    std::size_t at = 0;
    bool failed = false;
    TextBuffer before = {};
  };

  /// The candidates that Tab goes round in, and what stood there before the first.
  struct Cycle {
    Completions completions = {};
    std::size_t index = 0;
    TextBuffer before = {};
  };

  static Command command_of(Action action);
  std::optional<Action> action_of(const Key& key) const;
  EditResult run(const Key& key);
  EditResult run(Action action);
  EditResult insert(std::string_view text);
  EditResult move_to(std::size_t place);
  EditResult erase_to(std::size_t place);
  EditResult kill_to(std::size_t place);

  EditResult submit();
  EditResult newline();
  EditResult backspace();
  EditResult delete_right();
  EditResult delete_or_end();
  EditResult left();
  EditResult right();
  EditResult line_start();
  EditResult line_end();
  EditResult word_left();
  EditResult word_right();
  EditResult up();
  EditResult down();
  EditResult kill_to_start();
  EditResult kill_to_end();
  EditResult kill_word_left();
  EditResult kill_word_right();
  EditResult kill_to_space();
  EditResult yank();
  EditResult transpose();
  EditResult cancel();
  EditResult interrupt();
  EditResult suspend();
  EditResult redraw();

  EditResult history_older();
  EditResult history_newer();
  EditResult show_entry(std::size_t index);

  EditResult history_search();
  std::optional<EditResult> run_in_search(const Key& key);
  EditResult search_for(std::string part, std::size_t before);
  EditResult shorten_search();
  void accept_search();

  EditResult complete();
  EditResult complete_back();
  EditResult begin_completion(bool backwards);
  EditResult turn_completion(std::size_t steps);

  Completer completer_;
  Bindings bindings_;
  TextBuffer buffer_;
  std::string submitted_;

  History history_;
  std::size_t entry_ = 0;  ///< the entry of the history that is edited; its size for a line of one's own
  std::string draft_;      ///< that line of one's own, while an entry is shown

  std::optional<Search> search_;
  std::optional<Cycle> cycle_;
  std::string killed_;
  bool killing_ = false;        ///< this key kills, so that the next kill joins
  bool killed_before_ = false;  ///< the key before did
};

}  // namespace confab::term
