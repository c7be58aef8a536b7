// SPDX-License-Identifier: MIT
#include "chat/message_rules.h"

#include <gtest/gtest.h>

#include "wire/limits.h"

namespace confab::chat {
namespace {

namespace pb = wire::pb;

/// The content as it enters a log, or why it does not.
template <typename T>
std::string taken(T content) {
  Content checked = std::move(content);
  const auto refusal = check_content(checked);
  if (refusal) return pb::Refused::Code_Name(refusal->code) + " " + refusal->limit;
  return std::get<T>(checked).SerializeAsString();
}

template <typename T>
std::string taken(const std::string& bytes) {
  T content;
  EXPECT_TRUE(content.ParseFromString(bytes));
  return taken(std::move(content));
}

/// A field with a short value, as protobuf writes it.
std::string field(int number, const std::string& value) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(value.size())} + value;
}

const std::string id(16, 'i');
/// Field 100, length 3: protobuf keeps what it does not know and would write it again.
const std::string unknown_field(
    "\xA2\x06\x03"
    "abc",
    6);

TEST(MessageRules, KindsOfLaterVersionsAreRefusedNotMangled) {
  pb::Message message;
  message.set_kind(pb::KIND_FILE);
  EXPECT_EQ(taken(message), "CODE_UNKNOWN_REQUEST ");
}

TEST(MessageRules, TextThatGrowsOverTheLimitWhenCleanedIsRefused) {
  pb::Message message;
  // Each invalid byte becomes three.
  message.set_text(std::string(wire::limits::message_bytes_max / 2, '\xFF'));
  EXPECT_EQ(taken(message), "CODE_LIMIT message_bytes_max");
}

TEST(MessageRules, FieldsThatAreNotKnownStayOutOfTheLog) {
  EXPECT_EQ(taken<pb::Message>(field(2, "x") + unknown_field), field(2, "x"));
  for (const std::string& topic : {field(1, "tea"), std::string()}) {
    EXPECT_EQ(taken<pb::Topic>(topic + unknown_field), topic);
  }
  const std::string aimed = field(1, id) + field(2, "x");
  EXPECT_EQ(taken<pb::Edit>(aimed + unknown_field), aimed);
  EXPECT_EQ(taken<pb::Redaction>(aimed + unknown_field), aimed);
  EXPECT_EQ(taken<pb::Reaction>(aimed + std::string("\x18\x01") + unknown_field), aimed + std::string("\x18\x01"));
}

TEST(MessageRules, ReplyToIsAnIdOrNothing) {
  pb::Message message;
  message.set_reply_to("short");
  EXPECT_EQ(taken(message), "CODE_MALFORMED ");
  message.set_reply_to(id);
  EXPECT_EQ(taken(message), field(3, id));
}

TEST(MessageRules, ATargetIsAnId) {
  for (const std::string& target : {std::string(), std::string("short"), std::string(17, 'i')}) {
    const std::string aimed = field(1, target) + field(2, "x");
    EXPECT_EQ(taken<pb::Edit>(aimed), "CODE_MALFORMED ");
    EXPECT_EQ(taken<pb::Redaction>(aimed), "CODE_MALFORMED ");
    EXPECT_EQ(taken<pb::Reaction>(aimed), "CODE_MALFORMED ");
  }
}

TEST(MessageRules, AnEditIsAsLongAsAMessageAndHasItsLines) {
  pb::Edit edit;
  edit.set_target(id);
  edit.set_text("one\r\ntwo\x1B");
  EXPECT_EQ(taken(edit), field(1, id) + field(2, "one\ntwo\uFFFD"));
  edit.set_text(std::string(wire::limits::message_bytes_max + 1, 'x'));
  EXPECT_EQ(taken(edit), "CODE_LIMIT message_bytes_max");
}

TEST(MessageRules, TopicsReasonsAndReactionsAreLinesWithinTheirLimits) {
  pb::Topic topic;
  topic.set_text("tea\nand\x07 cake");
  EXPECT_EQ(taken(topic), field(1, "tea\uFFFDand\uFFFD cake"));
  topic.set_text(std::string(wire::limits::topic_bytes_max / 2, '\xFF'));
  EXPECT_EQ(taken(topic), "CODE_LIMIT topic_bytes_max") << "cleaned, it is too long";

  pb::Redaction redaction;
  redaction.set_target(id);
  EXPECT_EQ(taken(redaction), field(1, id)) << "no reason is needed";
  redaction.set_reason(std::string(wire::limits::redaction_reason_bytes_max + 1, 'x'));
  EXPECT_EQ(taken(redaction), "CODE_LIMIT redaction_reason_bytes_max");

  pb::Reaction reaction;
  reaction.set_target(id);
  reaction.set_text("\U0001F44D\u2028");
  EXPECT_EQ(taken(reaction), field(1, id) + field(2, "\U0001F44D\uFFFD"));
  reaction.set_text(std::string(wire::limits::reaction_bytes_max + 1, 'x'));
  EXPECT_EQ(taken(reaction), "CODE_LIMIT reaction_bytes_max");
  for (const char* empty : {"", " ", "\u3000"}) {
    reaction.set_text(empty);
    EXPECT_EQ(taken(reaction), "CODE_MALFORMED ");
  }
}

TEST(MessageRules, WhatALaterVersionSendsIsNotTakenForAMessage) {
  pb::Send send;
  ASSERT_TRUE(send.ParseFromString(field(1, "lobby") + field(2, id) + unknown_field));
  const auto content = content_of(send);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, pb::Refused::CODE_UNKNOWN_REQUEST);
}

TEST(MessageRules, ARefusalSaysWhichLimitInWordsAndNumbers) {
  const Refusal refusal = over_limit("rooms_max", 3, "no place");
  EXPECT_EQ(refusal.text, "no place (rooms_max is 3)");
  EXPECT_EQ(refusal.limit_value, 3U);
}

}  // namespace
}  // namespace confab::chat
