// SPDX-License-Identifier: MIT
// What waits for one room.
#include <gtest/gtest.h>

#include "client/memory_outbox_store.h"
#include "outbox_program.h"

namespace confab::client {
namespace {

TEST(OutboxRooms, WhatWaitsForARoomIsTold) {
  MemoryOutboxStore store;
  {
    Program killed(&store);
    killed.type("ab");
    killed.keep();
  }
  Program next(&store);
  next.type("c");
  StoredEntry elsewhere = Program::message('d');
  elsewhere.room = "dev";
  next.outbox.add(elsewhere);
  next.outbox.adopt();
  const auto texts_for = [&](const std::string& room) {
    std::string texts;
    for (const StoredEntry& entry : next.outbox.entries_for(room)) texts += entry.content.text;
    return texts;
  };
  EXPECT_EQ(texts_for("lobby"), "abc");
  EXPECT_EQ(texts_for("dev"), "d");
  EXPECT_EQ(texts_for("garden"), "");
  next.keep();
  next.send_all();
  next.outbox.accept(1, 1);
  EXPECT_EQ(texts_for("lobby"), "bc") << "it is stored";
}

}  // namespace
}  // namespace confab::client
