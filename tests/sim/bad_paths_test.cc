// SPDX-License-Identifier: MIT
// What is promised of members whose ways to the server lose packets: server, clients, QUIC and TLS as they are, under a
// virtual clock.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "client/quic_client.h"
#include "sim/deterministic_tls.h"
#include "sim/server_host.h"
#include "sim/sim_store.h"
#include "sim/world.h"

namespace confab::sim {
namespace {

using namespace std::chrono_literals;

const base::Address server_address = base::Address::v4(10, 0, 0, 1, 2209);
constexpr std::size_t member_count = 10;
constexpr base::Duration one_way = 25ms;
constexpr base::Duration message_every = 100ms;

/// A room of members, each 25 ms from the server; one after the other says something, ten times a second.
class BadPaths : public testing::Test {
 protected:
  BadPaths() {
    server_.start();
    server_node_ = world_.add({.name = "server",
                               .address = server_address,
                               .machine = &server_.machine(),
                               .on_turn = {},
                               .other_deadline = [this] { return store_.next_deadline(); }});
  }

  /// Everybody joins over ways that lose so much, and finds out that they do.
  void begin(std::uint32_t loss_permille) {
    for (std::size_t i = 0; i < member_count; ++i) add_member(i, loss_permille);
    run_for(5s);
    talk(400);
    waits_.clear();
  }

  void add_member(std::size_t number, std::uint32_t loss_permille) {
    randoms_.push_back(std::make_unique<base::SeededRandom>(100 + number));
    client::QuicClientOptions options;
    options.name = "member" + std::to_string(number);
    options.trust = [](const net::PeerCertificate&) { return true; };
    auto transport = std::make_unique<net::Endpoint>(client::endpoint_options(), *randoms_.back(), log_);
    auto& member = *members_.emplace_back(
        std::make_unique<client::QuicClient>(std::move(options), std::move(transport), user_key_, *randoms_.back()));
    member.set_paths({{{}, server_address}});
    member.join("lobby", {});
    const NodeId node = world_.add({.name = "member",
                                    .address = base::Address::v4(10, 0, 1, static_cast<std::uint8_t>(number), 4000),
                                    .machine = &member,
                                    .on_turn = [this, &member](base::Now now) { listen(member, now); },
                                    .other_deadline = {}});
    nodes_.push_back(node);
    const LinkOptions way{.delay = one_way, .loss_permille = loss_permille, .outages = {}};
    world_.connect(node, server_node_, way, way);
  }

  void listen(client::QuicClient& member, base::Now now) {
    while (const auto event = member.poll_event()) {
      const auto* message = std::get_if<Message>(&*event);
      if (message != nullptr) waits_.push_back(now.instant - said_at_.at(std::stoul(message->text)));
    }
  }

  void talk(std::size_t count) {
    for (; count > 0; --count) {
      const std::size_t index = said_at_.size();
      const std::size_t author = index % member_count;
      said_at_.push_back(world_.now());
      world_.post(nodes_[author], [this, index, author](base::Now) {
        members_[author]->send("lobby", Kind::text, std::to_string(index) + " " + std::string(100, 'x'));
      });
      run_for(message_every);
    }
    run_for(1s);
  }

  void run_for(base::Duration time) {
    world_.run_until([] { return false; }, world_.now() + time);
  }

  base::Duration wait_at(double quantile) {
    std::ranges::sort(waits_);
    return waits_.at(static_cast<std::size_t>(quantile * static_cast<double>(waits_.size() - 1)));
  }

  Clock clock_;
  Trace trace_{clock_};
  DeterministicTls tls_{1, clock_};
  base::NullLog log_;
  FaultTally tally_;
  net::ServerKey server_key_ = net::ServerKey::generate();
  net::UserKey user_key_ = net::UserKey::generate();
  SimStore store_{{.sync_min = 50us, .sync_max = 200us}, clock_, 2, tally_};
  // One worker: several hand each other work at moments that the simulator draws, milliseconds apart.
  ServerHost server_{Tier::quic, 1, server_key_, store_, 3, {}, log_};
  std::vector<std::unique_ptr<base::SeededRandom>> randoms_;
  std::vector<std::unique_ptr<client::QuicClient>> members_;
  std::vector<NodeId> nodes_;
  NodeId server_node_ = 0;
  std::vector<base::Instant> said_at_;
  std::vector<base::Duration> waits_;
  World world_{clock_, trace_, 4, tally_};
};

constexpr std::size_t messages = 1500;

TEST_F(BadPaths, WithoutLossTheWayIsAllThatAMessageTakes) {
  begin(0);
  talk(messages);
  ASSERT_EQ(waits_.size(), messages * member_count);
  EXPECT_LE(wait_at(0.99), 2 * one_way + 1ms);
  EXPECT_LE(wait_at(1), 2 * one_way + 1ms);
}

TEST_F(BadPaths, ATwentiethLostAddsAQuarterAtMost) {
  begin(50);
  talk(messages);
  ASSERT_EQ(waits_.size(), messages * member_count);
  EXPECT_LE(wait_at(0.99), 2 * one_way * 5 / 4);
  EXPECT_LE(wait_at(1), 300ms);
}

TEST_F(BadPaths, ATenthLostDoublesItAtMost) {
  begin(100);
  talk(messages);
  ASSERT_EQ(waits_.size(), messages * member_count);
  EXPECT_LE(wait_at(0.99), 2 * 2 * one_way);
  EXPECT_LE(wait_at(1), 500ms);
}

}  // namespace
}  // namespace confab::sim
