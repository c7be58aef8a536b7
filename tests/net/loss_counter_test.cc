// SPDX-License-Identifier: MIT
#include "net/loss_counter.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

constexpr std::string_view sent =
    "\x1e{\"time\":5,\"name\":\"transport:packet_sent\",\"data\":{\"frames\":[{\"frame_type\":\"ping\"}],"
    "\"header\":{\"packet_type\":\"1RTT\",\"packet_number\":17},\"raw\":{\"length\":1444}}}\n";
constexpr std::string_view lost =
    "\x1e{\"time\":9,\"name\":\"recovery:packet_lost\",\"data\":{\"header\":{\"packet_type\":\"1RTT\","
    "\"packet_number\":17}}}\n";

TEST(LossCounter, CountsWhatIsLost) {
  LossCounter counter;
  counter.read(sent);
  EXPECT_EQ(counter.packets_lost(), 0U);
  counter.read(lost);
  EXPECT_EQ(counter.packets_lost(), 1U);
}

TEST(LossCounter, WhatIsIgnoredIsIgnoredOnce) {
  LossCounter counter;
  counter.read(sent);
  counter.ignore_last();
  counter.read(lost);
  EXPECT_EQ(counter.packets_lost(), 0U);
  counter.read(lost);
  EXPECT_EQ(counter.packets_lost(), 1U);
}

TEST(LossCounter, OtherRecordsArePassedOver) {
  LossCounter counter;
  for (const std::string_view record : {"", "\x1e{}\n", "\x1e{\"name\":\"recovery:metrics_updated\"}\n"}) {
    counter.read(record);
  }
  EXPECT_EQ(counter.packets_lost(), 0U);
}

}  // namespace
}  // namespace confab::net
