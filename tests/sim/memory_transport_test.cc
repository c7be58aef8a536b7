// SPDX-License-Identifier: MIT
// What machines rely on in a transport, held against the one without packets: two of them on one wire.
#include "sim/memory_transport.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "sim/clock.h"
#include "sim/transport_tap.h"

namespace confab::sim {
namespace {

using namespace std::chrono_literals;

const base::Address server_address = base::Address::v4(10, 0, 0, 1, 2209);
const base::Address client_address = base::Address::v4(10, 0, 1, 1, 40'000);

/// A transport, what it has told, and the datagrams it has sent.
class End : public base::DatagramSink {
 public:
  End(MemoryTransportOptions options, std::uint64_t seed) : random_(seed), transport(options, random_) {}

  void turn(base::Now now) {
    if (transport.next_deadline() <= now.instant) transport.wake(now);
    transport.transmit(*this, now);
    while (const auto event = transport.poll_event()) {
      if (const auto* connected = std::get_if<net::events::Connected>(&*event)) {
        connection = connected->connection;
        exporter = connected->exporter;
      } else if (const auto* data = std::get_if<net::events::StreamData>(&*event)) {
        received[data->stream] += base::as_text(data->bytes);
        if (consumes) transport.consume(data->connection, data->stream, data->bytes.size());
        if (data->fin) diary += "fin ";
      } else if (const auto* closed = std::get_if<net::events::Closed>(&*event)) {
        closed_as = closed->kind;
        diary += "closed ";
      } else if (std::holds_alternative<net::events::StreamReset>(*event)) {
        diary += "reset ";
      } else if (std::holds_alternative<net::events::StreamClosed>(*event)) {
        diary += "stream-closed ";
      } else if (std::holds_alternative<net::events::SendRoom>(*event)) {
        diary += "room ";
      } else if (std::holds_alternative<net::events::PathChanged>(*event)) {
        diary += "moved ";
      } else if (const auto* loose = std::get_if<net::events::DatagramReceived>(&*event)) {
        diary += "loose:" + std::string(base::as_text(loose->bytes)) + " ";
      }
    }
  }

  std::span<std::uint8_t> buffer() override { return buffer_; }
  void commit(const base::Path&, std::uint8_t, std::size_t size, std::size_t segment_size) override {
    EXPECT_EQ(size, segment_size);
    sent.emplace_back(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
  }

 private:
  base::SeededRandom random_;
  base::Bytes buffer_ = base::Bytes(train_bytes_max);

 public:
  MemoryTransport transport;
  net::ConnectionHandle connection = 0;
  net::ExporterSecret exporter{};
  std::map<net::StreamId, std::string> received;
  std::deque<base::Bytes> sent;
  std::string diary;
  std::optional<net::CloseKind> closed_as;
  bool consumes = true;
};

class MemoryTransportTest : public testing::Test {
 protected:
  MemoryTransportTest() { key_.sha256[0] = 7; }

  net::ConnectionHandle connect(bool trusts = true) {
    const auto handle = client_.transport.connect(
        {.path = {client_address, server_address},
         .server_name = {},
         .trust = [this, trusts](const net::PeerCertificate& seen) { return trusts && seen.fingerprint == key_; }},
        clock_.now());
    settle();
    return handle;
  }

  /// Carries datagrams until there are none, except those that are to be lost.
  void settle() {
    for (int quiet = 0; quiet < 2;) {
      client_.turn(clock_.now());
      server_.turn(clock_.now());
      quiet = client_.sent.empty() && server_.sent.empty() ? quiet + 1 : 0;
      carry(client_, server_, {server_address, client_seen_at_});
      carry(server_, client_, {client_seen_at_, server_address});
    }
  }

  void carry(End& from, End& to, const base::Path& path) {
    for (const base::Bytes& bytes : std::exchange(from.sent, {})) {
      if (lost_ > 0) {
        --lost_;
      } else {
        to.transport.receive({.path = path, .bytes = bytes}, clock_.now());
      }
    }
  }

  /// Time passes in steps, in which both take their turns.
  void pass(base::Duration span) {
    for (const base::Instant end = clock_.instant() + span; clock_.instant() < end;) {
      clock_.advance(std::min(end, clock_.instant() + 500ms));
      settle();
    }
  }

  static base::SharedBytes bytes(const std::string& text) { return base::SharedBytes::own({text.begin(), text.end()}); }

  Clock clock_;
  wire::Fingerprint key_;
  End client_{{}, 1};
  End server_{{.fingerprint = key_with_seven(), .stream_receive_window_bytes = 128 * 1024, .uni_streams_max = 2}, 2};
  base::Address client_seen_at_ = client_address;
  int lost_ = 0;

 private:
  static wire::Fingerprint key_with_seven() {
    wire::Fingerprint key;
    key.sha256[0] = 7;
    return key;
  }
};

TEST_F(MemoryTransportTest, GivesBothEndsASecretThatNoOtherConnectionHas) {
  connect();
  EXPECT_EQ(client_.exporter, server_.exporter);
  const auto first = client_.exporter;
  connect();
  EXPECT_EQ(client_.exporter, server_.exporter);
  EXPECT_NE(client_.exporter, first);
}

TEST_F(MemoryTransportTest, SendsNothingToAServerThatIsNotTrusted) {
  connect(false);
  EXPECT_EQ(client_.closed_as, net::CloseKind::untrusted);
}

TEST_F(MemoryTransportTest, CarriesStreamsBothWays) {
  connect();
  const auto control = client_.transport.open_bidi_stream(client_.connection);
  ASSERT_EQ(control, 0);
  client_.transport.send(client_.connection, 0, bytes("hello"));
  settle();
  server_.transport.send(server_.connection, 0, bytes("welcome"));
  const auto log = server_.transport.open_uni_stream(server_.connection);
  ASSERT_EQ(log, 3);
  server_.transport.send(server_.connection, *log, bytes("event"));
  server_.transport.finish(server_.connection, *log);
  settle();
  EXPECT_EQ(server_.received[0], "hello");
  EXPECT_EQ(client_.received[0], "welcome");
  EXPECT_EQ(client_.received[3], "event");
  EXPECT_EQ(client_.diary, "fin stream-closed ");
  EXPECT_EQ(server_.diary, "stream-closed ");
}

TEST_F(MemoryTransportTest, HoldsASenderBackWhoseReaderDoesNotRead) {
  connect();
  client_.consumes = false;
  const auto log = *server_.transport.open_uni_stream(server_.connection);
  const std::string megabyte(1024 * 1024, 'x');
  server_.transport.send(server_.connection, log, bytes(megabyte));
  settle();
  EXPECT_EQ(client_.received[log].size(), 256U * 1024) << "the window";
  EXPECT_EQ(server_.transport.send_room(server_.connection, log), 0U);
  client_.consumes = true;
  client_.transport.consume(client_.connection, log, client_.received[log].size());
  settle();
  EXPECT_EQ(client_.received[log], megabyte);
  EXPECT_EQ(server_.diary, "room ");
  EXPECT_EQ(server_.transport.send_room(server_.connection, log), 128U * 1024);
}

TEST_F(MemoryTransportTest, EndsAConnectionThatLostADatagramWithTheNextOneThatComes) {
  connect();
  client_.transport.open_bidi_stream(client_.connection);
  lost_ = 1;
  client_.transport.send(client_.connection, 0, bytes("lost"));
  settle();
  EXPECT_EQ(server_.diary, "");
  client_.transport.send(client_.connection, 0, bytes("next"));
  settle();
  EXPECT_EQ(server_.closed_as, net::CloseKind::reset);
  EXPECT_EQ(client_.closed_as, net::CloseKind::reset);
}

TEST_F(MemoryTransportTest, TellsAClientThatItsConnectionIsForgotten) {
  connect();
  End fresh({.fingerprint = key_}, 3);
  client_.transport.probe(client_.connection, clock_.now());
  client_.turn(clock_.now());
  carry(client_, fresh, {server_address, client_address});
  fresh.turn(clock_.now());
  carry(fresh, client_, {client_address, server_address});
  client_.turn(clock_.now());
  EXPECT_EQ(client_.closed_as, net::CloseKind::reset);
}

TEST_F(MemoryTransportTest, StaysAliveAndDiesOfSilence) {
  connect();
  pass(100s);
  EXPECT_FALSE(server_.closed_as) << "a silent client is still there";
  lost_ = 1'000'000;
  pass(29s);
  EXPECT_FALSE(client_.closed_as);
  pass(12s);
  EXPECT_EQ(client_.closed_as, net::CloseKind::idle);
  EXPECT_EQ(server_.closed_as, net::CloseKind::idle);
}

TEST_F(MemoryTransportTest, TriesToConnectForAWhile) {
  lost_ = 3;
  connect();
  pass(5s);
  EXPECT_NE(client_.connection, 0U);
  lost_ = 1'000'000;
  connect();
  pass(11s);
  EXPECT_EQ(client_.closed_as, net::CloseKind::idle);
}

TEST_F(MemoryTransportTest, NoticesSoonThatAProbeIsNotAnswered) {
  connect();
  lost_ = 1'000'000;
  client_.transport.probe(client_.connection, clock_.now());
  pass(net::probe_patience + 1s);
  EXPECT_EQ(client_.closed_as, net::CloseKind::idle);
}

TEST_F(MemoryTransportTest, SaysGoodbye) {
  connect();
  client_.transport.close(client_.connection, 5, "enough");
  settle();
  EXPECT_EQ(client_.closed_as, net::CloseKind::local);
  EXPECT_EQ(server_.closed_as, net::CloseKind::peer);
  EXPECT_EQ(server_.transport.connection_count(), 0U);
}

TEST_F(MemoryTransportTest, FollowsAClientToItsNewAddress) {
  connect();
  client_seen_at_.port = 40'001;
  client_.transport.probe(client_.connection, clock_.now());
  settle();
  EXPECT_EQ(server_.diary, "moved ");
  EXPECT_EQ(server_.transport.info(server_.connection)->path.remote, client_seen_at_);
}

TEST_F(MemoryTransportTest, HasNoMoreStreamsThanItMay) {
  connect();
  client_.transport.open_bidi_stream(client_.connection);
  client_.transport.send(client_.connection, 0, bytes("x"));
  settle();
  EXPECT_TRUE(server_.transport.open_uni_stream(server_.connection));
  EXPECT_TRUE(server_.transport.open_uni_stream(server_.connection));
  EXPECT_FALSE(server_.transport.open_uni_stream(server_.connection));
}

TEST_F(MemoryTransportTest, GivesAStreamUp) {
  connect();
  const auto log = *server_.transport.open_uni_stream(server_.connection);
  server_.transport.send(server_.connection, log, bytes("event"));
  settle();
  server_.transport.reset(server_.connection, log, 3);
  settle();
  EXPECT_EQ(client_.diary, "reset stream-closed ");
}

TEST_F(MemoryTransportTest, CarriesLooseDatagramsAsFarAsTheyFit) {
  connect();
  int taken = 0;
  for (int i = 0; i < 20; ++i) taken += server_.transport.send_datagram(server_.connection, {'h', 'i'}) ? 1 : 0;
  EXPECT_EQ(taken, 16);
  settle();
  EXPECT_EQ(client_.diary.substr(0, 9), "loose:hi ");
}

TEST(TransportTap, TellsWhoWatchesWhatTheMachineHears) {
  base::SeededRandom random(1);
  Clock clock;
  std::size_t closed = 0;
  TransportTap tap(std::make_unique<MemoryTransport>(MemoryTransportOptions(), random), [&](const net::Event& event) {
    closed += std::holds_alternative<net::events::Closed>(event) ? 1 : 0;
  });
  tap.connect({}, clock.now());
  clock.advance(clock.instant() + 11s);
  tap.wake(clock.now());
  EXPECT_TRUE(tap.poll_event());
  EXPECT_EQ(closed, 1U);
}

}  // namespace
}  // namespace confab::sim
