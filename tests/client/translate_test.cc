// SPDX-License-Identifier: MIT
#include "client/translate.h"

#include <gtest/gtest.h>

namespace confab::client {
namespace {

namespace pb = wire::pb;

pb::Event event_with_text(const std::string& name, const std::string& text) {
  pb::Event event;
  event.set_seq(7);
  event.set_name(name);
  event.set_id(std::string(16, '\xAB'));
  event.mutable_message()->set_text(text);
  return event;
}

TEST(Translate, AServerIsNotTrustedToBeClean) {
  const auto message = std::get<Message>(translate_event(event_with_text("E\x1bve\n", "a\x1b[2J\xff\nb"), "lobby", 3));
  EXPECT_EQ(message.name, "E\uFFFDve\uFFFD");
  EXPECT_EQ(message.text, "a\uFFFD[2J\uFFFD\nb");
  EXPECT_EQ(message.id, "abababababababababababababababab");
  EXPECT_EQ(message.seq, 7U);
  EXPECT_EQ(message.request, 3U);
}

TEST(Translate, WhatIsNotKnownHoldsItsPlace) {
  pb::Event event = event_with_text("Ryo", "x");
  event.mutable_message()->set_kind(pb::KIND_OPAQUE);
  EXPECT_EQ(std::get<Unknown>(translate_event(event, "lobby", 0)).seq, 7U);
  event.mutable_topic()->set_text("later");
  EXPECT_TRUE(std::holds_alternative<Unknown>(translate_event(event, "lobby", 0)));
  event.clear_what();
  EXPECT_TRUE(std::holds_alternative<Unknown>(translate_event(event, "lobby", 0)));
}

TEST(Translate, OriginIsVerified) {
  pb::Event event = event_with_text("Ryo", "x");
  EXPECT_TRUE(std::get<Message>(translate_event(event, "lobby", 0)).verified);
  event.set_origin(pb::ORIGIN_PLAIN);
  EXPECT_FALSE(std::get<Message>(translate_event(event, "lobby", 0)).verified);
}

TEST(Translate, AnIdThatIsNoneIsEmpty) {
  pb::Event event = event_with_text("Ryo", "x");
  event.set_id("short");
  EXPECT_EQ(std::get<Message>(translate_event(event, "lobby", 0)).id, "");
}

}  // namespace
}  // namespace confab::client
