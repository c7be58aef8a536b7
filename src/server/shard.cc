// SPDX-License-Identifier: MIT
#include "server/shard.h"

#include <utility>

#include "server/refused.h"
#include "wire/plain.h"

namespace confab::server {

namespace pb = wire::pb;

namespace {

pb::Reply as_reply(std::expected<pb::Opened, chat::Refusal> result) {
  if (!result) return refused(result.error());
  pb::Reply reply;
  *reply.mutable_opened() = *std::move(result);
  return reply;
}

}  // namespace

Shard::Shard(Channel& channel, base::Doorbell* hub, std::unique_ptr<net::Transport> transport, log::AsyncReader& store,
             bool takes_plain, base::Log& log)
    : channel_(channel),
      hub_(hub),
      transport_(std::move(transport)),
      store_(store),
      takes_plain_(takes_plain),
      log_(log),
      delivery_(*transport_, store) {}

void Shard::receive(const base::Datagram& datagram, base::Now now) {
  const bool is_text = wire::classify(datagram.bytes) == wire::DatagramKind::text;
  if (channel_.news.size() >= Channel::news_max || (is_text && !takes_plain_)) {
    ++datagrams_dropped_;
  } else if (is_text) {
    tell(news::PlainDatagram{datagram.path, {datagram.bytes.begin(), datagram.bytes.end()}});
  } else {
    transport_->receive(datagram, now);  // counts what it drops
  }
}

void Shard::unreachable(const base::Path&, base::Now) {
  // Forged as easily as sent: a member who is really gone is noticed by the idle timeout, a plain one by its silence.
}

void Shard::wake(base::Now now) {
  transport_->wake(now);
  delivery_.wake(now);
  // Here, too: while the sink takes nothing there is no transmit(), and what waits would call for turn after turn.
  carry_out(now);
}

void Shard::transmit(base::DatagramSink& sink, base::Now now) {
  bell_.awake();
  bring_news();
  carry_out(now);
  write(sink, now);
  if (std::exchange(has_news_, false) && hub_ != nullptr) hub_->ring();
}

base::Instant Shard::next_deadline() const {
  bell_.about_to_sleep();
  if (!channel_.orders.empty()) return base::at_once;
  return std::min(transport_->next_deadline(), delivery_.next_deadline());
}

void Shard::bring_news() {
  while (auto event = transport_->poll_event()) {
    std::visit([this](auto&& each) { on(std::forward<decltype(each)>(each)); }, *std::move(event));
  }
  for (const news::ReaderGone& each : delivery_.take_gone()) tell(each);
}

void Shard::carry_out(base::Now now) {
  // What is ordered meanwhile is the next turn's.
  for (std::size_t count = channel_.orders.size(); count > 0; --count) {
    std::visit([&](auto&& each) { on(std::forward<decltype(each)>(each), now); }, *channel_.orders.pop());
  }
  for (const net::ConnectionHandle connection : std::exchange(replied_, {})) {
    delivery_.take_along(connection);
    if (transport_->send_room(connection, control_stream) > 0) {
      tell_replies_taken(connection);
    } else if (!transport_->info(connection)) {
      untold_replies_.erase(connection);  // it was gone before the order came
    }
  }
  take_reads(now);
  delivery_.settle(now);
}

void Shard::write(base::DatagramSink& sink, base::Now now) {
  transport_->transmit(sink, now);
  // Writing may have brought events (streams with room again, connections that ended); they are the next turn's
  // business, but those of a connection that closed itself must not wait for a datagram that never comes.
  bring_news();
}

void Shard::tell(News news) {
  channel_.news.push(std::move(news));
  has_news_ = true;
}

void Shard::on(net::events::StreamData event) {
  if (event.stream == control_stream) tell(std::move(event));
}

void Shard::on(net::events::StreamReset event) {
  if (event.stream == control_stream) tell(event);
}

void Shard::on(net::events::StreamClosed event) { delivery_.on_stream_closed(event.connection, event.stream); }

void Shard::on(net::events::SendRoom event) {
  if (event.stream != control_stream) return delivery_.on_send_room(event.connection, event.stream);
  tell_replies_taken(event.connection);
}

void Shard::on(net::events::Closed event) {
  delivery_.drop(event.connection);
  untold_replies_.erase(event.connection);
  tell(std::move(event));
}

void Shard::on(orders::Reply order, base::Now) { reply(order.connection, std::move(order.bytes)); }

void Shard::on(orders::Consume order, base::Now) { transport_->consume(order.connection, control_stream, order.bytes); }

void Shard::on(orders::Close order, base::Now) {
  transport_->close(order.connection, order.code, std::move(order.reason));
}

void Shard::on(orders::Hint order, base::Now) { transport_->send_datagram(order.connection, std::move(order.bytes)); }

void Shard::on(const orders::Open& order, base::Now) {
  const OpenRequest& request = order.request;
  auto opened = delivery_.open(order);
  if (!opened) tell(news::ReaderGone{request.connection, request.member});
  pb::Reply answer = as_reply(std::move(opened));
  answer.set_tag(request.tag);
  reply(request.connection, wire::encode_frame(answer));
}

void Shard::on(const orders::CloseReader& order, base::Now) { delivery_.close(order.connection, order.tag); }

void Shard::on(const orders::CloseRoom& order, base::Now) { delivery_.close_room(order.connection, order.room); }

void Shard::on(orders::Grow order, base::Now now) { delivery_.grow(order.room, std::move(order.growth), now); }

void Shard::on(const orders::Trim& order, base::Now) { delivery_.trim(order.room, order.first_seq); }

void Shard::take_reads(base::Now now) {
  for (log::ReadAnswer& answer : store_.poll()) {
    // A client may ask for a damaged log as often as it likes: only the changes are worth a word.
    const log::ReadResult& result = answer.result;
    if (!result && !reads_fail_) log_.error("store", "reading fails for now: {}", result.error().text);
    if (result && reads_fail_) log_.info("store", "reading works again");
    reads_fail_ = !result;
    delivery_.on_read(answer.ticket, std::move(answer.result), now);
  }
}

/// The hub hears of it once a turn, and not at all while the client takes no replies.
void Shard::reply(net::ConnectionHandle connection, base::Bytes bytes) {
  transport_->send(connection, control_stream, base::SharedBytes::own(std::move(bytes)));
  const auto [place, is_new] = untold_replies_.try_emplace(connection, 0);
  ++place->second;
  if (is_new) replied_.push_back(connection);
}

void Shard::tell_replies_taken(net::ConnectionHandle connection) {
  const auto found = untold_replies_.find(connection);
  if (found == untold_replies_.end()) return;
  tell(news::RepliesTaken{connection, found->second});
  untold_replies_.erase(found);
}

}  // namespace confab::server
