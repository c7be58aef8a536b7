// SPDX-License-Identifier: MIT
#include "disk_probe.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/error.h"
#include "io/fd.h"

namespace confab::bench {

std::expected<Histogram, std::string> probe_disk(const std::filesystem::path& directory, int times) {
  const std::filesystem::path path = directory / "probe";
  const io::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return std::unexpected(io::make_error("open " + path.string(), errno).text);
  const std::array<char, 4096> page{};
  Histogram taken;
  for (int i = 0; i < times; ++i) {
    const base::Instant before = io::read_clocks().instant;
    if (::write(file.get(), page.data(), page.size()) < 0 || ::fdatasync(file.get()) != 0) {
      return std::unexpected(io::make_error("write " + path.string(), errno).text);
    }
    taken.record(io::read_clocks().instant - before);
  }
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return taken;
}

}  // namespace confab::bench
