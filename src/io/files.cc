// SPDX-License-Identifier: MIT
#include "io/files.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/fd.h"

namespace confab::io {

namespace {

std::unexpected<IoError> error(std::string_view what, const std::string& path, int number) {
  return std::unexpected(make_error(fmt::format("{} {}", what, path), number));
}

/// 0 or an errno.
int write_whole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return path.substr(0, std::max<std::size_t>(slash, 1));
}

int sync_directory(const std::string& directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0 ? 0 : errno;
}

int write_and_sync(const Fd& fd, std::string_view contents, mode_t mode) {
  if (::fchmod(fd.get(), mode) != 0) return errno;
  if (const int number = write_whole(fd.get(), contents); number != 0) return number;
  return ::fsync(fd.get()) == 0 ? 0 : errno;
}

/// Writes and syncs a file beside `path` and has `place` move it there; answers false with errno where it cannot.
template <typename Place>
std::expected<void, IoError> put_in_place(const std::string& path, std::string_view contents, mode_t mode,
                                          const Place& place) {
  std::string temporary = path + ".XXXXXX";
  const Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return error("write", path, errno);
  int number = write_and_sync(fd, contents, mode);
  if (number == 0 && !place(temporary.c_str())) number = errno;
  if (number != 0) {
    ::unlink(temporary.c_str());
    return error("write", path, number);
  }
  // Whether the name is durable is the directory's to say.
  if (number = sync_directory(directory_of(path)); number != 0) return error("write", path, number);
  return {};
}

bool lacks_line_feed(const Fd& fd) {
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0 || status.st_size == 0) return false;
  char last = 0;
  return ::pread(fd.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
}

bool is_directory(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

std::expected<std::string, IoError> read_file(const std::string& path, std::size_t bytes_max) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return error("read", path, errno);
  std::string contents;
  while (contents.size() <= bytes_max) {
    char chunk[4096];
    const ssize_t count = ::read(fd.get(), chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return error("read", path, errno);
    if (count == 0) return contents;
    contents.append(chunk, static_cast<std::size_t>(count));
  }
  return error("read", path, EFBIG);
}

std::expected<void, IoError> write_file_atomically(const std::string& path, std::string_view contents, mode_t mode) {
  return put_in_place(path, contents, mode,
                      [&path](const char* temporary) { return ::rename(temporary, path.c_str()) == 0; });
}

std::expected<void, IoError> create_file(const std::string& path, std::string_view contents, mode_t mode) {
  return put_in_place(path, contents, mode, [&path](const char* temporary) {
    // Unlike rename(), link() never replaces what is there.
    return ::link(temporary, path.c_str()) == 0 && ::unlink(temporary) == 0;
  });
}

std::expected<void, IoError> append_line(const std::string& path, std::string_view line, mode_t mode) {
  assert(!line.contains('\n'));
  const Fd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, mode));
  if (!fd) return error("write", path, errno);
  const std::string text = fmt::format("{}{}\n", lacks_line_feed(fd) ? "\n" : "", line);
  if (const int number = write_whole(fd.get(), text); number != 0) return error("write", path, number);
  if (::fsync(fd.get()) != 0) return error("write", path, errno);
  return {};
}

std::expected<void, IoError> make_directories(const std::string& path, mode_t mode) {
  if (is_directory(path)) return {};
  if (const std::string parent = directory_of(path); parent != path) {
    if (const auto made = make_directories(parent, mode); !made) return made;
  }
  if (::mkdir(path.c_str(), mode) == 0) return {};
  const int number = errno;
  if (number == EEXIST && is_directory(path)) return {};  // another process was as quick, or `path` ends in a slash
  return error("make directory", path, number);
}

}  // namespace confab::io
