// SPDX-License-Identifier: MIT
// Clients that do not keep to the protocol: they harm nobody but themselves.
#include "stranger.h"
#include "wire/codes.h"
#include "wire/limits.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;
TEST_F(Town, GarbageOnTheControlStreamEndsThatConnectionAlone) {
  Person& ryo = member("Ryo");
  for (std::uint16_t seed = 0; seed < 50; ++seed) {
    Stranger stranger(wire_, server_address_, static_cast<std::uint16_t>(6000 + seed));
    base::Bytes garbage(1 + random_.below(300));
    random_.fill(garbage);
    stranger.send(garbage);
    wire_.settle();
    wire_.detach(address_of(1, static_cast<std::uint16_t>(6000 + seed)));
  }
  ryo.client->send("lobby", Kind::text, "still here");
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"stored 2", "#lobby 2 Ryo: still here"}));
}

TEST_F(Town, ABrokenFrameIsAProtocolError) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.send({0x03, 0xFF, 0xFF, 0xFF});
  wire_.settle();
  EXPECT_EQ(stranger.close_code, wire::close_codes::protocol_error);
}

TEST_F(Town, HelloComesFirstAndMustProveTheKey) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.say(std::string(16, 'i'), "hi");
  stranger.exporter.fill(0);  // a proof from another connection
  stranger.hello("Eve");
  wire_.settle();
  ASSERT_EQ(stranger.replies.size(), 2U);
  EXPECT_EQ(stranger.replies[0].refused().code(), pb::Refused::CODE_NOT_ALLOWED);
  EXPECT_EQ(stranger.replies[1].refused().code(), pb::Refused::CODE_BAD_SIGNATURE);
}

TEST_F(Town, TheSameIdTwiceIsOneMessage) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.hello("Eve");
  stranger.say(std::string(16, 'i'), "once");
  stranger.say(std::string(16, 'i'), "twice");
  wire_.settle();
  stranger.say(std::string(16, 'i'), "thrice");
  wire_.settle();
  ASSERT_EQ(stranger.replies.size(), 4U);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(stranger.replies[i].accepted().seq(), 1U);
  EXPECT_EQ(stdout_lines_, (Lines{"Eve : once"}));
}

TEST_F(Town, AnIdIsSixteenBytesAndATextHasALimit) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.hello("Eve");
  stranger.say("short", "hi");
  stranger.say(std::string(16, 'i'), std::string(wire::limits::message_bytes_max + 1, 'x'));
  wire_.settle();
  ASSERT_EQ(stranger.replies.size(), 3U);
  EXPECT_EQ(stranger.replies[1].refused().code(), pb::Refused::CODE_MALFORMED);
  EXPECT_EQ(stranger.replies[2].refused().limit(), "message_bytes_max");
  EXPECT_EQ(stranger.replies[2].refused().limit_value(), wire::limits::message_bytes_max);
}

TEST_F(Town, ARequestOfALaterVersionIsAnsweredNotPunished) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.hello("Eve");
  stranger.send({0x05, 0x08, 0x07, 0xFA, 0x06, 0x00});  // tag 7, field 111 of length 0
  wire_.settle();
  ASSERT_EQ(stranger.replies.size(), 2U);
  EXPECT_EQ(stranger.replies[1].tag(), 7U);
  EXPECT_EQ(stranger.replies[1].refused().code(), pb::Refused::CODE_UNKNOWN_REQUEST);
}

