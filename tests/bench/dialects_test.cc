// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "irc_dialect.h"
#include "mqtt_dialect.h"
#include "nats_dialect.h"

namespace confab::bench {
namespace {

using namespace std::string_literals;
using Kind = Dialect::Heard::Kind;

struct Heard {
  Kind kind;
  std::string text;
  bool operator==(const Heard&) const = default;
};

/// What a member hears of `input`: messages, replies and refusals with their text, up to what is unfinished.
std::vector<Heard> hear(const Dialect& dialect, const std::string& input) {
  std::vector<Heard> all;
  std::string_view rest = input;
  while (!rest.empty()) {
    const auto heard = dialect.hear(rest);
    if (heard.kind == Kind::unfinished) break;
    all.push_back({heard.kind, heard.kind == Kind::reply ? heard.reply : std::string(heard.text)});
  }
  return all;
}

/// However the network cuts a message, nothing is heard before its end, and all of it then.
void expect_whole_messages_alone(const Dialect& dialect, const std::string& message, const std::string& text) {
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_TRUE(hear(dialect, message.substr(0, size)).empty()) << size;
  }
  EXPECT_EQ(hear(dialect, message + message), (std::vector<Heard>{{Kind::message, text}, {Kind::message, text}}));
}

TEST(IrcDialect, JoinsWhenItIsWelcome) {
  const IrcDialect irc;
  EXPECT_EQ(irc.greet(7), "NICK m7\r\nUSER m7 0 * :a member\r\n");
  EXPECT_EQ(hear(irc, ":a 001 m7 :Welcome\r\n:a 002 m7 :Your host\r\n"),
            (std::vector<Heard>{{Kind::reply, "JOIN #bench\r\n"}, {Kind::nothing, ""}}));
  EXPECT_EQ(hear(irc, ":a 366 m7 #bench :End of NAMES list\r\n"), (std::vector<Heard>{{Kind::joined, ""}}));
}

TEST(IrcDialect, HearsWhatIsSaid) {
  const IrcDialect irc;
  EXPECT_EQ(irc.say("Hii : there"), "PRIVMSG #bench :Hii : there\r\n");
  expect_whole_messages_alone(irc, ":m1!~m1@127.0.0.1 PRIVMSG #bench :Hii : there\r\n", "Hii : there");
}

TEST(IrcDialect, AnswersAPingAndGivesUpOnAnError) {
  const IrcDialect irc;
  EXPECT_EQ(hear(irc, "PING :a\r\n"), (std::vector<Heard>{{Kind::reply, "PONG :a\r\n"}}));
  EXPECT_EQ(hear(irc, ":a 433 * m7 :Nickname already in use\r\n").front().kind, Kind::refusal);
  EXPECT_EQ(hear(irc, "ERROR :Closing\r\n"), (std::vector<Heard>{{Kind::refusal, "ERROR :Closing"}}));
  EXPECT_EQ(hear(irc, ":a 422 m7 :MOTD file is missing\r\n").front().kind, Kind::nothing);
}

TEST(MqttDialect, SubscribesWhenItIsTaken) {
  const MqttDialect mqtt;
  EXPECT_EQ(mqtt.greet(7), "\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02m7"s);
  const std::string subscribe = "\x82\x0a\x00\x01\x00\x05"s + "bench" + "\x00"s;
  EXPECT_EQ(hear(mqtt, "\x20\x02\x00\x00"s), (std::vector<Heard>{{Kind::reply, subscribe}}));
  EXPECT_EQ(hear(mqtt, "\x90\x03\x00\x01\x00"s), (std::vector<Heard>{{Kind::joined, ""}}));
  EXPECT_EQ(hear(mqtt, "\x20\x02\x00\x05"s).front().kind, Kind::refusal);
}

TEST(MqttDialect, HearsWhatIsSaid) {
  const MqttDialect mqtt;
  EXPECT_EQ(mqtt.say("Hii"), "\x30\x0a\x00\x05"s + "benchHii");
  for (const std::size_t size : {3u, 100u, 200u, 20'000u}) {  // lengths of 1, 1, 2 and 3 bytes
    const std::string text(size, 'x');
    expect_whole_messages_alone(mqtt, mqtt.say(text), text);
  }
}

TEST(NatsDialect, HasJoinedWhenItsPingIsAnswered) {
  const NatsDialect nats;
  EXPECT_TRUE(nats.begins_in_the_clear());
  EXPECT_TRUE(nats.greet(7).ends_with("SUB bench 1\r\nPING\r\n"));
  EXPECT_EQ(hear(nats, "INFO {}\r\nPONG\r\n"), (std::vector<Heard>{{Kind::nothing, ""}, {Kind::joined, ""}}));
}

TEST(NatsDialect, HearsWhatIsSaid) {
  const NatsDialect nats;
  EXPECT_EQ(nats.say("Hii"), "PUB bench 3\r\nHii\r\n");
  expect_whole_messages_alone(nats, "MSG bench 1 5\r\n\r\nHii\r\n", "\r\nHii");
}

TEST(NatsDialect, AnswersAPingAndGivesUpOnAnError) {
  const NatsDialect nats;
  EXPECT_EQ(hear(nats, "PING\r\n"), (std::vector<Heard>{{Kind::reply, "PONG\r\n"}}));
  EXPECT_EQ(hear(nats, "-ERR 'Slow Consumer'\r\n").front().kind, Kind::refusal);
  EXPECT_EQ(hear(nats, "MSG bench 1 many\r\n").front().kind, Kind::refusal);
}

}  // namespace
}  // namespace confab::bench
