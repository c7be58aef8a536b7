// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "io/fd.h"

namespace confab::io {

/// Reads a terminal, pipe, socket or file that others may be using too: a shell shares its terminal's open file, flags
/// and all, with every program it starts. So the descriptor is never made non-blocking; instead nothing is read before
/// poll() says that something is there.
class Input {
 public:
  /// Borrows `fd`. Throws std::system_error where the system has no descriptor left.
  explicit Input(int fd);

  /// A descriptor that becomes readable when the input does and that an event loop may do with as it likes; none
  /// (false) for what never makes anybody wait: regular files, /dev/null.
  const Fd& signal() const { return signal_; }

  /// The next bytes, valid until the next call; empty at the end of the input and for one that fails (a terminal that
  /// was hung up, a descriptor that is closed); nullopt when there is nothing yet.
  std::optional<base::ByteView> read();

 private:
  static constexpr std::size_t chunk_bytes = 16 * 1024;

  int fd_;
  Fd signal_;
  std::unique_ptr<std::uint8_t[]> chunk_;
};

}  // namespace confab::io
