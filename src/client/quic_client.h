// SPDX-License-Identifier: MIT
// The client for confab/1. It keeps three things over every reconnect: what it wants to read and how far it has come
// (readers), what it wants to be stored (outbox), and what it has asked (questions).
//
// Invariants:
// 1. Of one join or read, events are handed out by seq: each once, none left out.
// 2. A message leaves the outbox only by Accepted, by a refusal that is final, or by withdraw().
// 3. Nothing of the user's is sent before the server's key was trusted.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/log.h"
#include "base/random.h"
#include "client/backoff.h"
#include "client/client.h"
#include "client/local_log.h"
#include "client/outbox.h"
#include "client/read_markers.h"
#include "net/endpoint.h"
#include "net/identity.h"
#include "net/transport.h"
#include "wire/framing.h"

namespace confab::client {

struct QuicClientOptions {
  std::string server_name;     ///< host name of the link; empty for an IP address
  std::string name;            ///< empty: an observer
  std::string agent;           ///< program and version
  bool wait_for_name = false;  ///< connects only when retry() has given a name, if ever
  bool reconnect = true;       ///< else the first lost or failed connection ends in Link::failed, unreachable
  /// Where messages wait beyond the end of the program, for this server alone; must outlive the client. None: in
  /// memory.
  OutboxStore* outbox = nullptr;
  /// Likewise, for what is seen of joined rooms: a join that begins at no given event then opens with the last ones
  /// that are here, before there is a connection, and goes on behind them. None, or none of the room: it begins as
  /// asked.
  HistoryStore* history = nullptr;
  /// What the server shows is the right key? Asked at each connection, before anything is sent.
  std::function<bool(const net::PeerCertificate&)> trust;
};

/// What a client asks of the endpoint that it stands on.
net::EndpointOptions endpoint_options();

class QuicClient final : public Client {
 public:
  /// Where a join goes on from the local history, more events than this are skipped: who was away for a month reads the
  /// last day first.
  static constexpr std::uint32_t missed_events_max = 1000;
  /// A server that does not end a handshake may have died in it; on a path that is only slow the next attempt is as
  /// good.
  static constexpr base::Duration handshake_timeout = std::chrono::seconds(3);
  /// The longest pause after an attempt in which the server was heard: it is there, and comes and goes.
  static constexpr base::Duration pause_heard_max = std::chrono::seconds(1);

  /// Over QUIC, on an endpoint of its own. `key`, `random` and `log` must outlive it.
  QuicClient(QuicClientOptions options, const net::UserKey& key, base::Random& random, base::Log& log);
  QuicClient(QuicClientOptions options, std::unique_ptr<net::Transport> transport, const net::UserKey& key,
             base::Random& random);

  void set_paths(std::vector<base::Path> paths) override { paths_ = std::move(paths); }
  RequestId join(const std::string& room, Start start) override;
  RequestId part(const std::string& room) override;
  std::string send(const std::string& room, Kind kind, const std::string& text) override;
  std::string post(const std::string& room, Content content) override;
  void send_as(const base::MessageId& id, const std::string& room, Content content) override;
  bool discard(const std::string& id) override;
  void withdraw(const std::string& why) override { outbox_.withdraw(why); }
  RequestId read(const ReadOptions& options) override;
  RequestId read_before(const std::string& room, std::uint64_t seq, std::uint32_t count) override;
  void mark_read(const std::string& room, std::uint64_t seq) override;
  RequestId get_members(const std::string& room) override;
  RequestId get_rooms() override;
  RequestId get_direct_rooms() override;
  RequestId set_presence(Presence presence, const std::string& away_text) override;
  void set_typing(const std::string& room, bool active) override;
  void network_changed(base::Now now) override;
  void retry(const std::string& name) override;
  void quit() override;
  std::size_t unsettled() const override { return outbox_.size(); }
  std::vector<StoredEntry> unsettled_in(const std::string& room) const override {
    return outbox_.entries_for(room_of(room));
  }
  bool keeps_unsettled() const override { return outbox_.keeps_all(); }
  std::optional<LinkInfo> link_info(base::Now now) const override;
  std::optional<Event> poll_event() override;

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path& path, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

 private:
  enum class Phase {
    waiting,     // until retry_at_
    connecting,  // QUIC and TLS
    greeting,    // Hello is under way
    online,
    failed,  // until retry()
    ended    // quit() was called
  };
  /// A place in a log that moves on: of a member's room, or of a read.
  struct Reader {
    std::string room;
    bool member = false;
    bool parting = false;  // a Part for it is under way on this connection
    Start start = {};
    bool follow = true;
    std::uint64_t count = 0;                     // events still wanted; 0: no such end
    std::optional<std::uint64_t> next_seq = {};  // known once Opened
    // The event before next_seq as it came, unless that is gone; of the connection before, or of the local history, it
    // is `overlap`, which the server is to repeat, as proof that its log is still that one.
    base::Bytes last = {};
    base::Bytes overlap = {};
    bool anew = false;          // the server's log is another one than before
    std::uint32_t at_most = 0;  // until the server has opened it: events still wanted where more were missed
    bool asked = false;         // on this connection
    bool streams = false;       // likewise: its stream has begun
    // What the server says of the room beside the log; nullopt: nothing yet, on this connection.
    struct About {
      std::string topic;
      std::uint64_t read_seq = 0;
    };
    std::optional<About> about = {};
    std::optional<Page> page = {};  // of read_before(): what of it was here
  };
  /// One of the server's streams.
  struct Incoming {
    wire::FrameReader frames;
    std::optional<RequestId> reader;  // once the header was read
  };
  /// A request that one Reply answers, asked again after a reconnect.
  struct Question {
    wire::pb::Request request;
    Members members;  // the pages so far
    Rooms rooms;
    bool is_parting = false;  // a Part of a reader that is `parting`: done when the connection is gone
    bool asked = false;       // on this connection
  };

