// SPDX-License-Identifier: MIT
// A log is one log: whichever way its events come (live, in pages of any size, into gaps, over and over, after memory
// was full), the lines are those of somebody who was there from the beginning. And whoever reads is not moved by it.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "room_script.h"
#include "screen/room_buffer.h"
#include "view_picture.h"

namespace confab::screen {
namespace {

/// Messages, and what becomes of them.
std::vector<Event> some_log(base::Random& random, std::uint64_t count) {
  std::vector<Event> log;
  for (std::uint64_t seq = 1; seq <= count; ++seq) {
    const std::string name = random.chance(1, 2) ? "ada" : "bob";
    const std::string target = id_of(1 + random.below(seq));
    const std::string said = "said " + std::to_string(seq);
    switch (random.below(8)) {
      case 0:
        log.emplace_back(edited(seq, name, target, said));
        break;
      case 1:
        log.emplace_back(redacted(seq, name, target, said));
        break;
      case 2:
      case 3:
        log.emplace_back(reacted(seq, name, target, "👍", random.chance(1, 3)));
        break;
      case 4:
        log.emplace_back(joined(seq, name));
        break;
      default:
        log.emplace_back(message(seq, name, said));
    }
  }
  return log;
}

std::vector<Event> part(const std::vector<Event>& log, std::uint64_t first, std::uint64_t last) {
  const auto begin = log.begin() + static_cast<std::ptrdiff_t>(first) - 1;
  return {begin, begin + static_cast<std::ptrdiff_t>(last - first + 1)};
}

std::optional<Entry> first_gap(const RoomBuffer& buffer) {
  for (std::size_t i = 0; i < buffer.size(); ++i) {
    if (buffer.at(i).what == Entry::What::skipped) return buffer.at(i);
  }
  return std::nullopt;
}

/// The page that ends before `before`, and perhaps what is known already as well.
void load_page(RoomBuffer& buffer, const std::vector<Event>& log, std::uint64_t before, base::Random& random) {
  const std::uint64_t first = before - std::min(before - 1, 1 + random.below(20));
  const std::uint64_t last = std::min<std::uint64_t>(log.size(), before - 1 + random.below(3));
  buffer.add_older(part(log, first, last));
}

/// From somewhere in the middle on, with gaps.
void listen(RoomBuffer& buffer, const std::vector<Event>& log, base::Random& random) {
  for (std::uint64_t seq = 1 + random.below(log.size()); seq <= log.size();) {
    if (random.chance(1, 15)) {
      const std::uint64_t last = std::min<std::uint64_t>(log.size(), seq + random.below(40));
      buffer.add(skipped(seq, last));
      seq = last + 1;
    } else {
      buffer.add(log[seq - 1]);
      if (random.chance(1, 10)) buffer.add(log[random.below(seq)]);  // once more, or never heard
      ++seq;
    }
  }
}

void load_all(RoomBuffer& buffer, const std::vector<Event>& log, base::Random& random) {
  for (auto gap = first_gap(buffer); gap || buffer.has_more_before(); gap = first_gap(buffer)) {
    const bool in_gap = gap && (!buffer.has_more_before() || random.chance(1, 2));
    load_page(buffer, log, in_gap ? gap->seq_end + 1 : buffer.oldest_seq(), random);
  }
}

TEST(RoomProperty, AnyWayToLoadALogShowsTheSame) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    base::SeededRandom random(seed);
    const std::vector<Event> log = some_log(random, 300);
    RoomBuffer witness;
    add_all(witness, log);
    RoomBuffer late;
    listen(late, log, random);
    load_all(late, log, random);
    ASSERT_EQ(listing(late), listing(witness)) << "seed " << seed;
  }
}

TEST(RoomProperty, WhatWasForgottenIsReadAgainAsItWas) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    base::SeededRandom random(seed);
    const std::vector<Event> log = some_log(random, 600);
    RoomBuffer witness;
    add_all(witness, log);
    RoomBuffer small({.entries_max = 100});
    add_all(small, log);
    ASSERT_LT(small.size(), 100u);
    load_all(small, log, random);
    const std::string all = listing(witness);
    ASSERT_GT(small.size(), 99u);
    ASSERT_TRUE(all.ends_with(listing(small))) << "seed " << seed << "\n" << listing(small);
  }
}

TEST(RoomProperty, PagesDoNotMoveThePicture) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    base::SeededRandom random(seed);
    const std::vector<Event> log = lines(1, 400);
    RoomBuffer buffer;
    for (std::uint64_t seq = 380; seq <= log.size(); ++seq) buffer.add(log[seq - 1]);
    ScrollView view(buffer);
    view.resize({30, 6});
    for (int step = 0; step < 400; ++step) {
      random.chance(2, 3) ? view.line_up(1 + random.below(8)) : view.line_down(1 + random.below(8));
      const auto before = view.wants_older();
      if (!before) continue;
      const std::string shown = picture(view, 30, 6);
      load_page(buffer, log, *before, random);
      // What is drawn above the oldest line is drawn above an older one now.
      const std::string rule = "── Sunday, 22 November 2026 ──\n";
      const std::string now = picture(view, 30, 6);
      if (shown.starts_with(rule)) {
        ASSERT_EQ(now.substr(now.find('\n') + 1), shown.substr(rule.size())) << "seed " << seed << " step " << step;
      } else {
        ASSERT_EQ(now, shown) << "seed " << seed << " step " << step;
      }
    }
    ASSERT_EQ(buffer.oldest_seq(), 1u);
  }
}

}  // namespace
}  // namespace confab::screen
