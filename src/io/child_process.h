// SPDX-License-Identifier: MIT
// A program that is run beside ours: what it prints comes in through the loop, and it ends when it has, or when it has
// used up what it was given.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/time.h"
#include "io/error.h"
#include "io/fd.h"
#include "io/loop.h"

namespace confab::io {

struct ChildOptions {
  std::vector<std::string> argv;         ///< the first is a path
  std::vector<std::string> environment;  ///< "NAME=value", before those of this process
  std::string input;                     ///< all of its stdin
  std::size_t output_bytes_max = 64 * 1024;
  base::Duration time_max = std::chrono::seconds(10);
};

struct ChildEnd {
  int exit_code = 0;      ///< 128 + the signal where one ended it
  std::string complaint;  ///< a limit that it passed; else empty
};

/// A session of its own, without a terminal: it can neither read our keys nor stop us. Its destructor kills it with all
/// that it started and is still in its session's group, and leaves no zombie. Lives on the loop's thread, and not
/// longer than the loop.
class ChildProcess {
 public:
  /// What comes on stdout and stderr, in its order, as bytes; beyond output_bytes_max it is dropped.
  using OutputHandler = std::function<void(std::string_view bytes, base::Now now)>;
  /// Called once, last. It may destroy the object.
  using EndHandler = std::function<void(const ChildEnd& end, base::Now now)>;

  /// Fails where the program cannot be started; then no handler is called.
  static std::expected<std::unique_ptr<ChildProcess>, IoError> start(Loop& loop, const ChildOptions& options,
                                                                     OutputHandler on_output, EndHandler on_end);
  ~ChildProcess();

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

 private:
  ChildProcess(Loop& loop, const ChildOptions& options, OutputHandler on_output, EndHandler on_end);

  enum class Reading { some, nothing_yet, end };

  void read_output(base::Now now);
  Reading read_some(base::Now now);
  void time_is_up();
  void reap(base::Now now);
  void kill_group() const;
  void watch();
  void unwatch();

  Loop& loop_;
  OutputHandler on_output_;
  EndHandler on_end_;
  std::size_t output_left_;
  base::Duration time_max_;
  std::string complaint_;
  pid_t pid_ = -1;  ///< -1: reaped
  Fd output_;
  Fd exited_;  ///< pidfd: readable once it is a zombie
  Fd timer_;
};

}  // namespace confab::io
