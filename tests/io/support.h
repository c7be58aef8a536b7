// SPDX-License-Identifier: MIT
// What the tests of this room share: a machine made of lambdas, and sockets that can be waited for.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/machine.h"
#include "io/receive_batch.h"
#include "io/udp_socket.h"

namespace confab::io {

inline const base::Address loopback = base::Address::v4(127, 0, 0, 1, 0);

/// Waits here are for events; whoever waits longer than this in vain is ended by SIGALRM.
constexpr unsigned hang_s_max = 60;

class IoTest : public testing::Test {
 protected:
  IoTest() { ::alarm(hang_s_max); }
  ~IoTest() override { ::alarm(0); }
};

/// The undefined-behaviour sanitizer looks at objects through descriptors of its own, and takes them for none without.
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
constexpr bool descriptors_may_run_out = false;
#else
constexpr bool descriptors_may_run_out = true;
#endif
#else
constexpr bool descriptors_may_run_out = true;
#endif

/// While it lives, the process may open none beyond the first `limit`.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t limit) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{.rlim_cur = limit, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

/// Does what its functions say, and nothing where there is none.
struct ScriptedMachine final : base::Machine {
  void receive(const base::Datagram& datagram, base::Now now) override {
    if (on_receive) on_receive(datagram, now);
  }
  void unreachable(const base::Path& path, base::Now now) override {
    if (on_unreachable) on_unreachable(path, now);
  }
  void wake(base::Now now) override {
    if (on_wake) on_wake(now);
  }
  void transmit(base::DatagramSink& sink, base::Now now) override {
    if (on_transmit) on_transmit(sink, now);
  }
  base::Instant next_deadline() const override { return deadline; }

  std::function<void(const base::Datagram&, base::Now)> on_receive;
  std::function<void(const base::Path&, base::Now)> on_unreachable;
  std::function<void(base::Now)> on_wake;
  std::function<void(base::DatagramSink&, base::Now)> on_transmit;
  base::Instant deadline = base::never;
};

/// False: the sink had no room.
inline bool put(base::DatagramSink& sink, const base::Path& path, std::string_view bytes,
                std::size_t segment_size = 65'535, std::uint8_t ecn = 0) {
  const auto room = sink.buffer();
  if (room.empty()) return false;
  std::ranges::copy(bytes, room.begin());
  sink.commit(path, ecn, bytes.size(), segment_size);
  return true;
}

struct Arrived {
  std::string text;
  base::Path path;
  int ecn = 0;
};

/// Waits until `count` datagrams have come.
inline std::vector<Arrived> receive(const UdpSocket& socket, std::size_t count) {
  ReceiveBatch batch;
  std::vector<Arrived> arrived;
  while (arrived.size() < count) {
    pollfd entry{.fd = socket.fd(), .events = POLLIN, .revents = 0};
    ::poll(&entry, 1, -1);
    const auto take = [&arrived](const base::Datagram& datagram) {
      arrived.push_back({std::string(base::as_text(datagram.bytes)), datagram.path, datagram.ecn});
    };
    batch.receive(socket, take, [](const base::Path&) {});
  }
  return arrived;
}

/// A directory that goes with its test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "confab-io-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace confab::io
