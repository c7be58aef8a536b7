# SPDX-License-Identifier: MIT
"""The faults that tools/sim_mutants.py plants: edits whose old text stands at exactly one place."""

from typing import NamedTuple


class Edit(NamedTuple):
    file: str
    old: str
    new: str


class Mutant(NamedTuple):
    name: str
    why: str  # what is wrong with it
    edits: list[Edit]


MUTANTS = [
    # What the store promises.
    Mutant("accept-before-sync", "a sender is told that its message is stored when it was read", [Edit(
        "src/server/dispatcher.cc",
        "  ++session.sends_in_flight;\n",
        "  ++session.sends_in_flight;\n"
        "  pb::Reply early;\n"
        "  early.mutable_accepted()->set_seq(logs_.end_seq(effects.room) + 1);\n"
        "  reply(session, request.tag(), std::move(early));\n",
    )]),
    Mutant("seq-reused-after-crash", "the newest event that was answered is lost in a crash, its number given again", [Edit(
        "src/sim/sim_store.cc",
        "void SimStore::crash() {\n",
        "void SimStore::crash() {\n  durable_.lose_newest();\n",
    ), Edit(
        "src/log/memory_store.h",
        " private:\n  struct Event {\n",
        "  void lose_newest() {\n"
        "    for (auto& [name, room] : rooms_) {\n"
        "      if (room.events.empty()) continue;\n"
        "      room.ids.erase(room.events.back().id);\n"
        "      room.events.pop_back();\n"
        "    }\n"
        "  }\n\n"
        " private:\n  struct Event {\n",
    )]),
    Mutant("no-dedupe", "a message that comes a second time is stored a second time", [Edit(
        "src/log/memory_store.cc",
        "  if (!is_new) return {.seq = place->second, .duplicate = true};\n",
        "  place->second = room.end_seq() + 1;\n",
    )]),
    Mutant("success-after-error", "what the disk refused is answered as stored", [Edit(
        "src/server/hub.cc",
        "  if (settled.entry.author != 0) answer_author(settled, now);\n",
        "  if (settled.entry.author == 0) return;\n"
        "  const log::Outcome made_up{logs_.end_seq(settled.entry.room), false};\n"
        "  answer_author(settled.outcome ? settled : Settled{settled.entry, made_up}, now);\n",
    )]),
    Mutant("group-overtakes-a-failed-one", "what was asked for behind a failed batch is stored", [Edit(
        "src/sim/sim_store.cc",
        "  if (failure) std::ranges::move(std::exchange(gathering_, {}), std::back_inserter(synced));\n",
        "",
    )]),

    # The server: order, delivery, memory.
    Mutant("message-overtakes-a-failed-one", "what a client sent behind a message that failed is stored before it", [Edit(
        "src/server/dispatcher.cc",
        "  if (session.failed_attempt && send.attempt() <= *session.failed_attempt) {\n",
        "  if (false) {\n",
    )]),
    Mutant("shows-what-failed", "members are shown an event that is not stored", [Edit(
        "src/server/hub.cc",
        "  if (settled.entry.author != 0) answer_author(settled, now);\n",
        "  const std::string& room = settled.entry.room;\n"
        "  if (!settled.outcome) logs_.append(room, logs_.end_seq(room) + 1, settled.entry.body);\n"
        "  if (settled.entry.author != 0) answer_author(settled, now);\n",
    )]),
    Mutant("refused-and-stored", "a message that is refused goes into the log all the same", [Edit(
        "src/chat/chat.cc",
        "  if (auto refusal = check_content(content)) return refuse(std::move(*refusal));\n",
        "  effects.refusal = check_content(content);\n",
    )]),
    Mutant("resume-too-early", "who comes back is sent an event it has", [Edit(
        "src/server/delivery.cc",
        "      return std::clamp<base::Seq>(start.seq(), 1, end + 1);\n",
        "      return std::clamp<base::Seq>(start.seq() - 1, 1, end + 1);\n",
    )]),
    Mutant("resume-too-late", "who comes back misses an event", [Edit(
        "src/client/quic_client.cc",
        "    start.set_seq(*reader.next_seq - (reader.overlap.empty() ? 0 : 1));\n",
        "    start.set_seq(++*const_cast<Reader&>(reader).next_seq);\n",
    )]),
    Mutant("catch-up-skips-a-segment", "who is behind what memory holds goes on with what memory holds", [Edit(
        "src/server/delivery.cc",
        "  if (!reader.live || reader.next < log.first_seq()) return false;\n",
        "  if (!reader.live) return false;\n  reader.next = std::max(reader.next, log.first_seq());\n",
    )]),
    Mutant("shown-twice", "what a client has heard it is shown again", [Edit(
        "src/client/quic_client_logs.cc",
        "  if (!event.has_gone() || event.gone().last() < *reader.next_seq) return true;\n",
        "  if (!event.has_gone()) {\n"
        "    reader.next_seq = event.seq();\n"
        "    return false;\n"
        "  }\n",
    )]),
    Mutant("slow-reader-forgotten", "a reader whose stream was full is never gone on with", [Edit(
        "src/server/delivery.cc",
        "  if (found != readers_.end()) advance(*found->second);\n",
        "",
    )]),
    Mutant("rests-for-ever", "what a room grew by while it rested is handed out with its next growth at the earliest", [Edit(
        "src/server/delivery.cc",
        "  while (!resting_.empty() && resting_.begin()->first <= now.instant) begin_round(*resting_.begin()->second, now);\n",
        "  while (!resting_.empty() && resting_.begin()->first <= now.instant) {\n"
        "    resting_.begin()->second->resting.reset();\n"
        "    resting_.erase(resting_.begin());\n"
        "  }\n",
    )]),
    Mutant("waits-for-company-for-ever", "what waits for company goes to the store with the next that is in haste", [Edit(
        "src/server/journal.cc",
        "haste == Haste::none ? flushed_at_ + company_wait : base::at_once",
        "haste == Haste::none ? base::never : base::at_once",
    )]),
    Mutant("log-never-trimmed", "a room's log in memory grows for ever", [Edit(
        "src/log/room_log.cc",
        "  for (; memory_bytes_ > bytes_max_ && kept + 1 != segments_.end(); ++kept)",
        "  for (; memory_bytes_ > 1000 * bytes_max_ && kept + 1 != segments_.end(); ++kept)",
    )]),

    # Hub and shards.
    Mutant("growth-told-to-the-first-alone", "what a room has grown by is published to one worker's readers", [Edit(
        "src/server/switchboard.cc",
        "  for (std::size_t worker = 0; worker < lines_.size(); ++worker) push(worker, orders::Grow{room, growth});\n",
        "  push(0, orders::Grow{room, growth});\n",
    )]),
    Mutant("hand-over-loses-an-order", "an order that comes behind others is lost on its way to a worker", [Edit(
        "src/server/switchboard.cc",
        "  lines_[worker].channel->orders.push(std::move(order));\n",
        "  if (lines_[worker].channel->orders.size() != 3) lines_[worker].channel->orders.push(std::move(order));\n",
    )]),
    Mutant("same-handles", "two workers' connections have the same handles", [Edit(
        "src/net/transport.h",
        "ConnectionHandle{worker} << 60",
        "ConnectionHandle{worker} << 0",
    )]),

    # Presence.
    Mutant("leave-within-the-grace", "who is lost is shown as gone after half of the grace", [Edit(
        "src/chat/chat.cc",
        "  member.grace_end = now.instant + limits::presence_grace;\n",
        "  member.grace_end = now.instant + limits::presence_grace / 2;\n",
    )]),
    Mutant("join-after-restart", "the server forgets over a restart who is there", [Edit(
        "src/server/hub.cc",
        "    chat_.restore_member(member.room, {member.folded_name, static_cast<pb::Origin>(member.origin)}, member.name);\n",
        "    (void)member;\n",
    )]),
    Mutant("ghost-after-restart", "who does not come back after a restart is shown for ever", [Edit(
        "src/chat/chat.cc",
        "  restored_.emplace_back(room, key);\n",
        "",
    )]),
    Mutant("second-device-forgotten", "one device leaves the room, and the other with it", [Edit(
        "src/chat/chat.cc",
        "  if (member.sessions.empty()) remove(room, session.key, reason, effects, now);\n",
        "  remove(room, session.key, reason, effects, now);\n",
    )]),
    Mutant("time-falls", "after a restart events may be older than those before", [Edit(
        "src/server/hub.cc",
        "    chat_.restore_room(room.room, room.newest_ms, room.topic);\n",
        "    chat_.restore_room(room.room, 0, room.topic);\n",
    )]),

    # The client's outbox.
    Mutant("outbox-cleared-at-send", "a message is kept until it is sent, not until it is stored", [Edit(
        "src/client/outbox.cc",
        "  entry.tried = true;\n",
        "  entry.tried = true;\n  settled_.push_back(entry.message.id);\n",
    )]),
    Mutant("outbox-not-reloaded", "what a killed client had typed is never sent", [Edit(
        "src/client/quic_client.cc",
        "  outbox_.adopt();\n",
        "",
    )]),
    Mutant("unanswered-not-sent-again", "what was on its way when the connection was lost stays lost", [Edit(
        "src/client/outbox.cc",
        "  sent_ = under_way_ = 0;\n",
        "  under_way_ = 0;\n",
    )]),
    Mutant("retry-under-a-new-id", "a message that is sent again is another message", [Edit(
        "src/client/quic_client.cc",
        "    send.set_attempt(outbox_.attempt());\n",
        "    send.set_attempt(outbox_.attempt());\n"
        "    (*send.mutable_id())[0] ^= static_cast<char>(outbox_.attempt());\n",
    )]),

    # Second copies of streams' bytes.
    Mutant("copy-handed-twice", "what a copy has brought is handed over again when its stream brings it", [Edit(
        "src/net/stream_inbox.h",
        "    give(bytes.subspan(known), hand);\n",
        "    give(bytes, hand);\n",
    )]),
    Mutant("copy-of-other-bytes", "a copy holds what stands beside the bytes that it names", [Edit(
        "src/net/second_copies.cc",
        "    append_piece(datagram, {entry.stream, entry.offset, bytes});\n",
        "    append_piece(datagram, {entry.stream, entry.offset + 1, bytes});\n",
    )]),
]
