// SPDX-License-Identifier: MIT
#include "io/fifo.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace confab::io {

namespace {

/// A share of a turn; the rest comes in the next. Each line in it may cost more than a line's reading.
constexpr std::size_t chunk_bytes = 1024;

/// Why this is not to be read, if so.
std::string_view objection_to(const struct stat& status) {
  if (!S_ISFIFO(status.st_mode)) return "it is no FIFO";
  if (status.st_uid != ::geteuid()) return "it is another user's";
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "others may write into it (chmod 600 mends that)";
  return {};
}

IoError refusal(const std::string& path, std::string_view why) {
  return {EINVAL, fmt::format("cannot read messages from {}: {}", path, why)};
}

}  // namespace

std::expected<std::unique_ptr<Fifo>, IoError> Fifo::open(Loop& loop, const std::string& path, LineHandler handler) {
  const auto failed = [&path] { return std::unexpected(make_error(fmt::format("open the FIFO {}", path), errno)); };
  if (::mkfifo(path.c_str(), 0600) != 0 && errno != EEXIST) return failed();
  // Looked at before it is opened, for that alone can do something to a device, and after, for it may be another by
  // then.
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return failed();
  if (const auto why = objection_to(status); !why.empty()) return std::unexpected(refusal(path, why));
  // For writing, too: so there is always a writer, and the last one that leaves is no end.
  Fd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
  if (!fd || ::fstat(fd.get(), &status) != 0) return failed();
  if (const auto why = objection_to(status); !why.empty()) return std::unexpected(refusal(path, why));
  try {
    return std::unique_ptr<Fifo>(new Fifo(loop, std::move(fd), std::move(handler)));
  } catch (const std::system_error& error) {
    return std::unexpected(
        IoError{error.code().value(), fmt::format("cannot watch {}: {}", path, error.code().message())});
  }
}

Fifo::Fifo(Loop& loop, Fd fd, LineHandler handler) : loop_(loop), fd_(std::move(fd)), handler_(std::move(handler)) {
  watch();
}

Fifo::~Fifo() { loop_.unwatch(fd_.get()); }

void Fifo::watch() {
  loop_.watch(fd_.get(), [this](base::Now now) { read(now); });
}

void Fifo::pause() {
  if (!std::exchange(paused_, true)) loop_.unwatch(fd_.get());
}

void Fifo::resume() {
  if (!paused_) return;
  paused_ = false;
  try {
    watch();
  } catch (const std::system_error&) {
    paused_ = true;  // there is no descriptor to watch it with: the next call may have more luck
  }
}

void Fifo::read(base::Now now) {
  std::array<char, chunk_bytes> chunk;
  const ssize_t count = ::read(fd_.get(), chunk.data(), chunk.size());
  for (ssize_t i = 0; i < count; ++i) take(chunk[static_cast<std::size_t>(i)], now);
}

void Fifo::take(char byte, base::Now now) {
  if (byte == '\n') {
    const std::string line = std::exchange(line_, {});
    if (!std::exchange(too_long_, false)) handler_(line, now);
    return;
  }
  too_long_ = too_long_ || line_.size() == line_bytes_max;
  if (too_long_) {
    line_.clear();
  } else {
    line_ += byte;
  }
}

}  // namespace confab::io
