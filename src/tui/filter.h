// SPDX-License-Identifier: MIT
// `confab` with a pipe at its stdin: each line of input is one message for the first room, sent as it stands (no
// commands: a log that is piped in may contain anything); what others say comes out, one line each. At the end of input
// it waits until all it sent is stored.
#pragma once

#include <string>
#include <vector>

#include "tui/conversation.h"

namespace confab::tui {

struct FilterOptions {
  std::vector<std::string> rooms;  ///< at least one; the first is written to
  bool json = false;
};

class Filter final : public Conversation {
 public:
  /// Lines that wait for the server before stdin is read on.
  static constexpr std::size_t unsettled_max = 1000;

  Filter(client::Client& client, FilterOptions options) : Conversation(client), options_(std::move(options)) {}

  void start() override;
  void hear(const Event& event, base::Now now) override;
  void input(std::string_view bytes, base::Now now) override;
  bool wants_input() const override { return !at_end_ && client_.unsettled() < unsettled_max; }
  void caught_up() override;

 private:
  void send_line(std::string_view line);

  FilterOptions options_;
  std::string partial_;  // the line whose end has not been read yet
  bool at_end_ = false;
  bool refused_ = false;
};

}  // namespace confab::tui
