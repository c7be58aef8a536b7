// SPDX-License-Identifier: MIT
// include/confab/client.h: the client machine, a profile on disk, sockets and clocks in one object.
#include "confab/client.h"

#include <algorithm>
#include <csignal>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "client/quic_client.h"
#include "io/home.h"
#include "io/loop.h"
#include "io/random.h"
#include "runtime/connect.h"
#include "runtime/gatekeeper.h"
#include "runtime/local_store.h"
#include "runtime/profile.h"
#include "wire/limits.h"
#include "wire/names.h"

namespace confab {

namespace {

struct JoinWish {
  std::string room;
  Start start;
};

struct SendWish {
  base::MessageId id;
  std::string room;
  Content content;
};

}  // namespace

struct Client::Impl final : base::Machine {
  explicit Impl(Options wanted) : options(std::move(wanted)) {
    for (const std::string& room : options.rooms) joins.push_back({room, {}});
  }

  std::expected<void, Error> run();
  void hear(base::Now now);

  void receive(const base::Datagram& datagram, base::Now now) override { client->receive(datagram, now); }
  void unreachable(const base::Path& path, base::Now now) override { client->unreachable(path, now); }
  void wake(base::Now now) override { client->wake(now); }
  void transmit(base::DatagramSink& sink, base::Now now) override {
    hear(now);
    client->transmit(sink, now);
    hear(now);
  }
  base::Instant next_deadline() const override { return client->next_deadline(); }

  void send(const base::MessageId& id, const std::string& room, Content content) {
    if (client) return client->send_as(id, room, std::move(content));
    sends.push_back({id, room, std::move(content)});
  }

  void stop() {
    if (client) client->quit();
    if (loop != nullptr) loop->stop(0);
  }

  Options options;
  std::function<void(const Message&)> message_handler;
  std::function<void(const Event&)> event_handler;

  io::SystemRandom random;
  base::NullLog log;
  std::vector<JoinWish> joins;  // until there is a client
  std::vector<SendWish> sends;
  std::unique_ptr<runtime::LocalStore> local_store;
  std::unique_ptr<client::QuicClient> client;
  std::optional<Link> failure;

  std::mutex mutex;  // guards the two below
  io::Loop* loop = nullptr;
  std::vector<std::function<void()>> early_tasks;
};

void Client::Impl::hear(base::Now) {
  while (const auto event = client->poll_event()) {
    if (event_handler) event_handler(*event);
    if (const auto* message = std::get_if<Message>(&*event); message != nullptr && message_handler)
      message_handler(*message);
    const auto* link = std::get_if<Link>(&*event);
    if (link == nullptr || link->state != Link::State::failed) continue;
    failure = *link;
    loop->stop(1);
  }
}

std::expected<void, Error> Client::Impl::run() {
  const auto refuse = [](std::string text) { return std::unexpected(Error{Link::Failure::none, std::move(text)}); };
  const auto name = wire::canonical_name(options.name);
  if (!name) return refuse(name.error());
  const auto server = wire::parse_link(options.server);
  if (!server) return refuse(server.error());
  auto profile =
      runtime::Profile::open(io::Home::find(options.home.empty() ? std::nullopt : std::optional(options.home)).data);
  if (!profile) return refuse(profile.error());
  const auto addresses = runtime::resolve(*server);
  if (!addresses) return std::unexpected(Error{Link::Failure::unreachable, addresses.error()});
  runtime::Gatekeeper gatekeeper(*server, *profile,
                                 options.accept_new || std::ranges::all_of(*addresses, &base::Address::is_loopback));

  client::QuicClientOptions client_options;
  client_options.server_name = runtime::server_name(*server);
  client_options.name = *name;
  client_options.agent = "libconfab";
  auto store = runtime::LocalStore::open(profile->directory(), server->target());
  if (store) {
    local_store = std::move(*store);
    client_options.outbox = &local_store->outbox();
  } else if (event_handler) {
    event_handler(Warning{0, fmt::format("what you send is not kept on this machine: {}", store.error())});
  }
  client_options.trust = [&](const net::PeerCertificate& certificate) { return gatekeeper.trust(certificate); };
  client = std::make_unique<client::QuicClient>(std::move(client_options), profile->key(), random, log);
  if (options.rooms.empty()) client->join(server->room.value_or(wire::limits::lobby), {});
  for (JoinWish& wish : std::exchange(joins, {})) client->join(wish.room, wish.start);
  for (SendWish& wish : std::exchange(sends, {})) client->send_as(wish.id, wish.room, wish.content);

  io::Loop own_loop(*this);
  const auto paths = runtime::open_sockets(own_loop, *addresses);
  if (!paths) return refuse(paths.error());
  client->set_paths(*paths);
  own_loop.on_network_change([this](base::Now now) { client->network_changed(now); });
  if (options.handle_signals) own_loop.on_signal({SIGINT, SIGTERM}, [this](int, base::Now) { stop(); });
  {
    const std::lock_guard lock(mutex);
    loop = &own_loop;
    for (auto& task : std::exchange(early_tasks, {})) own_loop.post([task = std::move(task)](base::Now) { task(); });
  }
  own_loop.run();
  {
    const std::lock_guard lock(mutex);
    loop = nullptr;
  }
  if (!failure) return {};
  const std::string complaint = gatekeeper.complaint();
  return std::unexpected(Error{failure->failure, complaint.empty() ? failure->text : complaint});
}

Client::Client(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Client::~Client() = default;

void Client::on_message(std::function<void(const Message&)> handler) { impl_->message_handler = std::move(handler); }
void Client::on_event(std::function<void(const Event&)> handler) { impl_->event_handler = std::move(handler); }

std::string Client::send(const std::string& room, const std::string& text, Kind kind) {
  return send(room, Content{.what = Content::What::message, .kind = kind, .text = text});
}

std::string Client::send(const std::string& room, Content content) {
  const base::MessageId id = base::MessageId::make(impl_->random);
  impl_->send(id, room, std::move(content));
  return id.to_string();
}

bool Client::send_as(const std::string& id, const std::string& room, const std::string& text, Kind kind) {
  const auto parsed = base::MessageId::parse(id);
  if (parsed) impl_->send(*parsed, room, {.what = Content::What::message, .kind = kind, .text = text});
  return parsed.has_value();
}

void Client::join(const std::string& room, Start start) {
  if (impl_->client) {
    impl_->client->join(room, start);
  } else {
    impl_->joins.push_back({room, start});
  }
}

void Client::part(const std::string& room) {
  if (impl_->client) impl_->client->part(room);
}

std::expected<void, Error> Client::run() { return impl_->run(); }

void Client::stop() {
  post([impl = impl_.get()] { impl->stop(); });
}

void Client::post(std::function<void()> task) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->loop == nullptr) {
    impl_->early_tasks.push_back(std::move(task));
  } else {
    impl_->loop->post([task = std::move(task)](base::Now) { task(); });
  }
}

}  // namespace confab
