// SPDX-License-Identifier: MIT
#include "net/packet_numbers.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

TEST(PacketNumbers, TheExampleOfTheStandard) {  // RFC 9000, appendix A.3
  EXPECT_EQ((TruncatedNumber{0x9b32, 2}.expand(0xa82f30ea)), 0xa82f9b32U);
}

TEST(PacketNumbers, EachNumberIsFoundFromNearby) {
  for (std::uint64_t number = 0; number < 2000; ++number) {
    const TruncatedNumber truncated{static_cast<std::uint32_t>(number & 0xFF), 1};
    for (std::uint64_t largest = number < 100 ? 0 : number - 100; largest < number + 100; ++largest) {
      EXPECT_EQ(truncated.expand(largest), number) << "after " << largest;
    }
  }
}

}  // namespace
}  // namespace confab::net
