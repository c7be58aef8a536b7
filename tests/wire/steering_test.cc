// SPDX-License-Identifier: MIT
#include "wire/steering.h"

#include <string_view>

#include <gtest/gtest.h>

namespace confab::wire {
namespace {

using namespace std::string_view_literals;

std::optional<std::size_t> steered(std::string_view datagram) { return steered_worker(base::as_bytes(datagram)); }

TEST(Steering, AShortHeaderSaysItsWorker) {
  EXPECT_EQ(steered("\x40\xFF\x03 random bytes"sv), 3U);
  EXPECT_EQ(steered("\x7F\xFF\x00 random bytes"sv), 0U);
  EXPECT_EQ(steered("\x40\xFF\xEE random bytes"sv), 0xEEU) << "of a process that had more";
}

TEST(Steering, ALongHeaderSaysItsWorker) {
  EXPECT_EQ(steered("\xE0\x00\x00\x00\x01\x0C\xFF\x02 random bytes"sv), 2U);
  EXPECT_EQ(steered("\xE0\x6b\x33\x43\xcf\x0C\xFF\x05 random bytes"sv), 5U);
}

TEST(Steering, AClientsFirstPacketIsForAny) {
  EXPECT_EQ(steered("\xC0\x00\x00\x00\x01\x08 random bytes"sv), std::nullopt);
  EXPECT_EQ(steered("\xC0\x6b\x33\x43\xcf\x08 random bytes"sv), std::nullopt);
}

TEST(Steering, TextIsTheFirstWorkers) {
  EXPECT_EQ(steered("Hilmi : Hii"), 0U);
  EXPECT_EQ(steered("hi"), 0U);
  EXPECT_EQ(steered(""), 0U);
  EXPECT_EQ(steered("\xC3\x96zlem : merhaba"), 0U);
  EXPECT_EQ(steered("\xE6\x97\xA5\xE6\x9C\xAC : \xE8\xAA\x9E"), 0U);
}

}  // namespace
}  // namespace confab::wire
