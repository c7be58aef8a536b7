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
  event.mutable_edit()->set_target("short");
  EXPECT_TRUE(std::holds_alternative<Unknown>(translate_event(event, "lobby", 0))) << "it points at nothing";
  event.mutable_read_marker();
  EXPECT_TRUE(std::holds_alternative<Unknown>(translate_event(event, "lobby", 0)));
  event.clear_what();
  EXPECT_TRUE(std::holds_alternative<Unknown>(translate_event(event, "lobby", 0)));
}

TEST(Translate, WhatIsSaidOfARoomOrAMessageIsCleaned) {
  const std::string target(16, '\x01');
  const std::string target_text = "01010101010101010101010101010101";
  pb::Event event = event_with_text("Ryo", "x");
  event.mutable_topic()->set_text("a\nb");
  EXPECT_EQ(std::get<TopicChanged>(translate_event(event, "lobby", 0)).text, "a\uFFFDb");
  event.mutable_edit()->set_target(target);
  event.mutable_edit()->set_text("a\x1b\nb");
  const auto edited = std::get<Edited>(translate_event(event, "lobby", 3));
  EXPECT_EQ(edited.text, "a\uFFFD\nb");
  EXPECT_EQ(edited.target, target_text);
  EXPECT_EQ(edited.seq, 7U);
  EXPECT_EQ(edited.request, 3U);
  EXPECT_TRUE(edited.verified);
  event.mutable_redaction()->set_target(target);
  event.mutable_redaction()->set_reason("\x07typo");
  EXPECT_EQ(std::get<Redacted>(translate_event(event, "lobby", 0)).reason, "\uFFFDtypo");
  event.mutable_reaction()->set_target(target);
  event.mutable_reaction()->set_text("\n👍");
  event.mutable_reaction()->set_withdrawn(true);
  const auto reacted = std::get<Reacted>(translate_event(event, "lobby", 0));
  EXPECT_EQ(reacted.text, "\uFFFD👍");
  EXPECT_TRUE(reacted.withdrawn);
}

TEST(Translate, OnlyWhatPointsAtAMessageIsSendable) {
  using What = Content::What;
  const std::string target = "00112233445566778899AABBCCDDEEFF";
  for (const What what : {What::edit, What::redaction, What::reaction}) {
    Content content{.what = what, .text = "x"};
    EXPECT_TRUE(make_sendable(content));
    content.target = "00112233";
    EXPECT_TRUE(make_sendable(content));
    content.target = target;
    EXPECT_FALSE(make_sendable(content));
    EXPECT_EQ(content.target, "00112233445566778899aabbccddeeff");
  }
  Content answer{.text = "x", .target = "me"};
  EXPECT_TRUE(make_sendable(answer));
  answer.target.clear();
  EXPECT_FALSE(make_sendable(answer));
}

TEST(Translate, WhatIsSentIsCleanAndWholeOnTheWire) {
  using What = Content::What;
  const auto sent = [](Content content) {
    EXPECT_FALSE(make_sendable(content));
    pb::Send send;
    to_wire(content, send);
    return send;
  };
  const std::string target = "01010101010101010101010101010101";
  const std::string bytes(16, '\x01');
  const pb::Send message = sent({.kind = Kind::action, .text = "a\nb\xff", .target = target});
  EXPECT_EQ(message.message().text(), "a\nb\uFFFD");
  EXPECT_EQ(message.message().kind(), pb::KIND_ACTION);
  EXPECT_EQ(message.message().reply_to(), bytes);
  EXPECT_EQ(sent({.what = What::topic, .text = "a\nb"}).topic().text(), "a\uFFFDb");
  EXPECT_TRUE(sent({.what = What::topic}).has_topic()) << "an empty one takes the topic away";
  EXPECT_EQ(sent({.what = What::edit, .text = "a\nb", .target = target}).edit().text(), "a\nb");
  EXPECT_EQ(sent({.what = What::edit, .target = target}).edit().target(), bytes);
  EXPECT_EQ(sent({.what = What::redaction, .text = "typo", .target = target}).redaction().reason(), "typo");
  EXPECT_EQ(sent({.what = What::redaction, .target = target}).redaction().target(), bytes);
  const pb::Send reaction = sent({.what = What::reaction, .text = "👍", .target = target, .withdrawn = true});
  EXPECT_EQ(reaction.reaction().target(), bytes);
  EXPECT_EQ(reaction.reaction().text(), "👍");
  EXPECT_TRUE(reaction.reaction().withdrawn());
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
