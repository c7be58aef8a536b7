// SPDX-License-Identifier: MIT
#include "chat/message_rules.h"

#include <gtest/gtest.h>

#include "wire/limits.h"

namespace confab::chat {
namespace {

namespace pb = wire::pb;

TEST(MessageRules, KindsOfLaterVersionsAreRefusedNotMangled) {
  pb::Message message;
  message.set_kind(pb::KIND_FILE);
  const auto refusal = check_message(message);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, pb::Refused::CODE_UNKNOWN_REQUEST);
}

TEST(MessageRules, TextThatGrowsOverTheLimitWhenCleanedIsRefused) {
  pb::Message message;
  // Each invalid byte becomes three.
  message.set_text(std::string(wire::limits::message_bytes_max / 2, '\xFF'));
  const auto refusal = check_message(message);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->limit, "message_bytes_max");
}

TEST(MessageRules, FieldsThatAreNotKnownStayOutOfTheLog) {
  pb::Message message;
  // Field 100, length 3: protobuf keeps what it does not know and would write it again.
  ASSERT_TRUE(
      message.ParseFromString(std::string("\x12\x01x\xA2\x06\x03"
                                          "abc",
                                          9)));
  ASSERT_FALSE(check_message(message));
  EXPECT_EQ(message.SerializeAsString(), std::string("\x12\x01x", 3));
}

TEST(MessageRules, ReplyToIsAnIdOrNothing) {
  pb::Message message;
  message.set_reply_to("short");
  ASSERT_TRUE(check_message(message));
  message.set_reply_to(std::string(16, 'x'));
  EXPECT_FALSE(check_message(message));
}

TEST(MessageRules, ARefusalSaysWhichLimitInWordsAndNumbers) {
  const Refusal refusal = over_limit("rooms_max", 3, "no place");
  EXPECT_EQ(refusal.text, "no place (rooms_max is 3)");
  EXPECT_EQ(refusal.limit_value, 3U);
}

}  // namespace
}  // namespace confab::chat
