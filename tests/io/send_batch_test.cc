// SPDX-License-Identifier: MIT
#include "io/send_batch.h"

#include <atomic>
#include <cerrno>
#include <functional>
#include <utility>

#include <gtest/gtest.h>
#include <netinet/udp.h>
#include <sys/syscall.h>

#include "io/loop.h"
#include "io/support.h"

namespace {

/// 0, or the error with which the kernel is to refuse this message.
std::function<int(const msghdr&)> refusal;
std::atomic<int> sendmmsg_calls = 0;

}  // namespace

/// Stands before the C library's: what no real network does when asked to, a test can have it do. As the kernel does,
/// it sends what stands before the first refused message, and answers with an error only if that is none.
extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  ++sendmmsg_calls;
  for (unsigned i = 0; refusal && i < count; ++i) {
    const int error = refusal(messages[i].msg_hdr);
    if (error == 0) continue;
    if (i == 0) {
      errno = error;
      return -1;
    }
    count = i;
  }
  return static_cast<int>(::syscall(SYS_sendmmsg, fd, messages, count, flags));
}

namespace confab::io {

namespace {

class SendBatchTest : public IoTest {
 protected:
  ~SendBatchTest() override { refusal = nullptr; }
  SendBatchTest() {
    batch.add_socket(sender);
    sendmmsg_calls = 0;
  }

