// SPDX-License-Identifier: MIT
// Second copies, and wishes for them, from a peer that does not play by the rules, or cannot.
#include "net/bare_client.h"

namespace confab::net::test {
namespace {

class HostileCopies : public WithBareClient {
 protected:
  void copy(StreamId stream, std::uint64_t offset, std::string_view bytes) {
    base::Bytes datagram;
    append_piece(datagram, {stream, offset, base::as_bytes(bytes)});
    client.say_beside(std::move(datagram));
    exchange(1);
  }
  /// What the client wishes, in a datagram of its own.
  base::Bytes wish(unsigned copies) {
    client.wish(copies);
    written.clear();
    write();
    return written.back();
  }
  ConnectionHandle at_server() { return server.last<events::Connected>()->connection; }
  /// The server's copies of ten words of its own.
  std::uint64_t copies_of_the_server() {
    const StreamId stream = server.endpoint->open_uni_stream(at_server()).value();
    for (int i = 0; i < 10; ++i) {
      server.endpoint->send(at_server(), stream, shared("a word "));
      exchange(3);
    }
    return server.endpoint->stats().copies_sent;
  }
};

TEST_F(HostileCopies, AloneDoNotFillTheServersMemory) {
  exchange();
  server.consumes = false;
  const StreamId stream = client.connection->open_bidi_stream().value();
  client.connection->send(stream, shared("x"));
  exchange(3);
  const std::string more(1000, 'y');
  for (std::uint64_t i = 0; i < 400; ++i) copy(stream, 1 + i * more.size(), more);
  EXPECT_GT(server.received[stream].size(), 10'000U);
  EXPECT_LE(server.received[stream].size(), 1 + StreamInbox::ahead_bytes_max);
}

TEST_F(HostileCopies, NothingIsTakenForAStreamOnWhichOnlyTheServerSpeaks) {
  exchange();
  const StreamId stream = server.endpoint->open_uni_stream(at_server()).value();
  copy(stream, 0, "it was you who said that");
  EXPECT_EQ(server.received[stream], "");
}

class WithoutDatagrams : public HostileCopies, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  WithoutDatagrams() {
    client.announce_datagrams(GetParam());
    exchange();
  }
};

TEST_P(WithoutDatagrams, APeerWhosePathLosesKeepsItsConnection) {
  const StreamId stream = client.connection->open_bidi_stream().value();
  for (int i = 0; i < 400; ++i) {
    client.connection->send(stream, shared("a word "));
    write();
    if (i % 5 == 0) written.clear();
    exchange(1);
  }
  EXPECT_EQ(server.count<events::Closed>(), 0U);
}

TEST_P(WithoutDatagrams, APeerGetsNoCopiesWhateverItWishes) {
  deliver(wish(1));
  EXPECT_EQ(copies_of_the_server(), 0U);
  EXPECT_EQ(server.count<events::Closed>(), 0U);
}
INSTANTIATE_TEST_SUITE_P(FramesUpTo, WithoutDatagrams, ::testing::Values(0, 3));

TEST_F(HostileCopies, WishesThatWaitAreOne) {
  exchange();
  for (unsigned i = 0; i < 100; ++i) client.wish(1 + i % 2);
  EXPECT_EQ(client.datagrams_waiting(), 1U);
}

TEST_F(HostileCopies, AWishThatWasOvertakenIsNoneAnyMore) {
  exchange();
  const base::Bytes early = wish(2);
  const base::Bytes late = wish(0);
  deliver(late);
  deliver(early);
  EXPECT_EQ(copies_of_the_server(), 0U);
}

}  // namespace
}  // namespace confab::net::test
