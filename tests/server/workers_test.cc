// SPDX-License-Identifier: MIT
// Members of several workers are members of one server.
#include "stranger.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

struct SeveralWorkers : Town {
  SeveralWorkers() : Town(3) {}
};

TEST_F(SeveralWorkers, EveryoneHearsEveryoneInOneOrder) {
  Person& ada = member("Ada");
  Person& bob = member("Bob");
  Person& cyd = member("Cyd");
  ASSERT_NE(workers_->worker_of(ada.address), workers_->worker_of(bob.address));
  ASSERT_NE(workers_->worker_of(bob.address), workers_->worker_of(cyd.address));
  for (Person* each : {&ada, &bob, &cyd}) each->hear();
  ada.client->send("lobby", Kind::text, "one");
  bob.client->send("lobby", Kind::text, "two");
  cyd.client->send("lobby", Kind::text, "three");
  wire_.settle();
  const auto messages = [](Person& someone) {
    Lines lines = someone.hear();
    std::erase_if(lines, [](const std::string& line) { return !line.starts_with("#lobby"); });
    return lines;
  };
  const Lines heard = messages(ada);
  EXPECT_EQ(heard.size(), 3U);
  EXPECT_EQ(messages(bob), heard);
  EXPECT_EQ(messages(cyd), heard);
}

TEST_F(SeveralWorkers, AWorkerThatIsLateMissesNothing) {
  Person& ada = member("Ada");
  Person& bob = member("Bob");
  for (Person* each : {&ada, &bob}) each->hear();
  workers_->hold(workers_->worker_of(bob.address));
  for (int i = 1; i <= 200; ++i) {
    ada.client->send("lobby", Kind::text, std::string(500, 'x') + std::to_string(i));
    if (i % 20 == 0) wire_.pass(10ms);
  }
  wire_.pass(100ms);
  EXPECT_TRUE(bob.hear().empty());
  workers_->release();
  wire_.pass(2s);
  const Lines heard = bob.hear();
  ASSERT_EQ(heard.size(), 200U);
  EXPECT_TRUE(heard.back().ends_with("x200")) << heard.back();
}

TEST_F(SeveralWorkers, AWorkerThatSleepsIsWokenForItsMembers) {
  Person& ada = member("Ada");
  Person& bob = member("Bob");
  const std::size_t worker =
      workers_->worker_of(bob.address) == 0 ? workers_->worker_of(ada.address) : workers_->worker_of(bob.address);
  int wakes = 0;
  server_->set_waker(worker, [&wakes] { ++wakes; });
  wire_.settle();
  wakes = 0;
  (worker == workers_->worker_of(bob.address) ? ada : bob).client->send("lobby", Kind::text, "hi");
  wire_.settle();
  EXPECT_GT(wakes, 0);
}

TEST_F(SeveralWorkers, WhoWasToldOfAMessageFindsItInTheLog) {
  Stranger eve(wire_, server_address_, 6000);
  eve.hello("Eve");
  eve.say(std::string(16, 'i'), "hi");
  pb::Request request;
  request.mutable_read()->set_room("lobby");
  request.mutable_read()->mutable_start()->set_seq(1);
  wire_.settle();
  ASSERT_EQ(eve.replies.back().accepted().seq(), 1U);
  eve.ask(request);
  wire_.settle();
  EXPECT_EQ(eve.replies.back().opened().end_seq(), 1U);
}

TEST_F(SeveralWorkers, WhoIsGoneWhenTheAnswerComesHarmsNobody) {
  Person& ada = member("Ada");
  Stranger eve(wire_, server_address_, 6001);
  eve.hello("Eve");
  eve.join("lobby");
  wire_.settle();
  ada.hear();
  store_.holding = true;
  eve.say(std::string(16, 'i'), "last words");
  eve.join("tea");
  wire_.settle();
  wire_.detach(address_of(1, 6001));
  wire_.pass(40s);  // her worker gives her up
  store_.holding = false;
  ada.client->send("lobby", Kind::text, "still here");
  wire_.settle();
  Lines heard = ada.hear();
  std::erase_if(heard, [](const std::string& line) { return !line.starts_with("#lobby"); });
  EXPECT_EQ(heard, (Lines{"#lobby 3 Eve: last words", "#lobby 4 Ada: still here"}));
}

TEST_F(SeveralWorkers, TheyStopTogether) {
  for (const char* name : {"Ada", "Bob", "Cyd"}) member(name);
  server_->drain(wire_.now());
  workers_->hold(2);
  wire_.pass(1s);
  EXPECT_FALSE(drained_) << "not all have said goodbye";
  workers_->release();
  wire_.settle();
  EXPECT_TRUE(drained_);
  for (const auto& each : people_) EXPECT_EQ(each->hear().back(), "link offline");
}

TEST_F(SeveralWorkers, MessagesBeyondWhatMemoryHoldsAreReadByEachWorkerItself) {
  Person& ada = member("Ada");
  for (int i = 0; i < 100; ++i) ada.client->send("lobby", Kind::text, std::string(200, 'x'));
  wire_.pass(1s);
  restart();
  wire_.pass(5s);
  Person& bob = person("Bob");
  Person& cyd = person("Cyd");
  const int reads = store_.reads;
  for (Person* each : {&bob, &cyd}) each->client->read({.room = "lobby", .start = {.seq = 1, .newest = 0}});
  wire_.pass(1s);
  EXPECT_GE(store_.reads, reads + 2);
  EXPECT_EQ(bob.hear(), cyd.hear());
}

}  // namespace
}  // namespace confab::server::testing
