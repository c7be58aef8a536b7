// SPDX-License-Identifier: MIT
#include "screen_server.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/connect.h"
#include "version.h"

namespace confab::apps {

ScreenServer::ScreenServer(ScreenServerOptions options, runtime::Profile& profile)
    : options_(std::move(options)), profile_(profile) {
  if (options_.name.empty()) options_.name = profile_.name();
  auto store = runtime::LocalStore::open(profile_.directory(), options_.link.target());
  if (store) {
    store_ = std::move(*store);
  } else {
    complaint_ = fmt::format("what you send is not kept on this machine: {}", store.error());
  }
  client::QuicClientOptions client;
  client.server_name = runtime::server_name(options_.link);
  client.name = options_.name;
  client.agent = fmt::format("confab {}", version);
  client.wait_for_name = options_.name.empty();
  client.outbox = store_ ? &store_->outbox() : nullptr;
  client.history = store_ ? &store_->history() : nullptr;
  client.trust = [this](const net::PeerCertificate& certificate) { return gatekeeper_->trust(certificate); };
  client_ = std::make_unique<client::QuicClient>(std::move(client), profile_.key(), random_, log_);
}

screen::ServerSetup ScreenServer::setup() {
  return {.client = client_.get(),
          .label = options_.link.target(),
          .name = options_.name,
          .rooms = options_.rooms,
          .judge_key = [this] { return gatekeeper_->last_answer(); },
          .accept_key = [this] { gatekeeper_->accept(); },
          .on_named = [this](const std::string& name) { std::ignore = profile_.remember_name(name); }};
}

void ScreenServer::use(io::Loop& loop, const std::vector<base::Address>& addresses, const Found& found) {
  const bool near = std::ranges::all_of(addresses, &base::Address::is_loopback);
  gatekeeper_.emplace(options_.link, profile_, options_.accept_new || near);
  const auto paths = runtime::open_sockets(loop, addresses);
  if (!paths) return found(std::unexpected(paths.error()));
  std::vector<base::Address> locals;
  for (const base::Path& path : *paths) locals.push_back(path.local);
  found(std::move(locals));
  client_->set_paths(*paths);
}

void ScreenServer::resolve(io::Loop& loop, Found found) {
  runtime::keep_resolving(loop, options_.link, [this, &loop, found = std::move(found)](auto addresses) {
    addresses ? use(loop, *addresses, found) : found(std::unexpected(addresses.error()));
  });
}

}  // namespace confab::apps
