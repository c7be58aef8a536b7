// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/random.h"

namespace confab::io {

/// The kernel's generator, fit for keys. Small draws (connection ids, message ids) come from a buffer, so that most
/// cost no system call; what was drawn is wiped from it. Throws std::system_error where the kernel has no randomness to
/// give.
class SystemRandom final : public base::Random {
 public:
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::array<std::uint8_t, 256> buffer_{};
  std::size_t used_ = buffer_.size();
};

}  // namespace confab::io
