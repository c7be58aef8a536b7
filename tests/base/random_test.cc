// SPDX-License-Identifier: MIT
#include "base/random.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "base/ids.h"

namespace confab::base {
namespace {

// Gives out the words it was told to, then fails.
class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(std::deque<std::uint64_t> words) : words_(std::move(words)) {}
  void fill(std::span<std::uint8_t> out) override {
    ASSERT_FALSE(words_.empty());
    for (std::size_t i = out.size(); i-- > 0; words_.front() >>= 8) out[i] = static_cast<std::uint8_t>(words_.front());
    words_.pop_front();
  }

 private:
  std::deque<std::uint64_t> words_;
};

std::vector<std::uint64_t> first_words(std::uint64_t seed) {
  SeededRandom random(seed);
  std::vector<std::uint64_t> words(5);
  for (std::uint64_t& word : words) word = random.next();
  return words;
}

TEST(SeededRandom, IsRepeatable) {
  EXPECT_EQ(first_words(1), first_words(1));
  EXPECT_NE(first_words(1), first_words(2));
}

// Runs are known by their seed, in bug reports and in tests: a seed means the same run for good. The numbers are those
// of a second implementation of the published algorithms.
TEST(SeededRandom, ASeedsBytesNeverChange) {
  SeededRandom random(0);
  std::array<std::uint8_t, 80> bytes;
  random.fill(bytes);
  const std::array<std::uint8_t, 8> first{0xB4, 0xF2, 0x75, 0xCB, 0x36, 0x5F, 0xEC, 0x99};
  const std::array<std::uint8_t, 8> tenth{0x3D, 0x9A, 0x74, 0x3E, 0x5A, 0x47, 0x3A, 0xEB};
  EXPECT_TRUE(std::ranges::equal(std::span(bytes).first<8>(), first));
  EXPECT_TRUE(std::ranges::equal(std::span(bytes).last<8>(), tenth));
}

TEST(SeededRandom, FillsEveryLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    SeededRandom random(size + 1);
    std::vector<std::uint8_t> bytes(size, 0);
    // Some byte stays zero by chance; the same one ten times over does not.
    std::vector<bool> touched(size, false);
    for (int round = 0; round < 10; ++round) {
      random.fill(bytes);
      for (std::size_t i = 0; i < size; ++i) touched[i] = touched[i] || bytes[i] != 0;
    }
    EXPECT_EQ(touched, std::vector<bool>(size, true)) << size;
  }
}

TEST(Random, BelowReachesEveryValueAboutEquallyOften) {
  SeededRandom random(7);
  for (const std::uint64_t bound : {1U, 2U, 3U, 10U}) {
    std::vector<int> counts(bound, 0);
    const int draws = 30'000;
    for (int i = 0; i < draws; ++i) {
      const std::uint64_t value = random.below(bound);
      ASSERT_LT(value, bound);
      ++counts[value];
    }
    for (const int count : counts) EXPECT_NEAR(count, draws / static_cast<int>(bound), 500) << "below " << bound;
  }
}

// With 2^64 words and three values one word is too many: it must be drawn again, or 0 would come more often.
TEST(Random, BelowDrawsAgainWhereAWordWouldFavourSmallValues) {
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(ScriptedRandom({max, 5}).below(3), 2U);
  EXPECT_EQ(ScriptedRandom({max - 1}).below(3), 2U);
  constexpr std::uint64_t large = max / 2 + 2;
  EXPECT_EQ(ScriptedRandom({large, max, 4}).below(large), 4U);
}

TEST(Random, ChanceKeepsItsBounds) {
  SeededRandom random(9);
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(random.chance(0, 5));
    EXPECT_TRUE(random.chance(5, 5));
    hits += random.chance(1, 4) ? 1 : 0;
  }
  EXPECT_NEAR(hits, 2500, 200);
}

TEST(MessageId, IsMadeReadAndPrinted) {
  SeededRandom random(1);
  const MessageId id = MessageId::make(random);
  EXPECT_NE(id, MessageId::make(random));
  EXPECT_EQ(MessageId::from(id.bytes), id);
  EXPECT_FALSE(MessageId::from(ByteView(id.bytes).first(15)));
  MessageId known;
  known.bytes[0] = 0x0F;
  known.bytes[15] = 0xA0;
  EXPECT_EQ(known.to_string(), "0f0000000000000000000000000000a0");
}

}  // namespace
}  // namespace confab::base
