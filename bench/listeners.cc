// SPDX-License-Identifier: MIT
#include "listeners.h"

#include <utility>

#include "base/ids.h"

namespace confab::bench {

namespace pb = wire::pb;

namespace {

/// The room whose history is read, and the other.
constexpr const char* here = "here";
constexpr const char* elsewhere = "elsewhere";
/// Messages of the history under way at a time.
constexpr std::uint64_t storing_max = 256;

}  // namespace

void Listeners::fill(std::uint64_t messages, std::size_t bytes) {
  filling_.assign(bytes, 'x');
  to_store_ = messages;
}

void Listeners::join() {
  for (std::size_t visitor = 0; visitor < count(); ++visitor) {
    for (const char* room : {here, elsewhere}) {
      pb::Request question;
      question.set_tag(++tag_);
      question.mutable_join()->set_room(room);
      request(visitor, question);
    }
  }
}

void Listeners::begin(const Workload& workload, bool with_burden, base::Instant now) {
  schedule_ = Schedule(workload, schedule_.first_index() + schedule_.sent(), now);
  with_burden_ = with_burden;
  tally_ = LiveTally{};
}

void Listeners::act() {
  store_more();
  while (const auto stamp = schedule_.next_due(now())) speak(*stamp);
  if (with_burden_ && history_tag_ == 0 && !schedule_.is_over(now())) read_history();
}

void Listeners::store_more() {
  for (; storing_ < to_store_ && storing_ - stored_ < storing_max; ++storing_) {
    send(storing_ % count(), here, filling_);
  }
}

void Listeners::speak(const Stamp& stamp) {
  send(count() - 1, stamp.index % 2 == 0 ? here : elsewhere, write_stamp(stamp));
  tally_.expected += count();
}

void Listeners::send(std::size_t visitor, const char* room, std::string text) {
  const base::MessageId id = base::MessageId::make(random());
  pb::Request question;
  question.set_tag(++tag_);
  pb::Send& send = *question.mutable_send();
  send.set_room(room);
  send.set_id(id.bytes.data(), id.bytes.size());
  send.mutable_message()->set_text(std::move(text));
  request(visitor, question);
}

void Listeners::read_history() {
  pb::Request question;
  history_tag_ = ++tag_;
  question.set_tag(history_tag_);
  pb::Read& read = *question.mutable_read();
  read.set_room(here);
  read.mutable_start()->set_seq(1);
  request(burdened, question);
}

void Listeners::on_reply(std::size_t, const pb::Reply& reply) {
  if (reply.has_accepted() && !is_filled()) ++stored_;
}

void Listeners::on_frame(std::size_t visitor, net::StreamId stream, base::ByteView frame) {
  const auto found = readers_.find({visitor, stream});
  if (found == readers_.end()) return open(visitor, stream, frame);
  if (found->second.is_history) {
    tally_.history_bytes += frame.size();
  } else {
    hear(visitor, found->second, frame);
  }
}

void Listeners::on_end(std::size_t visitor, net::StreamId stream) {
  readers_.erase({visitor, stream});
  history_tag_ = 0;
  ++tally_.histories_read;
}

void Listeners::open(std::size_t visitor, net::StreamId stream, base::ByteView frame) {
  pb::StreamHeader header;
  if (!wire::decode(frame, header)) return fail("a stream without a header");
  const bool is_history = history_tag_ != 0 && header.opened_by() == history_tag_;
  readers_.emplace(StreamKey(visitor, stream),
                   Reader{header.room() == here, is_history, RunningOrder(header.first_seq())});
  if (!is_history) ++joined_;
}

void Listeners::hear(std::size_t visitor, Reader& reader, base::ByteView frame) {
  pb::Event event;
  if (!wire::decode(frame, event)) return fail("a broken event");
  if (reader.order.hear(event.seq()) != RunningOrder::Verdict::next) ++tally_.disordered;
  const auto stamp = read_stamp(event.message().text());
  if (!stamp || stamp->index < schedule_.first_index()) return;
  LiveTally::AtHearer& hearer = visitor == burdened ? tally_.burdened : tally_.others;
  (reader.is_here ? hearer.here : hearer.elsewhere).record(now() - stamp->intended);
  ++tally_.heard;
}

}  // namespace confab::bench
