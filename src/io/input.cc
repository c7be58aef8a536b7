// SPDX-License-Identifier: MIT
#include "io/input.h"

#include <cerrno>
#include <system_error>

#include <poll.h>
#include <sys/epoll.h>

namespace confab::io {

namespace {

/// An epoll instance that watches `fd` alone is readable exactly when `fd` is. The kernel refuses files that never
/// block.
Fd watch(int fd) {
  Fd watcher(::epoll_create1(EPOLL_CLOEXEC));
  if (!watcher) throw std::system_error(errno, std::generic_category(), "cannot watch the input");
  epoll_event event{};
  event.events = EPOLLIN;
  if (::epoll_ctl(watcher.get(), EPOLL_CTL_ADD, fd, &event) != 0) return {};
  return watcher;
}

bool is_ready(int fd) {
  pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, 0) > 0;
}

}  // namespace

Input::Input(int fd)
    : fd_(fd), signal_(watch(fd)), chunk_(std::make_unique_for_overwrite<std::uint8_t[]>(chunk_bytes)) {}

std::optional<base::ByteView> Input::read() {
  if (signal_ && !is_ready(fd_)) return std::nullopt;
  const ssize_t count = ::read(fd_, chunk_.get(), chunk_bytes);
  if (count >= 0) return base::ByteView(chunk_.get(), static_cast<std::size_t>(count));
  if (errno == EINTR || errno == EAGAIN) return std::nullopt;
  return base::ByteView();
}

}  // namespace confab::io
