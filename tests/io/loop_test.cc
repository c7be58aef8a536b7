// SPDX-License-Identifier: MIT
#include "io/loop.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "io/support.h"

namespace confab::io {

namespace {

using LoopTest = IoTest;

/// Sends back all it gets, to where it came from.
struct EchoMachine final : base::Machine {
  void receive(const base::Datagram& datagram, base::Now) override {
    waiting.push_back({std::string(base::as_text(datagram.bytes)), datagram.path});
  }
  void unreachable(const base::Path&, base::Now) override {}
  void wake(base::Now) override {}
  void transmit(base::DatagramSink& sink, base::Now) override {
    while (!waiting.empty() && put(sink, waiting.front().path, waiting.front().text)) waiting.pop_front();
  }
  base::Instant next_deadline() const override { return base::never; }

  std::deque<Arrived> waiting;
};

/// An echo server on a thread of its own.
class EchoServer {
 public:
  EchoServer() : address(*loop_.open_socket(loopback)), thread_([this] { loop_.run(); }) {}
  ~EchoServer() {
    loop_.post([this](base::Now) { loop_.stop(0); });
    thread_.join();
  }

 private:
  EchoMachine machine_;
  Loop loop_{machine_};

 public:
  const base::Address address;

 private:
  std::thread thread_;
};

}  // namespace

TEST_F(LoopTest, TenThousandDatagramsGoThereAndBack) {
  constexpr int count = 10'000;
  constexpr int in_flight_max = 50;
  EchoServer server;
  ScriptedMachine client;
  Loop loop(client);
  const base::Path path{*loop.open_socket(loopback), server.address};
  int sent = 0;
  int received = 0;
  client.on_transmit = [&](base::DatagramSink& sink, base::Now) {
    while (sent < count && sent - received < in_flight_max && put(sink, path, std::to_string(sent))) ++sent;
  };
  client.on_receive = [&](const base::Datagram& datagram, base::Now) {
    EXPECT_EQ(base::as_text(datagram.bytes), std::to_string(received));
    EXPECT_EQ(datagram.path, path);
    if (++received == count) loop.stop(0);
  };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_EQ(loop.stats().datagrams_received, static_cast<std::uint64_t>(count));
  EXPECT_EQ(loop.stats().datagrams_dropped, 0U);
}

TEST_F(LoopTest, SeveralSocketsAnswerEachForItself) {
  ScriptedMachine machine;
  Loop loop(machine);
  const base::Address first = *loop.open_socket(loopback);
  const base::Address second = *loop.open_socket(loopback);
  bool sent = false;
  machine.on_transmit = [&](base::DatagramSink& sink, base::Now) {
    if (!std::exchange(sent, true)) put(sink, {first, second}, "over");
  };
  machine.on_receive = [&](const base::Datagram& datagram, base::Now) {
    EXPECT_EQ(datagram.path, (base::Path{second, first}));
    loop.stop(0);
  };
  EXPECT_EQ(loop.run(), 0);
}

TEST_F(LoopTest, APeerThatIsNotThereIsUnreachable) {
  for (const base::Address& any : {loopback, *base::Address::parse("[::1]:0")}) {
    const base::Address closed = UdpSocket::open(any)->local();
    ScriptedMachine machine;
    Loop loop(machine);
    const base::Path path{*loop.open_socket(any), closed};
    int told = 0;
    machine.on_transmit = [&](base::DatagramSink& sink, base::Now) {
      if (told == 0) put(sink, path, "is anybody there?");
    };
    machine.on_unreachable = [&](const base::Path& said, base::Now) {
      EXPECT_EQ(said, path);
      ++told;
      loop.stop(0);
    };
    EXPECT_EQ(loop.run(), 0);
    EXPECT_GE(told, 1);
  }
}

TEST_F(LoopTest, APeerThatHasGoneTakesNothingFromTheOthers) {
  EchoServer server;
  const base::Address closed = UdpSocket::open(loopback)->local();
  ScriptedMachine machine;
  Loop loop(machine);
  const base::Address local = *loop.open_socket(loopback);
  int sent = 0;
  int received = 0;
  machine.on_transmit = [&](base::DatagramSink& sink, base::Now) {
    if (sent == 100 || sent > received) return;
    put(sink, {local, closed}, "lost");
    put(sink, {local, server.address}, std::to_string(sent++));
  };
  machine.on_receive = [&](const base::Datagram& datagram, base::Now) {
    EXPECT_EQ(base::as_text(datagram.bytes), std::to_string(received));
    if (++received == 100) loop.stop(0);
  };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_EQ(loop.stats().datagrams_dropped, 0U);
}

TEST_F(LoopTest, ATakenPortIsAnError) {
  ScriptedMachine machine;
  Loop loop(machine);
  const auto address = loop.open_socket(loopback);
  ASSERT_TRUE(address);
  EXPECT_EQ(loop.open_socket(*address).error().error, EADDRINUSE);
}

TEST_F(LoopTest, TheMachineIsWokenAtItsDeadlineAndNotBefore) {
  ScriptedMachine machine;
  Loop loop(machine);
  base::Instant asked_for{};
  loop.post([&](base::Now now) { machine.deadline = asked_for = now.instant + std::chrono::milliseconds(20); });
  machine.on_wake = [&](base::Now now) {
    EXPECT_GE(now.instant, asked_for);
    loop.stop(0);
  };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_LE(loop.stats().turns, 3U);  // the first, the task's, the timer's: nothing is polled
}

TEST_F(LoopTest, ADeadlineThatComesNearerIsKept) {
  ScriptedMachine machine;
  machine.deadline = base::never - std::chrono::hours(1);
  Loop loop(machine);
  loop.on_turn([&](base::Now now) {
    if (loop.stats().turns == 1) machine.deadline = now.instant + std::chrono::milliseconds(5);
  });
  machine.on_wake = [&](base::Now) { loop.stop(0); };
  EXPECT_EQ(loop.run(), 0);
}

TEST_F(LoopTest, ADeadlineThatMovesAwayIsKeptToo) {
  ScriptedMachine machine;
  Loop loop(machine);
  base::Instant moved_to{};
  loop.post([&](base::Now now) { machine.deadline = now.instant + std::chrono::milliseconds(5); });
  loop.post([&, post = loop.poster()](base::Now) {
    post([&](base::Now now) { machine.deadline = moved_to = now.instant + std::chrono::milliseconds(30); });
  });
  machine.on_wake = [&](base::Now now) {
    EXPECT_GE(now.instant, moved_to);
    loop.stop(0);
  };
  EXPECT_EQ(loop.run(), 0);
}

TEST_F(LoopTest, ADeadlineThatMovesAwayWakesNobodyWhereItWas) {
  ScriptedMachine machine;
  Loop loop(machine);
  loop.post([&, post = loop.poster()](base::Now now) {
    machine.deadline = now.instant + std::chrono::milliseconds(20);
    post([&](base::Now later) { machine.deadline = later.instant + std::chrono::milliseconds(60); });
  });
  machine.on_wake = [&](base::Now) { loop.stop(0); };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_LE(loop.stats().turns, 3U);  // the first task's, the second's, the timer's
}

TEST_F(LoopTest, WhatIsDueAlreadyHasTheNextTurn) {
  ScriptedMachine machine;
  Loop loop(machine);
  int wakes = 0;
  machine.deadline = base::at_once;
  machine.on_wake = [&](base::Now now) {
    machine.deadline = now.instant;
    if (++wakes == 100) loop.stop(0);
  };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_LE(loop.stats().turns, 101U);
}

TEST_F(LoopTest, ATurnRunsInTheOrderThatItsHeaderPromises) {
  ScriptedMachine machine;
  Loop loop(machine);
  const base::Address local = *loop.open_socket(loopback);
  std::string order;
  bool ended = false;
  loop.post([&](base::Now) { order += "task "; });
  loop.on_turn([&](base::Now) { order += "turn "; });
  loop.after_turn([&](base::Now) { order += "after "; });
  machine.on_transmit = [&](base::DatagramSink& sink, base::Now now) {
    order += "transmit ";
    if (!ended && machine.deadline == base::never) {
      put(sink, {local, local}, "x");
      machine.deadline = now.instant;
    }
  };
  machine.on_receive = [&](const base::Datagram&, base::Now) { order += "receive "; };
  machine.on_wake = [&](base::Now) {
    order += "wake ";
    machine.deadline = base::never;
    ended = true;
    loop.stop(0);
  };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_EQ(order, "task turn transmit after receive wake turn transmit after transmit ");  // the last: good-bye
}

TEST_F(LoopTest, TheLastTurnLetsTheMachineSayGoodbye) {
  const UdpSocket peer = *UdpSocket::open(loopback);
  ScriptedMachine machine;
  Loop loop(machine);
  const base::Address local = *loop.open_socket(loopback);
  bool closing = false;
  loop.post([&](base::Now) { loop.stop(3); });
  machine.on_transmit = [&](base::DatagramSink& sink, base::Now) {
    if (closing) put(sink, {local, peer.local()}, "good-bye");
    closing = true;
  };
  EXPECT_EQ(loop.run(), 3);
  EXPECT_EQ(receive(peer, 1).front().text, "good-bye");
}

TEST_F(LoopTest, OtherThreadsWakeIt) {
  ScriptedMachine machine;
  Loop loop(machine);
  std::atomic<int> answers = 0;
  loop.on_turn([&](base::Now) {
    if (answers == 1000) loop.stop(0);
  });
  std::thread other([&answers, wake = loop.waker()] {
    for (int i = 0; i < 1000; ++i) {
      ++answers;
      wake();
    }
  });
  EXPECT_EQ(loop.run(), 0);
  other.join();
}

TEST_F(LoopTest, TasksOfAThreadRunInTheirOrder) {
  ScriptedMachine machine;
  Loop loop(machine);
  std::vector<int> seen;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) loop.post([&seen, i](base::Now) { seen.push_back(i); });
    loop.post([&loop](base::Now) { loop.stop(0); });
  });
  loop.run();
  other.join();
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST_F(LoopTest, WhoeverOutlivesTheLoopMayStillCallIt) {
  ScriptedMachine machine;
  std::function<void()> wake;
  std::function<void(Task)> post;
  {
    Loop loop(machine);
    wake = loop.waker();
    post = loop.poster();
  }
  wake();
  post([](base::Now) { FAIL() << "there is no loop to run this"; });
}

TEST_F(LoopTest, SignalsAreEvents) {
  ScriptedMachine machine;
  Loop loop(machine);
  std::vector<int> seen;
  loop.on_signal({SIGUSR1, SIGUSR2}, [&](int signal, base::Now) {
    seen.push_back(signal);
    if (seen.size() == 1) std::raise(SIGUSR2);
    if (seen.size() == 2) loop.stop(0);
  });
  std::raise(SIGUSR1);
  EXPECT_EQ(loop.run(), 0);
  EXPECT_EQ(seen, (std::vector<int>{SIGUSR1, SIGUSR2}));
}

}  // namespace confab::io