  UdpSocket sender = *UdpSocket::open(loopback);
  UdpSocket receiver = *UdpSocket::open(loopback);
  SendBatch batch;
  base::Path path{sender.local(), receiver.local()};
};

std::vector<std::string> texts(const std::vector<Arrived>& arrived) {
  std::vector<std::string> result;
  for (const Arrived& datagram : arrived) result.push_back(datagram.text);
  return result;
}

bool is_train(const msghdr& message) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(const_cast<msghdr*>(&message), control)) {
    if (control->cmsg_level == SOL_UDP && control->cmsg_type == UDP_SEGMENT) return true;
  }
  return false;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_F(SendBatchTest, DatagramsArriveInTheirOrder) {
  for (const char* text : {"one", "two", "three"}) put(batch, path, text);
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(texts(receive(receiver, 3)), (Texts{"one", "two", "three"}));
}

TEST_F(SendBatchTest, ATrainArrivesAsDatagramsOfItsSegmentSize) {
  put(batch, path, "aaaabbbbcc", 4);
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(texts(receive(receiver, 3)), (Texts{"aaaa", "bbbb", "cc"}));
}

TEST_F(SendBatchTest, ALongTrainOfFullPacketsArrivesWhole) {
  const std::string bytes(base::DatagramSink::train_bytes_max, 'x');
  put(batch, path, bytes, 1452);
  EXPECT_TRUE(batch.flush());
  const auto arrived = receive(receiver, 46);
  ASSERT_EQ(arrived.size(), 46U);
  for (std::size_t i = 0; i < 45; ++i) EXPECT_EQ(arrived[i].text.size(), 1452U);
  EXPECT_EQ(arrived[45].text.size(), bytes.size() - 45 * 1452);
}

TEST_F(SendBatchTest, ATrainOfMoreDatagramsThanTheKernelTakesAtOnceIsSplit) {
  refusal = [](const msghdr& message) { return message.msg_iov->iov_len > 64 * 10 ? EINVAL : 0; };
  put(batch, path, std::string(1000, 'x'), 10);
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(sendmmsg_calls, 1);
  EXPECT_EQ(receive(receiver, 100).size(), 100U);
  EXPECT_EQ(batch.datagrams_dropped(), 0U);
}

TEST_F(SendBatchTest, AnInterfaceThatTakesNoTrainsGetsSingleDatagramsAndIsNotAskedAgain) {
  int trains = 0;
  refusal = [&trains](const msghdr& message) { return is_train(message) ? ++trains, EIO : 0; };
  put(batch, path, "first");
  put(batch, path, "aaaabbbbcc", 4);
  put(batch, path, "last");
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(texts(receive(receiver, 5)), (Texts{"first", "aaaa", "bbbb", "cc", "last"}));

  const int trains_before = trains;
  put(batch, path, "ddddeeee", 4);
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(texts(receive(receiver, 2)), (Texts{"dddd", "eeee"}));
  EXPECT_EQ(trains, trains_before);
}

TEST_F(SendBatchTest, ATrainOfTooLargePacketsIsDroppedAndTheNextTrainGoesWhole) {
  int trains_sent = 0;
  refusal = [&trains_sent](const msghdr& message) {
    const bool train = is_train(message);
    const bool too_large = message.msg_iov->iov_len > 3000 || (!train && message.msg_iov->iov_len > 1000);
    if (train && !too_large) ++trains_sent;
    return too_large ? (train ? EINVAL : EMSGSIZE) : 0;
  };
  put(batch, path, std::string(4000, 'x'), 2000);
  put(batch, path, "aaaabbbb", 4);
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(texts(receive(receiver, 2)), (Texts{"aaaa", "bbbb"}));
  EXPECT_EQ(batch.datagrams_dropped(), 2U);
  EXPECT_GE(trains_sent, 1);
}

TEST_F(SendBatchTest, WhatTheNetworkRefusesIsDroppedAndTheRestGoesOn) {
  refusal = [](const msghdr& message) { return message.msg_iov->iov_len == 3 ? ENETUNREACH : 0; };
  for (const char* text : {"before", "bad", "after"}) put(batch, path, text);
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(texts(receive(receiver, 2)), (Texts{"before", "after"}));
  EXPECT_EQ(batch.datagrams_dropped(), 1U);
}

TEST_F(SendBatchTest, NewsOfALostDatagramCostsNotTheNext) {
  const base::Address closed = UdpSocket::open(loopback)->local();
  put(batch, {sender.local(), closed}, "lost");
  EXPECT_TRUE(batch.flush());
  put(batch, path, "next");
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(texts(receive(receiver, 1)), (Texts{"next"}));
  EXPECT_EQ(batch.datagrams_dropped(), 0U);
}

TEST_F(SendBatchTest, AFullKernelKeepsTheRestInOrder) {
  refusal = [](const msghdr& message) { return message.msg_iov->iov_len == 5 ? EAGAIN : 0; };
  for (const char* text : {"one", "two", "three", "four"}) put(batch, path, text);
  EXPECT_FALSE(batch.flush());
  EXPECT_TRUE(batch.is_blocked(0));
  EXPECT_EQ(texts(receive(receiver, 2)), (Texts{"one", "two"}));

  refusal = nullptr;
  EXPECT_TRUE(batch.flush());
  EXPECT_FALSE(batch.is_blocked(0));
  EXPECT_EQ(texts(receive(receiver, 2)), (Texts{"three", "four"}));
}

TEST_F(SendBatchTest, AFullSocketDoesNotHoldUpAnother) {
  const UdpSocket other = *UdpSocket::open(loopback);
  batch.add_socket(other);
  put(batch, path, "full");
  put(batch, {other.local(), receiver.local()}, "goes");
  put(batch, path, "waits");
  refusal = [refused = false](const msghdr&) mutable { return std::exchange(refused, true) ? 0 : EAGAIN; };
  EXPECT_FALSE(batch.flush());
  EXPECT_TRUE(batch.is_blocked(0));
  EXPECT_FALSE(batch.is_blocked(1));
  EXPECT_EQ(texts(receive(receiver, 1)), (Texts{"goes"}));
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(texts(receive(receiver, 2)), (Texts{"full", "waits"}));
}

TEST_F(SendBatchTest, AFullArenaWithAFullKernelTakesNoMore) {
  refusal = [](const msghdr&) { return EAGAIN; };
  int accepted = 0;
  while (accepted < 1000 && put(batch, path, "more")) ++accepted;
  EXPECT_LT(accepted, 1000);
  refusal = nullptr;
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(receive(receiver, static_cast<std::size_t>(accepted)).size(), static_cast<std::size_t>(accepted));
}

TEST_F(SendBatchTest, ManyDatagramsFlushThemselves) {
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(put(batch, path, std::to_string(i)));
  EXPECT_TRUE(batch.flush());
  const auto arrived = texts(receive(receiver, 200));
  EXPECT_EQ(arrived.front(), "0");
  EXPECT_EQ(arrived.back(), "199");
}

TEST_F(SendBatchTest, ADatagramOfNoSocketOfOursIsDropped) {
  put(batch, {base::Address::v4(127, 0, 0, 3, 1), receiver.local()}, "lost");
  EXPECT_TRUE(batch.flush());
  EXPECT_EQ(batch.datagrams_dropped(), 1U);
}

TEST_F(SendBatchTest, TheLoopGoesOnWhenTheKernelHasRoomAgain) {
  refusal = [left = 2](const msghdr&) mutable { return left > 0 ? --left, EAGAIN : 0; };
  ScriptedMachine machine;
  Loop loop(machine);
  const base::Address local = *loop.open_socket(loopback);
  bool sent = false;
  machine.on_transmit = [&](base::DatagramSink& sink, base::Now) {
    if (!sent) sent = put(sink, {local, local}, "to myself");
  };
  machine.on_receive = [&](const base::Datagram&, base::Now) { loop.stop(7); };
  EXPECT_EQ(loop.run(), 7);
}

}  // namespace confab::io
