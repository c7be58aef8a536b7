// SPDX-License-Identifier: MIT
// The subcommands that ask one thing and end: send, history, search, rooms, who; and tail, which goes on.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tui/conversation.h"

namespace confab::tui {

struct SendCommandOptions {
  std::string room;
  std::string text;
  std::optional<base::MessageId> id;  ///< none: a new one
  bool json = false;
};

/// `confab send`: ends when its message is stored; those that an earlier run left behind go out before it.
class SendCommand final : public Conversation {
 public:
  /// After this long without a word that it is stored, the run ends, and leaves the message to the next one.
  static constexpr base::Duration patience = std::chrono::seconds(30);

  SendCommand(client::Client& client, SendCommandOptions options)
      : Conversation(client), options_(std::move(options)) {}

  void start() override;
  void hear(const Event& event, base::Now now) override;
  void caught_up() override;
  void input(std::string_view, base::Now) override {}
  void interrupt(int exit_code) override { give_up(exit_code, "interrupted"); }
  void wake(base::Now now) override;
  base::Instant next_deadline() const override { return deadline_; }

 private:
  struct GivingUp {
    int exit_code;  // where the message cannot be kept
    std::string why;
  };
  void give_up(int exit_code, std::string why) { giving_up_ = GivingUp{exit_code, std::move(why)}; }

  SendCommandOptions options_;
  std::string id_;
  base::Instant deadline_ = base::at_once;  // set in the first wake()
  std::optional<GivingUp> giving_up_;       // when the turn is over
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
