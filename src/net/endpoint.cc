// SPDX-License-Identifier: MIT
// The table of connections: who gets a datagram, whose turn it is to send, whose timer is next.
#include "net/endpoint.h"

#include <cassert>
#include <utility>

#include "net/connection.h"
#include "net/deadlines.h"
#include "net/fifo.h"
#include "net/front_door.h"
#include "net/resumption.h"
#include "net/slot_table.h"
#include "net/tls.h"

namespace confab::net {

namespace {

constexpr base::Duration far_away = std::chrono::milliseconds(80);
constexpr base::Duration slack = std::chrono::milliseconds(10);
/// A timer that comes up within this time is looked at before we sleep.
constexpr base::Duration soon = std::chrono::milliseconds(50);

/// Where a packet is going (RFC 8999, section 5): the id after the version in a long header, else the first bytes, of
/// the length that we give our ids. Empty where the datagram is too short.
base::ByteView destination_id(base::ByteView datagram) {
  constexpr std::size_t long_id_offset = 6;
  if (datagram.empty()) return {};
  if ((datagram[0] & 0x80) == 0) {
    return datagram.size() < 1 + connection_id_bytes ? base::ByteView() : datagram.subspan(1, connection_id_bytes);
  }
  if (datagram.size() < long_id_offset) return {};
  const std::size_t size = datagram[long_id_offset - 1];
  return datagram.size() < long_id_offset + size ? base::ByteView() : datagram.subspan(long_id_offset, size);
}

/// A server of one endpoint has its secrets for itself.
EndpointOptions complete(EndpointOptions options) {
  if (options.server_key != nullptr && !options.secrets) options.secrets = make_server_secrets();
  return options;
}

/// A resumed handshake shows no certificate: the server is trusted, or not, for what it showed when the ticket came.
std::optional<Resumption> usable_resumption(const ConnectOptions& options) {
  auto resumption = read_resumption(options.resumption);
  if (!resumption || resumption->server_name != options.server_name) return std::nullopt;
  if (!options.trust || !options.trust(resumption->server)) return std::nullopt;
  return resumption;
}

}  // namespace

/// Invariants:
/// 1. A connection stands in `dirty` at most once, exactly while its own `dirty` is set, and is erased only when it
/// does not.
/// 2. A connection that does not stand there has its timer set to its deadline, or a little later.
class Endpoint::Impl {
 public:
  Impl(const EndpointOptions& options, base::Random& random, base::Log& log)
      : state(complete(options), random, log),
        front_door(state, state.stats),
        connections(handle_base(options.worker)) {
    if (state.options.server_key != nullptr) {
      server_tls.emplace(*state.options.server_key, state.options.early_data, state.options.secrets);
    } else {
      client_tls.emplace();
    }
  }

  Connection* find_alive(ConnectionHandle handle) const {
    Connection* found = connections.find(handle);
    return found == nullptr || !found->alive() ? nullptr : found;
  }

  /// Calls `use` on a connection that is alive and has it send what comes of it.
  template <typename Use>
  void with(ConnectionHandle handle, Use use) {
    if (Connection* connection = find_alive(handle)) {
      use(*connection);
      mark(*connection);
    }
  }

  Connection& add(std::unique_ptr<Connection> connection) {
    Connection& added = connections.put(std::move(connection));
    mark(added);
    return added;
  }

  void mark(Connection& connection) {
    if (std::exchange(connection.dirty, true)) return;
    dirty.push(&connection);
  }

  std::unique_ptr<Connection> connect(ConnectOptions options, base::Now now) {
    if (const auto resumption = usable_resumption(options)) {
      auto tls = client_tls->resume(*resumption, options.trust);
      auto resumed = tls == nullptr ? nullptr
                                    : Connection::resume(state, connections.next_handle(), std::move(tls), options.path,
                                                         resumption->transport_parameters, now);
      if (resumed != nullptr) return resumed;
    }
    auto tls = client_tls->open(options.server_name, std::move(options.trust));
    return Connection::connect(state, connections.next_handle(), std::move(tls), options.path, now);
  }