  void pump(base::Now now);
  void on(net::events::EarlyReady& event, base::Now now);
  void on(net::events::Connected& event, base::Now now);
  void on(net::events::Resumption& event, base::Now now);
  void on(net::events::StreamData& event, base::Now now);
  void on(net::events::StreamReset& event, base::Now now);
  void on(net::events::StreamClosed& event, base::Now now);
  void on(net::events::SendRoom& event, base::Now now);
  void on(net::events::DatagramReceived& event, base::Now now);
  void on(net::events::PathChanged& event, base::Now now);
  void on(net::events::Closed& event, base::Now now);

  void read_control(base::ByteView bytes, base::Now now);
  void read_log(Incoming& incoming, base::ByteView bytes, bool fin);
  bool read_log_frame(Incoming& incoming, base::ByteView frame);
  void on_reply(const wire::pb::Reply& reply, base::Now now);
  void on_welcome(const wire::pb::Welcome& welcome);
  void on_refused(RequestId request, const wire::pb::Refused& refused, base::Now now);
  bool on_message_refused(RequestId request, wire::pb::Refused::Code code, const std::string& text);
  void on_accepted(RequestId request, const wire::pb::Accepted& accepted);
  void on_opened(RequestId request, const wire::pb::Opened& opened);
  void on_members(RequestId request, const wire::pb::Members& page);
  void on_rooms(RequestId request, const wire::pb::Rooms& page);
  void on_marker(const wire::pb::Marker& marker);
  void on_invited(const wire::pb::Invited& invited);
  const Reader* member_reader(const std::string& room) const;
  void keep(Reader& reader, const wire::pb::Event& event, base::ByteView frame);
  void end_at_page(RequestId request, Reader& reader, wire::pb::Event& event);
  bool is_own(const Reader& reader, const std::string& id_bytes);
  void on_header(RequestId request, Reader& reader, const wire::pb::StreamHeader& header);
  void resume(RequestId request, Reader& reader, const wire::pb::StreamHeader& header);
  void on_skip(RequestId request, Reader& reader, const wire::pb::StreamHeader& header, std::uint32_t at_most);
  static bool is_another_log(Reader& reader, const wire::pb::Event& event, base::ByteView frame);
  static bool is_repeated(Reader& reader, wire::pb::Event& event);
  void tell_opened(RequestId request, const Reader& reader, std::uint64_t end_seq);
  void begin_anew(Incoming& incoming, RequestId request, Reader& reader);
  void end_reader(RequestId request);
  void end_page(RequestId request, const std::string& room, Page page);
  void refuse_reader(RequestId request, const std::string& why);

  void connect(base::Now now);
  void forget_connection(std::uint64_t close_code);
  void finish_parting();
  void lose(base::Now now, const std::string& why);
  void fail(Link::Failure failure, std::string text, std::string fingerprint = {});
  void violate(const char* what);
  void begin_session(const net::ExporterSecret& exporter, bool early);
  void say_hello(const net::ExporterSecret& exporter);
  void ask_what_is_open(bool early);
  void forget_answers();
  std::string room_of(const std::string& room) const;
  bool may_be_read(const std::string& room) const;
  void add_reader(RequestId request, Reader reader);
  void open_reader(RequestId request, const Reader& reader);
  RequestId ask(wire::pb::Request question);
  void flush_outbox();
  void flush_markers(base::Now now);
  bool write(wire::pb::Request& request, RequestId tag);

  QuicClientOptions options_;
  const net::UserKey& key_;
  base::Random& random_;
  std::unique_ptr<net::Transport> transport_;

  Phase phase_ = Phase::waiting;
  base::Instant retry_at_ = base::at_once;  // at the first chance
  Backoff backoff_;
  std::vector<base::Path> paths_;
  std::size_t path_ = 0;             // of paths_, the one that is in use or tried next
  std::size_t failed_in_a_row_ = 0;  // attempts since the last welcome
  net::ConnectionHandle connection_ = 0;
  bool handshake_done_ = false;  // of connection_
  bool server_heard_ = false;    // in this attempt
  base::Bytes resumption_;       // makes the next connection begin with data in its first flight
  RequestId hello_ = 0;
  RequestId next_request_ = 1;
  wire::FrameReader control_;
  std::map<net::StreamId, Incoming> incoming_;

  std::map<RequestId, Reader> readers_;
  std::map<RequestId, Question> questions_;
  std::deque<Event> events_;
  Outbox outbox_;
  LocalLog local_log_;
  ReadMarkers markers_;
  std::set<base::MessageId> own_ids_;  // typed in this client and not yet seen in a log
};

}  // namespace confab::client