TEST_F(Town, AMessageWithHiddenWeightIsOnlyItsText) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.hello("Eve");
  pb::Request request;
  request.mutable_send()->set_room("lobby");
  request.mutable_send()->set_id(std::string(16, 'i'));
  request.mutable_send()->mutable_message()->set_text("x");
  // An unknown field 100 of 60,000 bytes inside the message.
  request.mutable_send()->mutable_message()->MergeFromString(std::string("\xA2\x06\xE0\xD4\x03", 5) +
                                                             std::string(60'000, 'y'));
  stranger.ask(request);
  wire_.settle();
  EXPECT_EQ(stdout_lines_, (Lines{"Eve : x"}));
  EXPECT_LT(store_.store.read("lobby", 1, 1, 100'000)->front().body.size(), 100U);
}

TEST_F(Town, AnAwayReasonOfControlCharactersIsMeasuredAsItIsShown) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.hello("Eve");
  pb::Request request;
  request.mutable_set_presence()->mutable_presence()->set_text(
      std::string(wire::limits::presence_text_bytes_max, '\x01'));
  stranger.ask(request);
  wire_.settle();
  EXPECT_EQ(stranger.replies.back().refused().limit(), "presence_text_bytes_max");
}

TEST_F(Town, AHintIsPassedOnWithoutWhatItsSenderPutIn) {
  Stranger ada(wire_, server_address_, 6000);
  Stranger bob(wire_, server_address_, 6001);
  for (Stranger* each : {&ada, &bob}) {
    each->hello(each == &ada ? "Ada" : "Bob");
    each->join("lobby");
  }
  wire_.settle();
  pb::Hint hint;
  hint.set_room("lobby");
  hint.set_name("Bob");  // she is not
  hint.set_stamp(7);
  hint.mutable_typing()->set_active(true);
  base::Bytes bytes = wire::encode_datagram(hint);
  for (const char each : {'\xFA', '\x06', '\x03', 'a', 'b', 'c'}) bytes.push_back(static_cast<std::uint8_t>(each));
  ada.endpoint->send_datagram(ada.connection, bytes);  // with a field of a later version behind it
  wire_.settle();
  ASSERT_EQ(bob.hints.size(), 1U);
  pb::Hint heard;
  ASSERT_TRUE(wire::decode(bob.hints[0], heard));
  EXPECT_EQ(heard.name(), "Ada");
  EXPECT_NE(heard.stamp(), 7U);
  EXPECT_EQ(base::as_text(bob.hints[0]).find("abc"), std::string_view::npos) << "carries a stranger's bytes to others";
}

TEST_F(Town, JoiningARoomAgainAndAgainOpensOneStream) {
  Stranger stranger(wire_, server_address_, 6000, 100'000);
  stranger.hello("Ada");
  wire_.settle();
  for (int i = 0; i < 200; ++i) stranger.join("lobby");
  wire_.pass(2s);
  const std::size_t before = stranger.log_bytes;
  Person& ryo = person("Ryo");
  ryo.client->send("lobby", Kind::text, std::string(1000, 'x'));
  wire_.settle();
  EXPECT_LT(stranger.log_bytes - before, 2000U) << "the message came more than once";
}

TEST_F(Town, StreamsThatAreNotTakenCountUntilTheyAre) {
  Person& ryo = member("Ryo");
  for (int i = 0; i < 30; ++i) ryo.client->send("lobby", Kind::text, std::string(16'000, 'x'));
  wire_.pass(1s);
  Stranger stranger(wire_, server_address_, 6000, 100'000);
  stranger.reading = false;
  stranger.hello("Ada");
  for (int i = 0; i < 400; ++i) stranger.join("lobby", 1);
  wire_.pass(2s);
  EXPECT_EQ(std::ranges::count_if(stranger.replies, &pb::Reply::has_opened), 320);
  EXPECT_EQ(stranger.replies.back().refused().limit(), "readers_per_session_max");
}

TEST_F(Town, AFloodDoesNotKeepTheServerFromStopping) {
  Stranger flooder(wire_, server_address_, 6000);
  flooder.hello("Ada");
  wire_.settle();
  for (int i = 0; i < 5000; ++i) flooder.say(fmt::format("{:016}", i), "again");
  server_->drain(wire_.now());
  wire_.pass(1s);
  EXPECT_TRUE(drained_);
}

TEST_F(Town, GuessingSignaturesEndsSoon) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.exporter.fill(0);
  for (int i = 0; i < 10; ++i) stranger.hello("Eve");
  wire_.settle();
  EXPECT_EQ(stranger.close_code, wire::close_codes::protocol_error);
}

TEST_F(Town, ABurstOfRequestsIsAnsweredInTurns) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.hello("Eve");
  pb::Request request;
  request.mutable_get_rooms();
  for (int i = 0; i < 1000; ++i) stranger.ask(request);
  wire_.pass(2s);
  EXPECT_EQ(stranger.replies.size(), 1001U);
}

TEST_F(Town, ReadsThatAreNotTakenCountUntilTheyAre) {
  Person& ryo = member("Ryo");
  ryo.client->send("lobby", Kind::text, std::string(10'000, 'x'));
  wire_.settle();
  Stranger stranger(wire_, server_address_, 6000, 1000);
  stranger.hello("");
  stranger.reading = false;
  pb::Request request;
  request.mutable_read()->set_room("lobby");
  request.mutable_read()->mutable_start()->set_seq(1);
  for (std::size_t i = 0; i < 100; ++i) stranger.ask(request);
  wire_.pass(1s);
  std::size_t refused = 0;
  for (const pb::Reply& reply : stranger.replies)
    refused += reply.refused().limit() == "readers_per_session_max" ? 1 : 0;
  EXPECT_GT(refused, 0U);
}

TEST_F(Town, ANameWhoseClaimFailedIsClaimedWithTheNextBatch) {
  store_.failing = true;
  Person& ryo = person("Ryo");
  wire_.settle();
  store_.failing = false;
  ryo.client->send("lobby", Kind::text, "hi");
  wire_.settle();
  EXPECT_EQ(store_.store.claims()->size(), 1U);
}

TEST_F(Town, WhoDoesNotReadCostsACursorAndCatchesUp) {
  Stranger sleeper(wire_, server_address_, 6000);
  sleeper.hello("Sleeper");
  pb::Request join;
  join.mutable_join()->set_room("lobby");
  sleeper.ask(join);
  sleeper.reading = false;
  wire_.settle();
  Person& ryo = member("Ryo");
  const std::string text(10'000, 'x');
  for (int i = 0; i < 300; ++i) ryo.client->send("lobby", Kind::text, text);
  wire_.pass(5s);
  EXPECT_EQ(ryo.hear().size(), 600U) << "300 statuses and 300 messages: nobody waited for the sleeper";
  EXPECT_LT(sleeper.log_bytes, 1'000'000U);
  // It wakes: what it held back is read, the rest comes.
  sleeper.reading = true;
  for (net::StreamId stream = 3; stream < 16; stream += 4)
    sleeper.endpoint->consume(sleeper.connection, stream, sleeper.log_bytes);
  wire_.pass(20s);
  EXPECT_GT(sleeper.log_bytes, 3'000'000U);
}

TEST_F(Town, OneWhoSendsWithoutReadingRepliesIsHeldBackNotBuffered) {
  Person& ryo = member("Ryo");
  store_.holding = true;
  for (std::size_t i = 0; i < 3 * wire::limits::sends_in_flight_max; ++i)
    ryo.client->send("lobby", Kind::text, "flood");
  wire_.pass(5s);
  store_.holding = false;
  wire_.pass(5s);
  const Lines heard = ryo.hear();
  EXPECT_EQ(heard.size(), 6 * wire::limits::sends_in_flight_max) << "held back, but none lost";
}

}  // namespace
}  // namespace confab::server::testing
