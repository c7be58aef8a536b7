// SPDX-License-Identifier: MIT
// Random keys, lines from others and sizes: after every step the terminal shows what a model shows that knows nothing
// of repainting. It keeps the rows above as cells and draws the whole screen anew each time.
#include <array>
#include <deque>

#include <gtest/gtest.h>

#include "base/random.h"
#include "screen.h"
#include "term/script.h"
#include "tui/prompt_view.h"

namespace confab::tui {
namespace {

/// Wraps the slow and obvious way: a cell at a time, the cursor as a mark in between.
class Model {
 public:
  Model(std::size_t columns, std::size_t rows) : columns_(columns), height_(rows) {}

  void show(std::string_view prompt, std::string_view text, std::size_t cursor) {
    rows_.assign(1, {});
    cursor_row_ = 0;
    const std::string all = std::string(prompt) + std::string(text);
    std::size_t left = prompt.size() + cursor;  // bytes before the cursor
    bool marked = false;
    for (const term::Cluster& cluster : term::clusters(all)) {
      if (left == 0 && !marked) {
        mark(cluster.text == "\n" ? 0 : cluster.cells);
        marked = true;
      }
      put(rows_, cluster);
      left -= std::min(left, cluster.text.size());
    }
    if (!marked) mark(1);
    keep_window();
    top_ = std::min(top_, height_ - rows_.size());
  }

  void print(std::string_view line) {
    const std::size_t before = above_.size();
    above_.emplace_back();
    for (const term::Cluster& cluster : term::clusters(line)) put(above_, cluster);
    top_ += above_.size() - before;
    top_ = std::min(top_, height_ - rows_.size());
  }

  void finish() {
    if (rows_.size() > 1 && rows_.back().empty()) rows_.pop_back();
    above_.insert(above_.end(), rows_.begin(), rows_.end());
    top_ = std::min(top_ + rows_.size(), height_ - 1);
    rows_.clear();
  }

  /// The terminal's part; show() is to follow.
  void resize(std::size_t columns, std::size_t height) {
    const std::size_t cursor = top_ + cursor_row_;
    if (cursor >= height) top_ -= std::min(top_, cursor - height + 1);
    for (Cells& row : above_) Screen::cut(pad(row), columns);
    columns_ = columns;
    height_ = height;
  }

  std::vector<Cells> grid() {
    std::vector<Cells> grid(above_.end() - static_cast<std::ptrdiff_t>(top_), above_.end());
    grid.insert(grid.end(), rows_.begin(), rows_.end());
    grid.resize(height_);
    for (Cells& row : grid) pad(row);
    return grid;
  }
  std::size_t cursor_row() const { return top_ + cursor_row_; }
  std::size_t cursor_column() const { return std::min(cursor_column_, columns_ - 1); }

 private:
  template <typename Rows>
  void put(Rows& rows, const term::Cluster& cluster) {
    if (cluster.text == "\n") {
      rows.emplace_back();
    } else if (cluster.cells == 0) {
      if (!rows.back().empty()) last_glyph(rows.back()) += cluster.text;
    } else {
      if (rows.back().size() + cluster.cells > columns_) rows.emplace_back();
      rows.back().emplace_back(cluster.text);
      if (cluster.cells == 2) rows.back().emplace_back("");
    }
  }

  static std::string& last_glyph(Cells& row) { return row.back().empty() ? row[row.size() - 2] : row.back(); }

  void mark(std::size_t cells) {
    if (rows_.back().size() + cells > columns_) rows_.emplace_back();
    cursor_row_ = rows_.size() - 1;
    cursor_column_ = rows_.back().size();
  }

  void keep_window() {
    for (; rows_.size() > height_ && cursor_row_ > 0; --cursor_row_) rows_.pop_front();
    if (rows_.size() > height_) rows_.resize(height_);
  }

  Cells& pad(Cells& row) const {
    row.resize(std::max(row.size(), columns_), " ");
    return row;
  }

