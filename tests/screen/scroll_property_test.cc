// SPDX-License-Identifier: MIT
// Any mix of news, pages, changes, sizes and movements: what is shown is what a view shows that knows nothing of
// before, it stays in its area, and what is read stays where it is.
#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/random.h"
#include "room_script.h"
#include "screen/scroll_view.h"
#include "view_picture.h"

namespace confab::screen {
namespace {

constexpr std::uint64_t first_live = 400;

const std::string& hostile(std::uint64_t which) {
  static const std::array<std::string, 8> texts = [] {
    std::string marks = "x";
    for (int i = 0; i < 500; ++i) marks += "\u0301\u200B";
    std::string families;
    for (int i = 0; i < 30; ++i) families += "👩‍👩‍👧🇩🇪👍🏽";
    return std::array<std::string, 8>{std::string(2000, 'x'),
                                      marks,
                                      families,
                                      "\u0301\u0301 starts with a mark",
                                      "שלום עולם مرحبا بالعالم",
                                      "\n\n\n",
                                      std::string(300, ' ') + "中文字符中文字符中文字符中文字符",
                                      "(https://example.org/" + std::string(100, ')') + " confab://x"};
  }();
  return texts[which];
}

class Session {
 public:
  explicit Session(std::uint64_t seed) : random_(seed) {}

  void step() {
    switch (random_.below(16)) {
      case 0:
      case 1:
      case 2:
        return news(event(newest_++));
      case 3:
        return page();
      case 4:
        return own();
      case 5:
        return settle();
      case 6:
        return resize();
      case 7:
        return news(skipped(newest_, newest_ + 3)), void(newest_ += 4);
      case 8:
        return note();
      default:
        return move();
    }
  }

  void check() {
    ASSERT_NO_FATAL_FAILURE(check_picture());
    ASSERT_NO_FATAL_FAILURE(check_order());
  }

 private:
  std::string name() { return std::array{"ada", "bob", "zoe", "日本語"}[random_.below(4)]; }
  std::string target() { return id_of(1 + random_.below(newest_)); }

  std::string said() {
    if (random_.chance(1, 4)) return hostile(random_.below(8));
    std::string text;
    for (std::uint64_t i = random_.below(20); i > 0; --i) text += "word" + std::to_string(random_.below(10)) + " ";
    return text;
  }

  /// The log's event of that number, always the same.
  Event event(std::uint64_t seq) {
    base::SeededRandom kept(seq);
    std::swap(random_, kept);
    Event made = make(seq);
    std::swap(random_, kept);
    return made;
  }

  Event make(std::uint64_t seq) {
    switch (random_.below(8)) {
      case 0:
        return joined(seq, name());
      case 1:
        return left(seq, name());
      case 2:
        return edited(seq, name(), target_before(seq), said());
      case 3:
        return reacted(seq, name(), target_before(seq), "👍", random_.chance(1, 3));
      case 4:
        return random_.chance(1, 4) ? Event(redacted(seq, name(), target_before(seq), ""))
                                    : message(seq, "ada", said());
      case 5:
        return reply(seq, name(), said(), target_before(seq));
      default:
        return message(seq, name(), said());
    }
  }
  std::string target_before(std::uint64_t seq) {
    return id_of(seq - 1 - random_.below(std::min<std::uint64_t>(seq - 1, 30)));
  }

  void news(const Event& event) {
    keep_in_place([&] { buffer_.add(event); });
  }

  void page() {
    const auto before = view_.wants_older();
    if (!before) return;
    std::vector<Event> events;
    const std::uint64_t count = std::min<std::uint64_t>(*before - 1, 1 + random_.below(30));
    for (std::uint64_t seq = *before - count; seq < *before; ++seq) events.push_back(event(seq));
    keep_in_place([&] { buffer_.add_older(events); });
  }

  void own() { buffer_.add_own("own" + std::to_string(next_own_++), text(said()), "me", noon_ms); }

