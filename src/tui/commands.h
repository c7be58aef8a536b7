// SPDX-License-Identifier: MIT
// The subcommands that ask one thing and end: send, history, search, rooms, who; and tail, which goes on.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tui/conversation.h"

namespace confab::tui {

/// `confab send`: ends when every message is stored.
class SendCommand final : public Conversation {
 public:
  /// After this long without a word that it is stored, the run ends as unreachable.
  static constexpr base::Duration patience = std::chrono::seconds(30);

  SendCommand(client::Client& client, std::string room, std::vector<std::string> texts, bool json)
      : Conversation(client), room_(std::move(room)), texts_(std::move(texts)), json_(json) {}

  void start() override;
  void hear(const Event& event, base::Now now) override;
  void caught_up() override;
  void input(std::string_view, base::Now) override {}
  void wake(base::Now now) override;
  base::Instant next_deadline() const override { return deadline_; }

 private:
  std::string room_;
  std::vector<std::string> texts_;
  bool json_;
  base::Instant deadline_ = base::at_once;  // set in the first wake()
  bool refused_ = false;
};

struct ReadCommandOptions {
  std::string room;
  Start start;
  bool follow = false;             ///< tail
  std::vector<std::string> words;  ///< search: only messages that contain them all, whatever their case
  bool json = false;
};

/// `confab history`, `search`, `tail`.
class ReadCommand final : public Conversation {
 public:
  ReadCommand(client::Client& client, ReadCommandOptions options);

  void start() override;
  void hear(const Event& event, base::Now now) override;
  void input(std::string_view, base::Now) override {}

 private:
  bool matches(const Event& event) const;

  ReadCommandOptions options_;  // words folded
};

/// `confab rooms`, `confab who`.
class ListCommand final : public Conversation {
 public:
  enum class What { rooms, members };
  ListCommand(client::Client& client, What what, std::string room, bool json)
      : Conversation(client), what_(what), room_(std::move(room)), json_(json) {}

  void start() override;
  void hear(const Event& event, base::Now now) override;
  void input(std::string_view, base::Now) override {}

 private:
  What what_;
  std::string room_;
  bool json_;
};

}  // namespace confab::tui
