// SPDX-License-Identifier: MIT
// What a run of `confab` without the full screen consists of: the client (QUIC or the toy's), the conversation (line
// mode, filter, subcommand) and what is kept on disk, as the settings choose them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/log.h"
#include "client/client.h"
#include "client_options.h"
#include "io/random.h"
#include "runtime/gatekeeper.h"
#include "runtime/local_store.h"
#include "runtime/profile.h"
#include "tui/commands.h"
#include "tui/line_mode.h"
#include "tui/status_command.h"

namespace confab::apps {

/// The parts refer to each other: it stays where it is. Not thread-safe.
class Parts {
 public:
  Parts(ClientSettings settings, runtime::Profile profile);
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  /// The first of all. What is sent must outlive us, and a room opens with what was seen of it. A program that cannot
  /// have that says so and chats all the same.
  void open_local_store();
  /// The client and the conversation. `waits`: the client connects to nobody until a name was given.
  void make(bool waits);
  /// Where the server is, before the client is given ways to it: whoever answers at this machine itself is trusted.
  void found(const std::vector<base::Address>& addresses);

  const ClientSettings& settings() const { return settings_; }
  /// A person at a terminal, who can be asked.
  bool is_interactive() const { return interactive_; }
  bool needs_name() const;
  bool lacks_name() const { return needs_name() && settings_.name.empty() && !interactive_; }
  /// Whether the line being typed may be drawn: what goes into a pipe or file is lines alone.
  bool draws() const;

  // Once they are made.
  client::Client& client() { return *client_; }
  tui::Conversation& conversation() { return *conversation_; }
  /// The conversation, where it is one; else nullptr.
  tui::LineMode* line_mode() { return line_mode_; }

  /// Why the server's key was not trusted.
  std::string trust_complaint() const { return gatekeeper_->complaint(); }
  void remember_name(const std::string& name);
  /// What was typed at a prompt is there for the next run's.
  void remember_typed();

 private:
  std::unique_ptr<client::Client> make_client(bool waits);
  std::unique_ptr<tui::Conversation> make_conversation();
  std::unique_ptr<tui::Conversation> make_line_mode();
  tui::StatusOptions status_options();
  tui::ReadCommandOptions read_options() const;

  ClientSettings settings_;
  runtime::Profile profile_;
  std::optional<runtime::Gatekeeper> gatekeeper_;  // once it is known where the server is
  bool interactive_;
  io::SystemRandom random_;
  base::NullLog log_;
  std::unique_ptr<runtime::LocalStore> local_store_;
  std::unique_ptr<client::Client> client_;
  std::unique_ptr<tui::Conversation> conversation_;
  tui::LineMode* line_mode_ = nullptr;
};

/// Of the terminal at stdout.
tui::ScreenSize screen_size();

}  // namespace confab::apps
