// SPDX-License-Identifier: MIT
// `confab` with a pipe at its stdin: each line of input is one message for the first room, sent as it stands (no
// commands: a log that is piped in may contain anything); what others say comes out, one line each. At the end of input
// it waits until all it sent is stored; where the server is not there it leaves the lines to the next run.
#pragma once

#include <chrono>
#include <optional>
#include <set>
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
  /// Lines that wait for a server that is there before stdin is read on.
  static constexpr std::size_t unsettled_max = 1000;
  /// At the end of input, how long it waits for a word on any line.
  static constexpr base::Duration patience = std::chrono::seconds(30);

  Filter(client::Client& client, FilterOptions options) : Conversation(client), options_(std::move(options)) {}

  void start() override;
  void hear(const Event& event, base::Now now) override;
  void input(std::string_view bytes, base::Now now) override;
  bool wants_input() const override;
  void caught_up() override;
  void interrupt(int exit_code) override { interrupted_ = exit_code; }
  void wake(base::Now now) override;
  base::Instant next_deadline() const override { return give_up_at_; }

 private:
  void hear_link(const Link& link, base::Now now);
  void hear_status(const Status& status, base::Now now);
  void take_part(std::string_view part);
  void end_line();
  std::string why_it_waits() const;
  void be_patient(base::Now now);

  FilterOptions options_;
  std::string partial_;        // the line whose end has not been read yet
  bool too_long_ = false;      // it is: what is left of it is dropped
  std::set<std::string> own_;  // ids of lines that are not settled; others are of an earlier run
  bool at_end_ = false;
  bool refused_ = false;
  std::string offline_;                     // why there is no link; empty: there is, or nobody has said yet
  std::string put_off_;                     // the server's reason why lines have to wait, as told last
  base::Instant give_up_at_ = base::never;  // set at the end of input
  bool given_up_ = false;
  std::optional<int> interrupted_;  // with what exit code the run is to end
};

}  // namespace confab::tui