  void settle() {
    const std::string id = "own" + std::to_string(random_.below(next_own_ + 1));
    const auto index = buffer_.find_id(id);
    if (!index || buffer_.at(*index).seq != 0) return;
    if (random_.chance(1, 3)) return buffer_.on_status(status(id, Status::State::refused, 0, "no"));
    if (random_.chance(1, 3)) return void(buffer_.discard(id));
    Message mine = message(newest_++, "me", "mine");
    mine.id = id;
    if (random_.chance(1, 2)) buffer_.on_status(status(id, Status::State::stored, mine.seq));
    buffer_.add(mine);
  }

  void note() { buffer_.add_note(said(), time_of(newest_)); }

  void resize() {
    size_ = {1 + random_.below(random_.chance(1, 4) ? 5 : 90), 1 + random_.below(12)};
    view_.resize(size_);
  }

  void move() {
    switch (random_.below(14)) {
      case 0:
        return view_.to_top();
      case 1:
        return view_.to_bottom();
      case 2:
      case 3:
      case 4:
        return view_.page_up();
      case 5:
        return view_.page_down();
      case 6:
        return view_.line_up(1 + random_.below(3));
      case 7:
        return view_.line_down(1 + random_.below(3));
      case 8:
        return void(view_.select(random_.chance(1, 3) ? Direction::newer : Direction::older));
      case 9:
        return void(view_.to_seq(1 + random_.below(newest_)));
      case 10:
        return void(view_.search("word" + std::to_string(random_.below(10)), Direction::older));
      case 11:
        return buffer_.mark_read(random_.below(newest_)), buffer_.place_marker();
      case 12:
        return void(view_.to_unread());
      default:
        return void(view_.search_again(random_.chance(1, 2) ? Direction::older : Direction::newer));
    }
  }

  /// Whatever is added: where one does not follow the end, the uppermost line of a message stays.
  template <typename Change>
  void keep_in_place(Change change) {
    const std::string before = top_row();
    const bool was_following = view_.follows_end();
    const auto changes = buffer_.changes();
    change();
    const bool only_appended = changes == buffer_.changes();
    if (!was_following && only_appended) {
      ASSERT_EQ(top_row(), before);
    }
  }
  std::string top_row() {
    const std::string all = picture(view_, size_.columns, size_.rows);
    return all.substr(0, all.find('\n'));
  }

  void check_picture() {
    // One column and row around the area belong to others.
    term::Grid grid({size_.columns + 2, size_.rows + 2});
    grid.fill(grid.whole(), "#", {});
    view_.draw(grid, {1, 1, size_.rows, size_.columns});
    for (std::size_t row = 0; row < size_.rows + 2; ++row) {
      for (std::size_t column = 0; column < size_.columns + 2; ++column) {
        const bool is_outside = row == 0 || column == 0 || row == size_.rows + 1 || column == size_.columns + 1;
        ASSERT_LE(grid.at(row, column).text.size(), 4 * StyledText::cell_bytes_max);
        if (!is_outside) continue;
        ASSERT_EQ(grid.at(row, column).text, "#") << row << " " << column;
      }
    }
    // A copy that has laid out nothing yet.
    ScrollView fresh = view_;
    fresh.set_options(view_.options());
    ASSERT_EQ(picture(fresh, size_.columns, size_.rows), picture(view_, size_.columns, size_.rows));
  }

  void check_order() {
    std::set<std::uint64_t> seqs;
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < buffer_.size(); ++i) {
      const Entry& entry = buffer_.at(i);
      ASSERT_EQ(buffer_.index_of(entry.key), i);
      if (entry.seq == 0) continue;
      ASSERT_TRUE(seqs.insert(entry.seq).second) << entry.seq;
      ASSERT_GT(entry.seq, last);
      last = entry.seq;
    }
  }

  base::SeededRandom random_;
  std::uint64_t newest_ = first_live;
  std::uint64_t next_own_ = 0;
  term::Size size_ = {40, 8};
  RoomBuffer buffer_{{.mentions_me = [](const Message& said) { return said.text.contains("word7"); }}};
  ScrollView view_{buffer_};
};

TEST(ScrollProperty, WhateverHappensThePictureIsRight) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Session session(seed);
    for (int i = 0; i < 500 && !testing::Test::HasFailure(); ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      session.step();
      session.check();
    }
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace confab::screen