  Connection* find_receiver(const base::Datagram& datagram, base::Now now) {
    if (Connection* connection = state.ids.find(destination_id(datagram.bytes))) return connection;
    return server_tls ? accept(datagram, now) : find_reset(datagram);
  }

  Connection* accept(const base::Datagram& datagram, base::Now now) {
    const auto admission = front_door.admit(datagram, now);
    if (!admission) return nullptr;
    ++state.stats.connections_accepted;
    return &add(Connection::accept(state, connections.next_handle(), server_tls->open(now.wall), *admission,
                                   datagram.path, now));
  }

  /// A stateless reset is made to look like a packet for any id: only the token at its end tells whom it is for.
  Connection* find_reset(const base::Datagram& datagram) const {
    constexpr std::size_t token_bytes = NGTCP2_STATELESS_RESET_TOKENLEN;
    if (datagram.bytes.size() < token_bytes + NGTCP2_MIN_STATELESS_RESET_RANDLEN) return nullptr;
    return state.reset_tokens.find(datagram.bytes.last(token_bytes));
  }

  bool receive(const base::Datagram& datagram, base::Now now) {
    last_instant = now.instant;
    Connection* connection = find_receiver(datagram, now);
    if (connection == nullptr) {
      ++state.stats.datagrams_dropped;
      return false;
    }
    if (connection->receive(datagram, now)) {
      mark(*connection);
    } else if (!connection->dirty) {
      set_timer(*connection);
    }
    return true;
  }

  void wake(base::Now now) {
    last_instant = now.instant;
    while (const auto entry = deadlines.take_until(now.instant)) {
      Connection* connection = connections.find(entry->owner);
      if (connection == nullptr || !deadlines.rings(*entry, connection->timer, now.instant)) continue;
      connection->expire(now);
      mark(*connection);
    }
  }

  void transmit(base::DatagramSink& sink, base::Now now) {
    last_instant = now.instant;
    sink_full = !transmit_share(sink, now);
    deadlines.put_right(last_instant + soon, [this](Deadlines::Owner owner) {
      Connection* const connection = connections.find(owner);
      return connection == nullptr ? nullptr : &connection->timer;
    });
  }

  /// False where the sink was full before the turn's share was sent.
  bool transmit_share(base::DatagramSink& sink, base::Now now) {
    for (std::size_t visits = 0; visits < state.options.visits_per_turn_max && !dirty.empty(); ++visits) {
      if (!state.loose.flush(sink)) return false;
      Connection& connection = *dirty.front();
      const Connection::Progress progress = connection.transmit(sink, now);
      if (progress == Connection::Progress::sink_full) return false;
      dirty.pop();
      if (progress == Connection::Progress::more) {
        dirty.push(&connection);
      } else {
        settle(connection);
      }
    }
    return state.loose.flush(sink);
  }

  /// The connection has nothing to send for now.
  void settle(Connection& connection) {
    connection.dirty = false;
    if (connection.gone()) {
      connections.erase(connection.handle());
    } else {
      set_timer(connection);
    }
  }

  /// At a server what is far away comes a little later than asked, so that several such timers share a turn.
  void set_timer(Connection& connection) {
    base::Instant due = connection.deadline();
    if (server_tls && due != base::never && due - last_instant >= far_away) {
      due += slack - due.time_since_epoch() % slack;
    }
    deadlines.set(connection.handle(), connection.timer, due);
    if (deadlines.wants_sweep()) sweep_deadlines();
  }

  void sweep_deadlines() {
    deadlines.sweep([this](const Deadlines::Entry& entry) {
      const Connection* connection = connections.find(entry.owner);
      return connection != nullptr && Deadlines::is_queued(entry, connection->timer);
    });
  }

  base::Instant next_deadline() const {
    // What was handed over since the last transmit() waits for the next one, which must not wait for a datagram.
    const bool waiting = !dirty.empty() || !state.loose.empty();
    return waiting && !sink_full ? last_instant : deadlines.next();
  }

