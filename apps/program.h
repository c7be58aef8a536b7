// SPDX-License-Identifier: MIT
// Joins the parts of a run to sockets, clocks, the terminal and the three standard streams.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "children.h"
#include "io/loop.h"
#include "io/terminal.h"
#include "parts.h"

namespace confab::apps {

/// One run, on the thread that calls it.
class Program {
 public:
  /// `parts` must outlive it.
  explicit Program(Parts& parts) : parts_(parts) {}

  /// Answers the exit code. Throws std::system_error where the system has no descriptors for the loop.
  int run();

 private:
  int converse(const std::optional<std::vector<base::Address>>& addresses);
  int run_offline(const std::string& why);
  std::expected<void, std::string> use(io::Loop& loop, const std::vector<base::Address>& addresses);
  void look_for_server(io::Loop& loop);
  void hear_link(Link::State state, const std::string& why);
  int queue_messages(const std::string& why);
  int turn_until_the_end(io::Loop& loop);
  void watch(io::Loop& loop, std::optional<io::RawTerminal>& terminal);
  void finish_turn(io::Loop& loop, std::optional<io::RawTerminal>& terminal);
  void write_out(io::Loop& loop);
  int conclude(int code);

  Parts& parts_;
  std::string not_found_;  // why the server's name is none, as told last
  bool broken_ = false;    // our stdout cannot be written: that is the run's result
  bool deaf_ = false;      // nobody reads our stdout any more
  Children children_{
      [this](const prefs::ChildOutput& output, base::Now now) { parts_.line_mode()->hear_child(output, now); }};
};

}  // namespace confab::apps
