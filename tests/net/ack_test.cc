// SPDX-License-Identifier: MIT
// What two endpoints make of the policy: how many datagrams a message costs, and that nothing takes longer for it.
#include "net/harness.h"

namespace confab::net::test {
namespace {

class Acks : public ::testing::Test {
 protected:
  void SetUp() override {
    pair = network.connect(client, server);
    network.run_for(1s);
    stream = server.endpoint->open_uni_stream(pair.server).value();
    network.fault = [this](Flying& datagram) {
      const bool to_client = datagram.to == client_address;
      ++(to_client ? sent_by_server : sent_by_client);
      return !to_client || to_lose == 0 || to_lose-- == 0;
    };
  }

  /// Says so many words, one each `pause`, and forgets what was counted before.
  void say(int words, base::Duration pause = 50ms) {
    sent_by_server = sent_by_client = 0;
    for (int i = 0; i < words; ++i) {
      server.endpoint->send(pair.server, stream, shared(pattern(100)));
      said += 100;
      network.run_for(pause);
    }
  }
  bool all_heard() { return client.received[stream].size() == said; }

  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  Network::Pair pair;
  StreamId stream = 0;
  std::size_t said = 0;
  int sent_by_server = 0;
  int sent_by_client = 0;
  int to_lose = 0;
};

TEST_F(Acks, AListenerSaysLittleAndIsAnsweredByTheWay) {
  say(50);
  say(80);
  EXPECT_TRUE(all_heard());
  EXPECT_LE(sent_by_client, 80 / 7);
  EXPECT_LE(sent_by_server, 80 + 1);
}

TEST_F(Acks, NobodyWakesForTimersThatWordsHaveMovedAway) {
  say(100, 17ms);
  const std::size_t before = network.steps;
  say(200, 17ms);
  const std::size_t steps = network.steps - before;
  const auto in_use = static_cast<std::size_t>(200 + sent_by_server + sent_by_client);
  // A word's turn, and one for what arrives; beside these the client's own for acknowledgements that nothing carries.
  EXPECT_LE(steps, in_use + 10);
}

TEST_F(Acks, ALoneWordIsNotSentTwiceForWantOfAnAnswer) {
  say(50);
  network.run_for(5s);
  say(1);
  network.run_for(5s);
  EXPECT_LE(sent_by_server, 2) << "the word, and an answer where the client's answer came with a PING";
  EXPECT_EQ(sent_by_client, 1);
}

TEST_F(Acks, ALossIsRepairedByWhatFollows) {
  say(50);
  to_lose = 1;
  say(4);  // the second shows the first one's loss, and the answer does not wait
  EXPECT_TRUE(all_heard());
}

TEST_F(Acks, ALossThatAnAnswerShowsIsRepairedAtOnce) {
  say(50);
  network.run_for(2s);
  to_lose = 1;
  say(5, 1ms);
  EXPECT_TRUE(network.run_until([&] { return all_heard(); }, 30ms)) << "three ways, less what the saying took";
}

TEST_F(Acks, TheLastWordIsRepairedInTime) {
  say(50);
  to_lose = 1;
  say(1);
  EXPECT_FALSE(all_heard());
  EXPECT_TRUE(network.run_until([&] { return all_heard(); }, 500ms)) << "what the client may wait, and a round trip";
}

TEST_F(Acks, MuchAtOnceIsNotSlowedDown) {
  say(50);
  server.endpoint->send(pair.server, stream, shared(pattern(200'000)));
  said += 200'000;
  // Ten packets in the first round trip, and twice as many in each one that follows.
  EXPECT_TRUE(network.run_until([&] { return all_heard(); }, 5 * 20ms));
}

TEST_F(Acks, CreditIsGivenBackThoughNothingElseIsSaid) {
  client.consumes = false;
  server.endpoint->send(pair.server, stream, shared(pattern(1'000'000)));
  said += 1'000'000;
  network.run_for(3s);
  EXPECT_EQ(client.received[stream].size(), 256U * 1024U) << "a window";
  client.consumes = true;
  client.endpoint->consume(pair.client, stream, 256 * 1024);
  EXPECT_TRUE(network.run_until([&] { return all_heard(); }, 1s));
}

}  // namespace
}  // namespace confab::net::test