  EndpointState state;
  FrontDoor front_door;
  std::optional<ServerTls> server_tls;
  std::optional<ClientTls> client_tls;
  Deadlines deadlines;
  SlotTable<Connection> connections;
  Fifo<Connection*> dirty;
  base::Instant last_instant;
  bool sink_full = false;
};

Endpoint::Endpoint(const EndpointOptions& options, base::Random& random, base::Log& log)
    : impl_(std::make_unique<Impl>(options, random, log)) {}
Endpoint::~Endpoint() = default;

ConnectionHandle Endpoint::connect(ConnectOptions options, base::Now now) {
  assert(impl_->client_tls && "a server's endpoint does not connect");
  return impl_->add(impl_->connect(std::move(options), now)).handle();
}

bool Endpoint::receive(const base::Datagram& datagram, base::Now now) { return impl_->receive(datagram, now); }
void Endpoint::wake(base::Now now) { impl_->wake(now); }
void Endpoint::transmit(base::DatagramSink& sink, base::Now now) { impl_->transmit(sink, now); }
base::Instant Endpoint::next_deadline() const { return impl_->next_deadline(); }
std::optional<Event> Endpoint::poll_event() { return impl_->state.events.pop(); }

std::optional<StreamId> Endpoint::open_bidi_stream(ConnectionHandle connection) {
  Connection* found = impl_->find_alive(connection);
  return found == nullptr ? std::nullopt : found->open_bidi_stream();
}

std::optional<StreamId> Endpoint::open_uni_stream(ConnectionHandle connection) {
  Connection* found = impl_->find_alive(connection);
  return found == nullptr ? std::nullopt : found->open_uni_stream();
}

void Endpoint::send(ConnectionHandle connection, StreamId stream, base::SharedBytes bytes) {
  impl_->with(connection, [&](Connection& it) { it.send(stream, std::move(bytes)); });
}

void Endpoint::finish(ConnectionHandle connection, StreamId stream) {
  impl_->with(connection, [&](Connection& it) { it.finish(stream); });
}

void Endpoint::reset(ConnectionHandle connection, StreamId stream, std::uint64_t code) {
  impl_->with(connection, [&](Connection& it) { it.reset(stream, code); });
}

std::size_t Endpoint::send_room(ConnectionHandle connection, StreamId stream) const {
  const Connection* found = impl_->find_alive(connection);
  return found == nullptr ? 0 : found->send_room(stream);
}

void Endpoint::consume(ConnectionHandle connection, StreamId stream, std::size_t bytes) {
  Connection* found = impl_->find_alive(connection);
  if (found != nullptr && found->consume(stream, bytes)) impl_->mark(*found);
}

bool Endpoint::send_datagram(ConnectionHandle connection, base::Bytes bytes) {
  bool taken = false;
  impl_->with(connection, [&](Connection& it) { taken = it.send_datagram(std::move(bytes)); });
  return taken;
}

void Endpoint::migrate(ConnectionHandle connection, base::Path path, base::Now now) {
  impl_->with(connection, [&](Connection& it) { it.migrate(path, now); });
}

void Endpoint::probe(ConnectionHandle connection, base::Now now) {
  impl_->with(connection, [&](Connection& it) { it.probe(now); });
}

void Endpoint::close(ConnectionHandle connection, std::uint64_t code, std::string reason) {
  impl_->with(connection, [&](Connection& it) { it.close(code, std::move(reason)); });
}

std::optional<ConnectionInfo> Endpoint::info(ConnectionHandle connection) const {
  const Connection* found = impl_->find_alive(connection);
  if (found == nullptr) return std::nullopt;
  return found->info();
}

const EndpointStats& Endpoint::stats() const { return impl_->state.stats; }
std::size_t Endpoint::backlog() const { return impl_->dirty.size(); }
std::size_t Endpoint::connection_count() const { return impl_->state.alive; }

}  // namespace confab::net
