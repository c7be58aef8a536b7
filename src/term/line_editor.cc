// SPDX-License-Identifier: MIT
#include "term/line_editor.h"

#include <cassert>
#include <utility>

#include "base/text.h"
#include "term/graphemes.h"

namespace confab::term {

namespace {

EditResult changed_if(bool changed) { return changed ? EditResult::changed : EditResult::refused; }

bool is_plain_character(const Key& key) { return key.kind == Key::Kind::character && !key.ctrl && !key.alt; }

}  // namespace

LineEditor::LineEditor(Completer completer, Bindings bindings, History history)
    : completer_(std::move(completer)),
      bindings_(std::move(bindings)),
      history_(std::move(history)),
      entry_(history_.size()) {}

Outcome LineEditor::handle(const Key& key) {
  killed_before_ = std::exchange(killing_, false);
  const EditResult result = run(key);
  return {result, std::exchange(submitted_, {})};
}

std::string LineEditor::prompt(std::string_view normal) const {
  if (!search_) return std::string(normal);
  return (search_->failed ? "(not found: " : "(search: ") + search_->part + ") ";
}

void LineEditor::set_text(std::string text) {
  search_.reset();
  cycle_.reset();
  entry_ = history_.size();
  buffer_.set(std::move(text));
}

LineEditor::Command LineEditor::command_of(Action action) {
  switch (action) {
    case Action::submit:
      return &LineEditor::submit;
    case Action::newline:
      return &LineEditor::newline;
    case Action::backspace:
      return &LineEditor::backspace;
    case Action::delete_:
      return &LineEditor::delete_right;
    case Action::delete_or_end:
      return &LineEditor::delete_or_end;
    case Action::left:
      return &LineEditor::left;
    case Action::right:
      return &LineEditor::right;
    case Action::line_start:
      return &LineEditor::line_start;
    case Action::line_end:
      return &LineEditor::line_end;
    case Action::word_left:
      return &LineEditor::word_left;
    case Action::word_right:
      return &LineEditor::word_right;
    case Action::up:
      return &LineEditor::up;
    case Action::down:
      return &LineEditor::down;
    case Action::history_older:
      return &LineEditor::history_older;
    case Action::history_newer:
      return &LineEditor::history_newer;
    case Action::history_search:
      return &LineEditor::history_search;
    case Action::kill_to_start:
      return &LineEditor::kill_to_start;
    case Action::kill_to_end:
      return &LineEditor::kill_to_end;
    case Action::kill_word_left:
      return &LineEditor::kill_word_left;
    case Action::kill_word_right:
      return &LineEditor::kill_word_right;
    case Action::kill_to_space:
      return &LineEditor::kill_to_space;
    case Action::yank:
      return &LineEditor::yank;
    case Action::transpose:
      return &LineEditor::transpose;
    case Action::complete:
      return &LineEditor::complete;
    case Action::complete_back:
      return &LineEditor::complete_back;
    case Action::cancel:
      return &LineEditor::cancel;
    case Action::interrupt:
      return &LineEditor::interrupt;
    case Action::suspend:
      return &LineEditor::suspend;
    case Action::redraw:
      return &LineEditor::redraw;
    default:  // is_editing() has looked
      std::unreachable();
  }
}

std::optional<Action> LineEditor::action_of(const Key& key) const {
  const auto binding = bindings_.find(key);
  if (binding == bindings_.end()) return std::nullopt;
  return binding->second;
}

EditResult LineEditor::run(const Key& key) {
  if (search_) {
    if (const auto result = run_in_search(key)) return *result;
    accept_search();
  }
  if (const auto action = action_of(key)) return is_editing(*action) ? run(*action) : EditResult::nothing;
  const bool is_text = is_plain_character(key) || key.kind == Key::Kind::paste;
  if (!is_text) return EditResult::nothing;
  cycle_.reset();
  const std::string clean = base::clean_text(key.text);
  // A typed character that no screen may show is refused rather than replaced; among a paste it is a flaw one can see.
  if (key.kind == Key::Kind::character && clean != key.text) return EditResult::refused;
  return insert(clean);
}

EditResult LineEditor::run(Action action) {
  const bool keeps_cycle = action == Action::complete || action == Action::complete_back || action == Action::cancel ||
                           action == Action::redraw;
  if (!keeps_cycle) cycle_.reset();
  return (this->*command_of(action))();
}

EditResult LineEditor::insert(std::string_view text) { return changed_if(!text.empty() && buffer_.insert(text)); }

EditResult LineEditor::move_to(std::size_t place) { return changed_if(buffer_.move_to(place)); }

EditResult LineEditor::erase_to(std::size_t place) { return changed_if(!buffer_.cut_to(place).empty()); }

/// Kills in a row are yanked as the one text they were.
EditResult LineEditor::kill_to(std::size_t place) {
  const bool backwards = place < buffer_.cursor();
  const std::string piece = buffer_.cut_to(place);
  killing_ = !piece.empty() || killed_before_;
  if (piece.empty()) return EditResult::refused;
  if (!killed_before_) killed_.clear();
  killed_.insert(backwards ? 0 : killed_.size(), piece);
  return EditResult::changed;
}

EditResult LineEditor::submit() {
  submitted_ = buffer_.text();
  history_.add(submitted_);
  entry_ = history_.size();
  buffer_.set({});
  return EditResult::submitted;
}

EditResult LineEditor::newline() { return insert("\n"); }
EditResult LineEditor::backspace() { return erase_to(buffer_.left()); }
EditResult LineEditor::delete_right() { return erase_to(buffer_.right()); }
EditResult LineEditor::delete_or_end() { return buffer_.empty() ? EditResult::end_of_input : delete_right(); }
EditResult LineEditor::left() { return move_to(buffer_.left()); }
EditResult LineEditor::right() { return move_to(buffer_.right()); }
EditResult LineEditor::line_start() { return move_to(buffer_.line_start()); }
EditResult LineEditor::line_end() { return move_to(buffer_.line_end()); }
EditResult LineEditor::word_left() { return move_to(buffer_.word_left()); }
EditResult LineEditor::word_right() { return move_to(buffer_.word_right()); }

EditResult LineEditor::up() {
  const auto place = buffer_.above();
  return place ? move_to(*place) : history_older();
}

EditResult LineEditor::down() {
  const auto place = buffer_.below();
  return place ? move_to(*place) : history_newer();
}

/// At the very start of a line, the line feed before it.
EditResult LineEditor::kill_to_start() {
  const std::size_t start = buffer_.line_start();
  return kill_to(start == buffer_.cursor() ? buffer_.left() : start);
}

EditResult LineEditor::kill_to_end() {
  const std::size_t end = buffer_.line_end();
  return kill_to(end == buffer_.cursor() ? buffer_.right() : end);
}

EditResult LineEditor::kill_word_left() { return kill_to(buffer_.word_left()); }
EditResult LineEditor::kill_word_right() { return kill_to(buffer_.word_right()); }
EditResult LineEditor::kill_to_space() { return kill_to(buffer_.space_left()); }
EditResult LineEditor::yank() { return insert(killed_); }
EditResult LineEditor::transpose() { return changed_if(buffer_.transpose()); }

/// Takes back a completion (a search is cancelled in run_in_search).
EditResult LineEditor::cancel() {
  if (!cycle_) return EditResult::nothing;
  buffer_ = std::move(cycle_->before);
  cycle_.reset();
  return EditResult::changed;
}

EditResult LineEditor::interrupt() {
  if (buffer_.empty()) return EditResult::interrupt;
  set_text({});
  return EditResult::changed;
}

EditResult LineEditor::suspend() { return EditResult::suspend; }
EditResult LineEditor::redraw() { return EditResult::redraw; }

EditResult LineEditor::history_older() { return entry_ == 0 ? EditResult::refused : show_entry(entry_ - 1); }

EditResult LineEditor::history_newer() {
  return entry_ == history_.size() ? EditResult::refused : show_entry(entry_ + 1);
}

/// The line of one's own is kept and comes back below the newest entry; changes to an entry are not kept.
EditResult LineEditor::show_entry(std::size_t index) {
  if (entry_ == history_.size()) draft_ = buffer_.text();
  entry_ = index;
  buffer_.set(index == history_.size() ? std::exchange(draft_, {}) : history_.at(index));
  return EditResult::changed;
}

EditResult LineEditor::history_search() {
  search_ = Search{.part = {}, .at = history_.size(), .failed = false, .before = buffer_};
  return EditResult::changed;
}

/// Keys that change the search or end it; nullopt for one that takes what was found and goes on from there.
std::optional<EditResult> LineEditor::run_in_search(const Key& key) {
  const auto action = action_of(key);
  if (action == Action::history_search) return search_for(search_->part, search_->at);
  if (action == Action::backspace) return shorten_search();
  if (action == Action::redraw) return EditResult::redraw;
  if (action == Action::cancel || action == Action::interrupt) {
    buffer_ = std::move(search_->before);
    search_.reset();
    return EditResult::changed;
  }
  const bool searches = !action && is_plain_character(key) && base::clean_line(key.text) == key.text;
  if (searches) return search_for(search_->part + key.text, search_->at + 1);
  return std::nullopt;
}

/// Shows the newest entry below `before` that contains `part`. Where there is none, the last that was found stays.
EditResult LineEditor::search_for(std::string part, std::size_t before) {
  const auto found = history_.find_before(part, before);
  search_->failed = !found;
  search_->part = std::move(part);
  if (found) {
    search_->at = *found;
    buffer_.set(history_.at(*found), history_.at(*found).find(search_->part));
  }
  return EditResult::changed;
}

EditResult LineEditor::shorten_search() {
  if (search_->part.empty()) return EditResult::refused;
  std::string part = search_->part.substr(0, previous_boundary(search_->part, search_->part.size()));
  return search_for(std::move(part), history_.size());
}

void LineEditor::accept_search() {
  if (search_->at != history_.size()) {
    if (entry_ == history_.size()) draft_ = search_->before.text();
    entry_ = search_->at;
  }
  search_.reset();
}

EditResult LineEditor::complete() { return cycle_ ? turn_completion(1) : begin_completion(false); }

EditResult LineEditor::complete_back() {
  return cycle_ ? turn_completion(cycle_->completions.candidates.size() - 1) : begin_completion(true);
}

EditResult LineEditor::begin_completion(bool backwards) {
  Completions completions = completer_ ? completer_(buffer_.text(), buffer_.cursor()) : Completions{};
  if (completions.candidates.empty()) return EditResult::refused;
  assert(completions.from <= buffer_.cursor());
  for (std::string& candidate : completions.candidates) candidate = base::clean_line(candidate);
  const std::size_t last = completions.candidates.size() - 1;
  cycle_ = Cycle{.completions = std::move(completions), .index = backwards ? last : 0, .before = buffer_};
  const EditResult result = turn_completion(0);
  // Where there was no choice, another Tab is about what stands there now.
  if (last == 0) cycle_.reset();
  return result;
}

EditResult LineEditor::turn_completion(std::size_t steps) {
  const auto& [from, candidates] = cycle_->completions;
  cycle_->index = (cycle_->index + steps) % candidates.size();
  TextBuffer completed = cycle_->before;
  const bool fits = completed.replace(from, completed.cursor(), candidates[cycle_->index]);
  if (fits) buffer_ = std::move(completed);
  return changed_if(fits);
}

}  // namespace confab::term
