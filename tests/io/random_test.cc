// SPDX-License-Identifier: MIT
#include "io/random.h"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace confab::io {

TEST(SystemRandomTest, NoTwoDrawsAreAlike) {
  SystemRandom random;
  std::set<std::vector<std::uint8_t>> seen;
  for (int i = 0; i < 1000; ++i) {
    std::vector<std::uint8_t> draw(16);
    random.fill(draw);
    seen.insert(draw);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(SystemRandomTest, EveryByteIsFilled) {
  SystemRandom random;
  for (const std::size_t size : {1U, 63U, 64U, 65U, 256U, 10'000U}) {
    std::vector<bool> touched(size);
    for (int round = 0; round < 20; ++round) {  // a random byte is zero twenty times in a row once in 2^160
      std::vector<std::uint8_t> draw(size);
      random.fill(draw);
      for (std::size_t i = 0; i < size; ++i) touched[i] = touched[i] || draw[i] != 0;
    }
    EXPECT_TRUE(std::ranges::all_of(touched, [](bool byte) { return byte; })) << size;
  }
}

}  // namespace confab::io
