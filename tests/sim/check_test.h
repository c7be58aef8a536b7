// SPDX-License-Identifier: MIT
// Each check is shown a run that keeps its promise and then, one by one, the ways to break it: a check that cannot fail
// is none.
#pragma once

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log/memory_store.h"
#include "sim/archive.h"

namespace confab::sim {

/// A store that is filled by hand.
class CheckTest : public testing::Test {
 protected:
  static base::MessageId id_of(std::uint8_t number) {
    base::MessageId id;
    id.bytes[15] = number;
    return id;
  }
  static std::string text_of(std::uint8_t number) { return id_of(number).to_string(); }

  /// Anna says `text` under the id `number`; answers the account that a reader should give of it.
  Account store(std::uint8_t number, const std::string& text, const std::string& name = "Anna",
                const std::string& room = "lobby") {
    wire::pb::Event event;
    event.set_time_ms(1000U + number);
    event.set_id(id_of(number).bytes.data(), 16);
    event.set_name(name);
    event.mutable_message()->set_text(text);
    const log::Batch batch{
        .drafts = {{.room = room, .id = id_of(number), .body = wire::encode_event_body(event), .time_ms = 1}},
        .claims = {}};
    EXPECT_TRUE(store_.append(batch).has_value());
    archive_.look();
    return Account::of(event);
  }

  log::MemoryStore store_;
  Archive archive_{store_};
  Complaints complaints_;
};

}  // namespace confab::sim
