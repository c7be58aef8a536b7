// SPDX-License-Identifier: MIT
#include "io/random.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <sys/random.h>

namespace confab::io {

namespace {

void fill_from_kernel(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t count = ::getrandom(out.data(), out.size(), 0);
    if (count >= 0) {
      out = out.subspan(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
  }
}

}  // namespace

void SystemRandom::fill(std::span<std::uint8_t> out) {
  if (out.size() > buffer_.size() / 4) return fill_from_kernel(out);
  if (out.size() > buffer_.size() - used_) {
    fill_from_kernel(buffer_);
    used_ = 0;
  }
  std::memcpy(out.data(), buffer_.data() + used_, out.size());
  std::fill_n(buffer_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), std::uint8_t{0});
  used_ += out.size();
}

}  // namespace confab::io