  std::size_t columns_;
  std::size_t height_;
  std::vector<Cells> above_;
  std::deque<Cells> rows_;
  std::size_t top_ = 0;  ///< the screen's row of the first of `rows_`
  std::size_t cursor_row_ = 0;
  std::size_t cursor_column_ = 0;
};

constexpr std::array<std::string_view, 20> characters{"a",      "b",  "Z",  " ",      " ",      "-",      "é",
                                                      "中",     "文", "😀", "\u0301", "\u200D", "\u200B", "\uFE0F",
                                                      "\u2764", "🇩",  "🇪",  "👩",     "🏽",     "\u0E33"};
constexpr std::array<std::string_view, 28> chords{
    "left",   "right",  "left",      "right",     "home",      "end",       "ctrl-a", "ctrl-e", "up",     "down",
    "alt-b",  "alt-f",  "alt-enter", "alt-enter", "backspace", "backspace", "delete", "ctrl-w", "ctrl-k", "ctrl-u",
    "ctrl-y", "ctrl-y", "ctrl-t",    "alt-d",     "ctrl-r",    "tab",       "ctrl-p", "escape"};

/// One person, one terminal: what is shown, and what should be.
class Session {
 public:
  explicit Session(std::uint64_t seed) : random_(seed) {
    show();
    check("start");
  }

  void step() {
    switch (random_.below(20)) {
      case 0:
        return resize();
      case 1:
        return hear();
      case 2:
        return random_.chance(1, 4) ? submit() : press(term::paste(words(30)));
      case 3:
      case 4:
      case 5:
      case 6:
        return press(term::press(pick(chords)));
      default:
        return press({.kind = term::Key::Kind::character, .text = std::string(pick(characters))});
    }
  }

 private:
  template <std::size_t count>
  std::string_view pick(const std::array<std::string_view, count>& from) {
    return from[random_.below(count)];
  }

  std::string words(std::uint64_t length_max) {
    std::string text;
    for (std::uint64_t i = random_.below(length_max); i > 0; --i) text += pick(characters);
    return text;
  }

  void press(const term::Key& key) {
    if (editor_.handle(key).result == term::EditResult::submitted) return;
    show();
    check(to_string(key) + " " + key.text);
  }

  void submit() {
    screen_.write(view_.finish());
    model_.finish();
    editor_.handle(term::press("enter"));
    show();
    check("submit");
  }

  void hear() {
    const std::string line = words(20);
    screen_.write(view_.print_above(line));
    model_.print(line);
    check("hear " + line);
  }

  void resize() {
    const std::size_t columns = 2 + random_.below(16);
    const std::size_t rows = 1 + random_.below(6);
    screen_.resize(columns, rows);
    model_.resize(columns, rows);
    screen_.write(view_.resize({columns, rows}));
    model_.show(editor_.prompt("> "), editor_.text(), editor_.cursor());
    check("resize " + std::to_string(columns) + " " + std::to_string(rows));
  }

  void show() {
    screen_.write(view_.show(editor_.prompt("> "), editor_.text(), editor_.cursor()));
    model_.show(editor_.prompt("> "), editor_.text(), editor_.cursor());
  }

  void check(const std::string& step) {
    ASSERT_EQ(screen_.grid(), model_.grid()) << step << " -> " << term::state(editor_);
    ASSERT_EQ(screen_.row(), model_.cursor_row()) << step << " -> " << term::state(editor_);
    ASSERT_EQ(screen_.column(), model_.cursor_column()) << step << " -> " << term::state(editor_);
  }

  base::SeededRandom random_;
  Screen screen_{10, 5};
  PromptView view_{{10, 5}};
  Model model_{10, 5};
  term::LineEditor editor_;
};

TEST(PromptProperty, TheScreenIsWhatANaiveRedrawShows) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Session session(seed);
    for (int i = 0; i < 2'000 && !testing::Test::HasFailure(); ++i) session.step();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace confab::tui
