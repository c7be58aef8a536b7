// SPDX-License-Identifier: MIT
// `confab status`: how it stands with a server, and what waits to be sent to it. It looks and changes nothing: it reads
// as an observer, and what is queued stays queued.
#pragma once

#include <string>
#include <vector>

#include "client/outbox_store.h"
#include "tui/conversation.h"

namespace confab::tui {

struct StatusOptions {
  std::string server;                      ///< host:port
  std::string name;                        ///< whose queue it is; empty: none is known
  std::vector<client::StoredEntry> queue;  ///< what waits, oldest first
  bool json = false;
};

/// What line mode and the command show of a link, a line each; empty values are left out.
std::string link_lines(const client::LinkInfo& info);

class StatusCommand final : public Conversation {
 public:
  StatusCommand(client::Client& client, StatusOptions options) : Conversation(client), options_(std::move(options)) {}

  void start() override {}
  void hear(const Event& event, base::Now now) override;
  void input(std::string_view, base::Now) override {}

 private:
  void report(const Link& link, base::Now now);
  std::string text_report(const Link& link, base::Now now) const;
  std::string json_report(const Link& link, base::Now now) const;

  StatusOptions options_;
};

}  // namespace confab::tui
