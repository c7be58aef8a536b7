// SPDX-License-Identifier: MIT
// Two devices of one person and somebody else, with a real server: what beside the messages travels between them.
#include <fmt/format.h>

#include "server/town.h"

namespace confab::client {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;
using What = Content::What;

struct Describe {
  std::string operator()(const Message& message) const { return fmt::format("{}: {}", message.name, message.text); }
  std::string operator()(const TopicChanged& topic) const { return fmt::format("{} topic {}", topic.name, topic.text); }
  std::string operator()(const Edited& edit) const { return fmt::format("{} edits to {}", edit.name, edit.text); }
  std::string operator()(const Redacted& each) const {
    return fmt::format("{} takes back: {}", each.name, each.reason);
  }
  std::string operator()(const Reacted& each) const {
    return fmt::format("{} {}{}", each.name, each.withdrawn ? "no more " : "", each.text);
  }
  std::string operator()(const Opened& opened) const {
    return fmt::format("#{} opened [{}] read {}", opened.room, opened.topic, opened.read_seq);
  }
  std::string operator()(const MarkerMoved& moved) const { return fmt::format("#{} read {}", moved.room, moved.seq); }
  std::string operator()(const Invited& each) const { return fmt::format("{} in {}", each.name, each.room); }
  std::string operator()(const Rooms& rooms) const {
    std::string line = "rooms:";
    for (const RoomInfo& room : rooms.rooms) line += fmt::format(" {} [{}]", room.name, room.topic);
    return line;
  }
  std::string operator()(const Refused& refused) const { return "refused: " + refused.text; }
  template <typename Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

struct Devices : server::testing::Town {
  Devices() {
    QuicClientOptions options;
    options.name = "Ada";
    options.agent = "test";
    options.trust = [](const net::PeerCertificate&) { return true; };
    phone.emplace(std::move(options), ada.key, random, log);
    phone->set_paths({{address, server_address_}});
    wire_.attach(address, *phone);
    wire_.settle();
  }
  /// What was told since the last call, without joins, leaves and what became of one's own messages.
  static Lines hear(QuicClient& client) {
    Lines lines;
    while (const auto event = client.poll_event()) {
      if (std::string line = std::visit(Describe{}, *event); !line.empty()) lines.push_back(std::move(line));
    }
    return lines;
  }
  Lines heard(QuicClient& client) {
    wire_.settle();
    return hear(client);
  }

  server::testing::Person& ada = person("Ada");
  server::testing::Person& bob = person("Bob");
  base::SeededRandom random{7};
  base::NullLog log;
  const base::Address address = server::testing::address_of(1, 6000);
  std::optional<QuicClient> phone;
};

TEST_F(Devices, ReadOnOneReadOnAll) {
  ada.client->join("lobby", {});
  for (const char* text : {"one", "two", "three"}) bob.client->send("lobby", Kind::text, text);
  wire_.settle();
  hear(*ada.client);
  ada.client->mark_read("lobby", 3);
  EXPECT_EQ(heard(*phone), Lines{"#lobby read 3"});
  phone->join("lobby", {});
  EXPECT_EQ(heard(*phone).back(), "#lobby opened [] read 3");
  phone->mark_read("lobby", 2);
  phone->mark_read("lobby", 4);
  EXPECT_EQ(heard(*ada.client), Lines{"#lobby read 4"});
  EXPECT_EQ(heard(*bob.client), Lines{}) << "it is nobody else's business";
}

TEST_F(Devices, WhatIsReadRightBeforeTheEndIsSaid) {
  for (const char* room : {"lobby", "dev"}) {
    ada.client->join(room, {});
    for (const char* text : {"one", "two", "three"}) bob.client->send(room, Kind::text, text);
  }
  wire_.settle();
  hear(*ada.client);
  ada.client->mark_read("lobby", 1);
  EXPECT_EQ(heard(*phone), Lines{"#lobby read 1"});
  ada.client->mark_read("lobby", 2);
  EXPECT_EQ(heard(*phone), Lines{}) << "the next one has its time";
  ada.client->mark_read("lobby", 3);
  ada.client->mark_read("dev", 3);
  ada.client->quit();
  ada.client->quit();
  EXPECT_EQ(heard(*phone), (Lines{"#dev read 3", "#lobby read 3"}));
  EXPECT_EQ(heard(*ada.client), Lines{});
}

TEST_F(Devices, ATopicIsThereWithTheRoom) {
  ada.client->join("lobby", {});
  EXPECT_EQ(heard(*ada.client).back(), "#lobby opened [] read 0");
  ada.client->post("lobby", {.what = What::topic, .text = "tea"});
  EXPECT_EQ(heard(*ada.client), Lines{"Ada topic tea"});
  bob.client->join("lobby", {});
  EXPECT_EQ(heard(*bob.client).back(), "#lobby opened [tea] read 0");
  bob.client->get_rooms();
  EXPECT_EQ(heard(*bob.client), Lines{"rooms: lobby [tea]"});
}

TEST_F(Devices, WhatIsSaidToAMessageReachesAll) {
  bob.client->join("lobby", {});
  const std::string id = ada.client->send("lobby", Kind::text, "Hii");
  ada.client->post("lobby", {.what = What::edit, .text = "Hi", .target = id});
  EXPECT_EQ(heard(*bob.client).back(), "Ada edits to Hi");
  bob.client->post("lobby", {.what = What::reaction, .text = "👍", .target = id});
  bob.client->post("lobby", {.what = What::reaction, .text = "👍", .target = id, .withdrawn = true});
  EXPECT_EQ(heard(*bob.client), (Lines{"Bob 👍", "Bob no more 👍"}));
  ada.client->post("lobby", {.what = What::redaction, .text = "typo", .target = id});
  EXPECT_EQ(heard(*bob.client), Lines{"Ada takes back: typo"});
  EXPECT_EQ(ada.client->unsettled() + bob.client->unsettled(), 0U);
}

TEST_F(Devices, ADirectRoomInvitesAndIsForTwo) {
  bob.client->send("@ada", Kind::text, "psst");
  EXPECT_EQ(heard(*phone), Lines{"bob in @ada : bob"});
  EXPECT_EQ(heard(*ada.client), Lines{"bob in @ada : bob"});
  ada.client->read_before("@Bob", 2, 10);
  EXPECT_EQ(heard(*ada.client), Lines{"Bob: psst"});
  phone->join("@bob", {});
  phone->post("@bob", {.text = "yes?"});
  EXPECT_EQ(heard(*phone).back(), "Ada: yes?");
  phone->get_direct_rooms();
  EXPECT_EQ(heard(*phone), Lines{"rooms: @ada : bob []"});
  server::testing::Person& eve = person("Eve");
  eve.client->join("@ada : bob", {});
  const Lines told = heard(*eve.client);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].starts_with("refused: ")) << told[0];
}

}  // namespace
}  // namespace confab::client
