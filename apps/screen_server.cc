// SPDX-License-Identifier: MIT
#include "screen_server.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "runtime/connect.h"
#include "version.h"

namespace confab::apps {

namespace {

/// Between two tries to resolve a name.
constexpr std::chrono::seconds resolve_pause{3};

}  // namespace

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
  const bool is_address = runtime::server_name(options_.link).empty();
  if (is_address) {
    const auto addresses = runtime::resolve(options_.link);
    return addresses ? use(loop, *addresses, found) : found(std::unexpected(addresses.error()));
  }
  // Not joined: a look-up cannot be stopped, and a program that ends must not wait for it. What it posts to a loop that
  // is gone is dropped; `this` and `loop` are touched by the loop's tasks alone.
  std::thread([this, &loop, link = options_.link, found = std::move(found), post = loop.poster()] {
    while (true) {
      auto addresses = runtime::resolve(link);
      const bool good = addresses.has_value();
      post([this, &loop, found, addresses = std::move(addresses)](base::Now) {
        addresses ? use(loop, *addresses, found) : found(std::unexpected(addresses.error()));
      });
      if (good) return;
      std::this_thread::sleep_for(resolve_pause);
    }
  }).detach();
}

}  // namespace confab::apps
