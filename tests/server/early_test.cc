// SPDX-License-Identifier: MIT
// A client that was here before asks with its first flight; whoever sends that flight again later gains nothing by it.
#include "stranger.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

struct Early : Town {
  /// Sends what the client has to send now, and nothing that answers it will ever arrive.
  void send_first_flight_alone(Person& someone) {
    struct Sink final : base::DatagramSink {
      std::span<std::uint8_t> buffer() override { return memory; }
      void commit(const base::Path& path, std::uint8_t, std::size_t size, std::size_t segment) override {
        for (std::size_t at = 0; at < size; at += segment) {
          const auto* begin = memory.data() + at;
          wire->send(path, base::Bytes(begin, begin + std::min(segment, size - at)));
        }
      }
      Wire* wire = nullptr;
      base::Bytes memory = base::Bytes(train_bytes_max);
    };
    Sink sink;
    sink.wire = &wire_;
    wire_.detach(someone.address);
    someone.client->wake(wire_.now());
    someone.client->transmit(sink, wire_.now());
    wire_.pass(100ms);
  }
  std::size_t log_size() { return store_.store.read("lobby", 1, 1000, 1'000'000)->size(); }
};

TEST_F(Early, WhoWasHereBeforeReadsWithTheFirstFlight) {
  Person& ryo = member("Ryo");
  ryo.client->retry("Ryo");
  ryo.client->read({.room = "lobby", .start = {.seq = 1, .newest = 0}});
  const int reads = store_.reads;
  send_first_flight_alone(ryo);
  EXPECT_EQ(store_.reads, reads + 1) << "the handshake is not done, and will never be";
}

TEST_F(Early, WhoWasNeverHereDoesNot) {
  Person& ryo = person("Ryo");
  ryo.client->read({.room = "lobby", .start = {.seq = 1, .newest = 0}});
  send_first_flight_alone(ryo);
  EXPECT_EQ(store_.reads, 0);
}

TEST_F(Early, NobodyIsThereBeforeTheHandshakeIsDone) {
  member("Hilmi");
  Person& ryo = member("Ryo");
  ryo.client->part("lobby");
  wire_.settle();
  const std::size_t size = log_size();
  ryo.client->retry("Ryo");
  ryo.client->join("lobby", {.seq = 1, .newest = 0});
  send_first_flight_alone(ryo);
  wire_.pass(60s);
  EXPECT_EQ(log_size(), size) << "neither a join nor a leave";
}

TEST_F(Early, SheIsThereOnceItIs) {
  Person& hilmi = member("Hilmi");
  Person& ryo = member("Ryo");
  ryo.client->part("lobby");
  wire_.settle();
  hilmi.hear();
  ryo.hear();
  ryo.client->join("lobby", {.seq = 4, .newest = 0});
  ryo.client->retry("Ryo");
  ryo.client->send("lobby", Kind::text, "back");
  wire_.settle();
  EXPECT_EQ(hilmi.hear(), (Lines{"#lobby 4 Ryo joined", "#lobby 5 Ryo: back"}));
}

TEST_F(Early, AReconnectNeitherLosesNorRepeats) {
  Person& hilmi = member("Hilmi");
  Person& ryo = member("Ryo");
  ryo.hear();
  for (int i = 0; i < 5; ++i) {
    hilmi.client->send("lobby", Kind::text, fmt::format("{} before", i));
    wire_.settle();
    ryo.client->unreachable({ryo.address, server_address_}, wire_.now());
    hilmi.client->send("lobby", Kind::text, fmt::format("{} after", i));
    wire_.pass(1s);
    Lines heard = ryo.hear();
    std::erase_if(heard, [](const std::string& line) { return line.starts_with("link"); });
    EXPECT_EQ(heard, (Lines{fmt::format("#lobby {} Hilmi: {} before", 3 + 2 * i, i),
                            fmt::format("#lobby {} Hilmi: {} after", 4 + 2 * i, i)}));
  }
}

TEST_F(Early, ATicketOfTheOldProcessCostsNothing) {
  Person& ryo = member("Ryo");
  ryo.hear();
  restart();
  ryo.client->retry("Ryo");
  ryo.client->send("lobby", Kind::text, "still me");
  wire_.settle();
  EXPECT_EQ(ryo.hear().back(), "#lobby 2 Ryo: still me");
}

}  // namespace
}  // namespace confab::server::testing
