// SPDX-License-Identifier: MIT
// The server's workers as threads, each with a loop and sockets of its own.
#pragma once

#include <deque>
#include <expected>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/address.h"
#include "base/log.h"
#include "io/loop.h"
#include "io/udp_socket.h"
#include "server/server.h"

namespace confab::apps {

/// The sockets of all workers: for each address one a worker.
struct Sockets {
  std::vector<std::vector<io::UdpSocket>> groups;
  std::size_t worker_count = 1;

  /// As many workers as wanted, or one where the system does not steer (io/udp_socket.h); the error is for people.
  static std::expected<Sockets, std::string> open(const std::vector<base::Address>& addresses,
                                                  std::size_t worker_count);
};

/// Used by the main thread, which is worker 0.
class WorkerThreads {
 public:
  /// The server and the log must outlive it. Throws std::system_error where the system has no descriptors for loops.
  WorkerThreads(server::Server& server, Sockets sockets, base::Log& log);
  /// Stops those that run.
  ~WorkerThreads();

  io::Loop& main_loop() { return loops_.front(); }
  /// May be called by any thread: the worker takes a turn soon.
  std::function<void()> waker(std::size_t worker) const { return loops_.at(worker).waker(); }

  /// Runs until the main loop is stopped, whose code it answers; when it returns all have said their goodbyes.
  int run();

 private:
  void run_worker(std::size_t number);
  void stop_others();

  base::Log& log_;
  std::deque<io::Loop> loops_;
  std::vector<std::thread> threads_;
};

}  // namespace confab::apps
