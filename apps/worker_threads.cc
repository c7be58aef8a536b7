// SPDX-License-Identifier: MIT
#include "worker_threads.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

#include <fmt/format.h>

namespace confab::apps {

namespace {

std::string describe_failure(const base::Address& address, const io::IoError& error) {
  const char* hint = error.error == EADDRINUSE      ? "; is another server running there? --listen chooses another port"
                     : error.error == EADDRNOTAVAIL ? "; this machine has no such address"
                     : error.error == EACCES        ? "; ports below 1024 need a privilege"
                                                    : "";
  return fmt::format("cannot listen on {}: {}{}", address.to_string(), io::describe(error.error), hint);
}

}  // namespace

std::expected<Sockets, std::string> Sockets::open(const std::vector<base::Address>& addresses,
                                                  std::size_t worker_count) {
  Sockets sockets{.groups = {}, .worker_count = worker_count};
  for (const base::Address& address : addresses) {
    auto group = io::UdpSocket::open_group(address, worker_count);
    if (!group) return std::unexpected(describe_failure(address, group.error()));
    sockets.worker_count = std::min(sockets.worker_count, group->size());
    sockets.groups.push_back(*std::move(group));
  }
  // Of a group that has one socket left, the kernel gives it all there is.
  for (auto& group : sockets.groups)
    group.erase(group.begin() + static_cast<std::ptrdiff_t>(sockets.worker_count), group.end());
  return sockets;
}

WorkerThreads::WorkerThreads(server::Server& server, Sockets sockets, base::Log& log) : log_(log) {
  for (std::size_t worker = 0; worker < sockets.worker_count; ++worker) {
    io::Loop& loop = loops_.emplace_back(server.worker(worker));
    server.set_waker(worker, loop.waker());
    for (auto& group : sockets.groups) {
      const auto added = loop.add_socket(std::move(group[worker]));
      if (!added) throw std::system_error(added.error().error, std::generic_category(), "cannot watch a socket");
    }
  }
}

WorkerThreads::~WorkerThreads() { stop_others(); }

int WorkerThreads::run() {
  for (std::size_t worker = 1; worker < loops_.size(); ++worker) {
    threads_.emplace_back([this, worker] { run_worker(worker); });
  }
  const int code = main_loop().run();
  stop_others();
  return code;
}

/// A worker that cannot go on takes the others with it: half a server would be worse than none.
void WorkerThreads::run_worker(std::size_t number) {
  try {
    loops_[number].run();
  } catch (const std::exception& error) {
    log_.error("server", "worker {} has failed: {}", number, error.what());
    main_loop().post([this](base::Now) { main_loop().stop(1); });
  }
}

void WorkerThreads::stop_others() {
  for (std::size_t worker = 1; worker < loops_.size(); ++worker) {
    io::Loop& loop = loops_[worker];
    loop.post([&loop](base::Now) { loop.stop(0); });
  }
  for (std::thread& thread : std::exchange(threads_, {})) thread.join();
}

}  // namespace confab::apps
