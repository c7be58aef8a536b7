// SPDX-License-Identifier: MIT
// One server of the full screen: its client, with what that stands on.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "client/quic_client.h"
#include "io/loop.h"
#include "io/random.h"
#include "runtime/gatekeeper.h"
#include "runtime/local_store.h"
#include "runtime/profile.h"
#include "screen/server_view.h"
#include "server_choice.h"

namespace confab::apps {

/// The client waits until resolve() has found addresses, so that the screen stands at once, whatever the network does.
/// Lives on the loop's thread; stays where it is.
class ScreenServer {
 public:
  /// `profile` must outlive it.
  ScreenServer(ScreenServerOptions options, runtime::Profile& profile);
  ScreenServer(const ScreenServer&) = delete;
  ScreenServer& operator=(const ScreenServer&) = delete;

  client::Client& client() { return *client_; }
  screen::ServerSetup setup();
  /// Of local.db: messages are not kept then.
  const std::string& complaint() const { return complaint_; }
  std::string trust_complaint() const { return gatekeeper_ ? gatekeeper_->complaint() : std::string(); }

  /// Called on the loop's thread with the sockets' local addresses, or with why the name cannot be resolved; then it is
  /// tried again.
  using Found = std::function<void(std::expected<std::vector<base::Address>, std::string> locals)>;
  /// Names are looked up on a thread of their own, which may wait for the network as long as it likes.
  void resolve(io::Loop& loop, Found found);

 private:
  void use(io::Loop& loop, const std::vector<base::Address>& addresses, const Found& found);

  ScreenServerOptions options_;
  runtime::Profile& profile_;
  io::SystemRandom random_;
  base::NullLog log_;
  std::string complaint_;
  std::unique_ptr<runtime::LocalStore> store_;
  std::optional<runtime::Gatekeeper> gatekeeper_;  // once it is known where the server is
  std::unique_ptr<client::QuicClient> client_;
};

}  // namespace confab::apps
