// SPDX-License-Identifier: MIT
// Joins the parts of a run to sockets, clocks, the terminal and the three standard streams.
#pragma once

#include <optional>
#include <string>

#include "children.h"
#include "io/loop.h"
#include "io/terminal.h"
#include "parts.h"

namespace confab::apps {

/// One run, on the thread that calls it. Both answer the exit code, and throw std::system_error where the system has no
/// descriptors for the loop.
class Program {
 public:
  /// `parts` must outlive it.
  explicit Program(Parts& parts) : parts_(parts) {}

  int run();
  /// Where not even an address of the server is to be had: what can be done without one.
  int run_offline(const std::string& why);

 private:
  int queue_messages(const std::string& why);
  int turn_until_the_end(io::Loop& loop);
  void watch(io::Loop& loop, std::optional<io::RawTerminal>& terminal);
  void finish_turn(io::Loop& loop, std::optional<io::RawTerminal>& terminal);
  void write_out(io::Loop& loop);
  int conclude(int code);

  Parts& parts_;
  bool broken_ = false;  // our stdout cannot be written: that is the run's result
  bool deaf_ = false;    // nobody reads our stdout any more
  Children children_{
      [this](const prefs::ChildOutput& output, base::Now now) { parts_.line_mode()->hear_child(output, now); }};
};

}  // namespace confab::apps
