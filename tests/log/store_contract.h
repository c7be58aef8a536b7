// SPDX-License-Identifier: MIT
// What every Store promises, as tests. A store passes by
//
//   INSTANTIATE_TYPED_TEST_SUITE_P(Name, StoreContract, Backend);
//
// where a default-constructed Backend has a fresh, empty store as `Store& store()`.
#pragma once

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "log/store_script.h"

namespace confab::log {

template <typename Backend>
class StoreContract : public testing::Test {
 protected:
  Store& store() { return backend_.store(); }

 private:
  Backend backend_;
};

TYPED_TEST_SUITE_P(StoreContract);

TYPED_TEST_P(StoreContract, StartsEmpty) {
  EXPECT_EQ(rooms(this->store()), "");
  EXPECT_EQ(claims(this->store()), "");
  EXPECT_EQ(read(this->store(), "lobby"), "");
}

TYPED_TEST_P(StoreContract, GivesEachRoomItsOwnSeqsInOrder) {
  EXPECT_EQ(append(this->store(), {draft("lobby", "a"), draft("tea", "b"), draft("lobby", "c")}), "1 1 2");
  EXPECT_EQ(append(this->store(), {draft("tea", "d"), draft("lobby", "e")}), "2 3");
  EXPECT_EQ(read(this->store(), "lobby"), "1=a 2=c 3=e");
  EXPECT_EQ(read(this->store(), "tea"), "1=b 2=d");
}

TYPED_TEST_P(StoreContract, AnswersADuplicateInALaterBatchWithTheFirstSeq) {
  append(this->store(), {draft("lobby", "a"), draft("lobby", "b")});
  EXPECT_EQ(append(this->store(), {draft("lobby", "a", bytes_of("other")), draft("lobby", "c")}), "1d 3");
  EXPECT_EQ(read(this->store(), "lobby"), "1=a 2=b 3=c");
}

TYPED_TEST_P(StoreContract, AnswersADuplicateInTheSameBatchWithTheFirstSeq) {
  EXPECT_EQ(append(this->store(), {draft("lobby", "a"), draft("lobby", "a"), draft("lobby", "b")}), "1 1d 2");
  EXPECT_EQ(read(this->store(), "lobby"), "1=a 2=b");
}

TYPED_TEST_P(StoreContract, LeavesNoGapBehindABatchOfDuplicates) {
  append(this->store(), {draft("lobby", "a")});
  EXPECT_EQ(append(this->store(), {draft("lobby", "a"), draft("lobby", "a")}), "1d 1d");
  EXPECT_EQ(append(this->store(), {draft("lobby", "b")}), "2");
  EXPECT_EQ(rooms(this->store()), "lobby:2");
}

TYPED_TEST_P(StoreContract, TakesAnIdOncePerRoom) {
  EXPECT_EQ(append(this->store(), {draft("lobby", "a"), draft("tea", "a")}), "1 1");
  EXPECT_EQ(append(this->store(), {draft("tea", "a")}), "1d");
}

TYPED_TEST_P(StoreContract, TellsIdsApartByTheirLastByte) {
  Draft first = draft("lobby", "a");
  Draft second = first;
  second.id.bytes.back() = 1;
  EXPECT_EQ(append(this->store(), {first, second}), "1 2");
}

TYPED_TEST_P(StoreContract, ReadsWhatWasAskedFor) {
  append(this->store(), {draft("lobby", "aa"), draft("lobby", "bb"), draft("lobby", "cc"), draft("lobby", "dd")});
  EXPECT_EQ(read(this->store(), "lobby", 3), "3=cc 4=dd");
  EXPECT_EQ(read(this->store(), "lobby", 2, 2), "2=bb 3=cc");
  EXPECT_EQ(read(this->store(), "lobby", 1, 0), "") << "no event is asked for";
  EXPECT_EQ(read(this->store(), "lobby", 0), "1=aa 2=bb 3=cc 4=dd") << "a log begins at 1";
}

TYPED_TEST_P(StoreContract, ReadsAboutAsManyBytesAsAskedForButAtLeastOneEvent) {
  append(this->store(), {draft("lobby", "aa"), draft("lobby", "bb"), draft("lobby", "cc")});
  EXPECT_EQ(read(this->store(), "lobby", 1, no_limit, 4), "1=aa 2=bb");
  EXPECT_EQ(read(this->store(), "lobby", 1, no_limit, 5), "1=aa 2=bb");
  EXPECT_EQ(read(this->store(), "lobby", 2, no_limit, 0), "2=bb");
}

TYPED_TEST_P(StoreContract, ReadsNothingPastTheEnd) {
  append(this->store(), {draft("lobby", "a")});
  EXPECT_EQ(read(this->store(), "lobby", 2), "");
  EXPECT_EQ(read(this->store(), "lobby", std::numeric_limits<base::Seq>::max()), "");
  EXPECT_EQ(read(this->store(), "lobby", base::Seq{1} << 63), "");
  EXPECT_EQ(read(this->store(), "nowhere", 1), "");
  EXPECT_EQ(rooms(this->store()), "lobby:1") << "to ask for a room does not make it";
}

TYPED_TEST_P(StoreContract, KeepsEveryByteOfABody) {
  base::Bytes every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte.push_back(static_cast<std::uint8_t>(byte));
  base::Bytes large(64 * 1024);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * i >> 3);

  EXPECT_EQ(append(this->store(),
                   {draft("lobby", "a", every_byte), draft("lobby", "b", large), draft("lobby", "c", base::Bytes())}),
            "1 2 3");
  const auto records = this->store().read("lobby", 1, no_limit, no_limit);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3U);
  EXPECT_EQ(records->at(0).body, every_byte);
  EXPECT_EQ(records->at(1).body, large);
  EXPECT_EQ(records->at(2).body, base::Bytes());
}

TYPED_TEST_P(StoreContract, KeepsRoomsOfAnyScriptApart) {
  const std::string composed = "caf\u00e9";     // one code point
  const std::string decomposed = "cafe\u0301";  // two: the store compares bytes and leaves spelling to others
  EXPECT_EQ(
      append(this->store(), {draft(composed, "a"), draft(decomposed, "b"), draft("茶室", "c"), draft("чай", "d")}),
      "1 1 1 1");
  EXPECT_EQ(read(this->store(), composed), "1=a");
  EXPECT_EQ(read(this->store(), decomposed), "1=b");
  EXPECT_EQ(read(this->store(), "茶室"), "1=c");
  EXPECT_EQ(rooms(this->store()), decomposed + ":1 " + composed + ":1 чай:1 茶室:1");
}

TYPED_TEST_P(StoreContract, SumsUpItsRooms) {
  append(this->store(), {draft("tea", "a"), draft("lobby", "b"), draft("tea", "c"), draft("lobby", "b")});
  EXPECT_EQ(rooms(this->store()), "lobby:1 tea:2");
}

TYPED_TEST_P(StoreContract, GivesANameToItsFirstOwner) {
  EXPECT_EQ(append(this->store(), {}, {claim("bob", 2), claim("ada", 1), claim("ada", 9)}), "");
  EXPECT_EQ(append(this->store(), {draft("lobby", "a")}, {claim("bob", 8), claim("bob", 2), claim("cy", 3)}), "1");
  EXPECT_EQ(claims(this->store()), "ada:1 bob:2 cy:3");
}

TYPED_TEST_P(StoreContract, KnowsWhoIsInWhichRoom) {
  append(this->store(), {joins(draft("lobby", "a"), "Ada"), joins(draft("lobby", "b"), "bob"),
                         joins(draft("lobby", "c"), "bob", 1), joins(draft("tea", "d"), "Ada")});
  EXPECT_EQ(members(this->store()), "lobby/Ada lobby/bob lobby/bob~1 tea/Ada");
  append(this->store(), {leaves(draft("lobby", "e"), "bob"), draft("lobby", "f"), leaves(draft("tea", "g"), "nobody")});
  EXPECT_EQ(members(this->store()), "lobby/Ada lobby/bob~1 tea/Ada");
}

TYPED_TEST_P(StoreContract, TakesMemberChangesInTheirOrder) {
  append(this->store(),
         {joins(draft("lobby", "a"), "ada"), leaves(draft("lobby", "b"), "ada"), joins(draft("lobby", "c"), "ADA")});
  EXPECT_EQ(members(this->store()), "lobby/ADA") << "one member, as it last spelled its name";
  append(this->store(), {joins(draft("tea", "d"), "cy"), leaves(draft("tea", "e"), "cy")});
  EXPECT_EQ(members(this->store()), "lobby/ADA");
}

TYPED_TEST_P(StoreContract, LetsADuplicateChangeNothing) {
  append(this->store(), {at(5, joins(draft("lobby", "a"), "ada"))});
  append(this->store(), {at(6, leaves(draft("lobby", "b"), "ada"))});
  EXPECT_EQ(append(this->store(), {at(7, joins(draft("lobby", "a"), "ada"))}), "1d");
  EXPECT_EQ(members(this->store()), "");
  EXPECT_EQ(ends(this->store()), "lobby:1-2@6");
}

TYPED_TEST_P(StoreContract, KeepsEachRoomsTopic) {
  append(this->store(), {sets(draft("lobby", "a"), "hello"), sets(draft("tea", "b"), "green"),
                         sets(draft("lobby", "c"), "welcome"), draft("lobby", "d")});
  EXPECT_EQ(topics(this->store()), "lobby=welcome tea=green");
  EXPECT_EQ(append(this->store(), {sets(draft("lobby", "a"), "hello")}), "1d");
  append(this->store(), {sets(draft("tea", "e"), "")});
  EXPECT_EQ(topics(this->store()), "lobby=welcome") << "a duplicate changes nothing, an empty topic is none";
}

TYPED_TEST_P(StoreContract, KeepsATopicLongerThanItsEvent) {
  append(this->store(), {sets(draft("lobby", "a"), "hello"), draft("lobby", "b")});
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_seq = 2, .count_max = 9}), "1 removed, kept from 2@0");
  EXPECT_EQ(topics(this->store()), "lobby=hello");
}

TYPED_TEST_P(StoreContract, MovesMarkersOnButNeverBack) {
  const auto mark = [this](std::vector<ReadMarker> moved) {
    EXPECT_TRUE(this->store().append({.drafts = {}, .claims = {}, .markers = std::move(moved)}));
    return markers(this->store());
  };
  append(this->store(), {draft("lobby", "a"), draft("tea", "b")});
  EXPECT_EQ(mark({{"bob", "tea", 1}, {"ada", "tea", 2}, {"ada", "lobby", 3}}), "ada/lobby:3 ada/tea:2 bob/tea:1");
  EXPECT_EQ(mark({{"bob", "tea", 5}, {"ada", "tea", 1}, {"ada", "lobby", 3}}), "ada/lobby:3 ada/tea:2 bob/tea:5");
  EXPECT_EQ(mark({{"bob", "tea", 7}, {"bob", "tea", 6}, {"bob", "nowhere", 1}}), "ada/lobby:3 ada/tea:2 bob/tea:7");
  EXPECT_EQ(rooms(this->store()), "lobby:1 tea:1") << "to mark a room does not make it";
}

TYPED_TEST_P(StoreContract, LetsNoTimeFall) {
  append(this->store(), {at(100, draft("lobby", "a")), at(300, draft("lobby", "b")), at(200, draft("lobby", "c"))});
  EXPECT_EQ(ends(this->store()), "lobby:1-3@300");
  append(this->store(), {at(250, draft("lobby", "d")), at(1, draft("tea", "e"))});
  EXPECT_EQ(ends(this->store()), "lobby:1-4@300 tea:1-1@1");
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_ms = 300, .count_max = 9}), "1 removed, kept from 2@300");
}

TYPED_TEST_P(StoreContract, RemovesFromTheFront) {
  append(this->store(), {at(1, draft("lobby", "a")), at(2, draft("lobby", "b")), at(3, draft("lobby", "c")),
                         at(4, draft("lobby", "d"))});
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_seq = 2, .count_max = 9}), "1 removed, kept from 2@2");
  EXPECT_EQ(read(this->store(), "lobby"), "2=b 3=c 4=d") << "a read begins with the oldest that is kept";
  EXPECT_EQ(read(this->store(), "lobby", 3), "3=c 4=d");
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_ms = 3, .count_max = 9}), "1 removed, kept from 3@3");
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_seq = 2, .keep_ms = 3, .count_max = 9}),
            "0 removed, kept from 3@3");
  EXPECT_EQ(ends(this->store()), "lobby:3-4@4");
  EXPECT_EQ(append(this->store(), {draft("lobby", "e")}), "5");
  EXPECT_EQ(read(this->store(), "lobby"), "3=c 4=d 5=e");
}

TYPED_TEST_P(StoreContract, RemovesAsManyAsItMay) {
  append(this->store(), {draft("lobby", "a"), draft("lobby", "b"), draft("lobby", "c"), draft("lobby", "d")});
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_seq = 4, .count_max = 2}), "2 removed, kept from 3@0 …");
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_seq = 4, .count_max = 0}), "0 removed, kept from 3@0 …");
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_seq = 4, .count_max = 1}), "1 removed, kept from 4@0");
}

TYPED_TEST_P(StoreContract, NeverRemovesTheNewest) {
  append(this->store(), {draft("lobby", "a"), draft("lobby", "b")});
  const auto max = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .keep_seq = max, .keep_ms = max, .count_max = no_limit}),
            "1 removed, kept from 2@0");
  EXPECT_EQ(read(this->store(), "lobby"), "2=b");
  EXPECT_EQ(trim(this->store(), {.room = "nowhere", .keep_seq = 9, .count_max = 9}), "0 removed, kept from 1@0");
  EXPECT_EQ(rooms(this->store()), "lobby:2") << "to trim a room does not make it";
}

TYPED_TEST_P(StoreContract, KnowsARemovedEventAgain) {
  append(this->store(), {joins(draft("lobby", "a"), "ada"), leaves(draft("lobby", "b"), "ada"), draft("lobby", "c")});
  trim(this->store(), {.room = "lobby", .keep_seq = 3, .count_max = 9});
  EXPECT_EQ(append(this->store(), {joins(draft("lobby", "a"), "ada"), draft("lobby", "d"), draft("lobby", "b")}),
            "1d 4 2d");
  EXPECT_EQ(members(this->store()), "");
  EXPECT_EQ(append(this->store(), {draft("tea", "a")}), "1") << "ids are a room's own";
}

TYPED_TEST_P(StoreContract, ForgetsARemovedEventAfterAWhile) {
  append(this->store(),
         {at(1, draft("lobby", "a")), at(2, draft("lobby", "b")), at(removed_ids_kept_ms + 1, draft("lobby", "c"))});
  trim(this->store(), {.room = "lobby", .keep_seq = 3, .count_max = 9});
  EXPECT_EQ(append(this->store(), {draft("lobby", "a"), draft("lobby", "b")}), "1d 2d");
  append(this->store(), {at(removed_ids_kept_ms + 2, draft("lobby", "d"))});
  EXPECT_EQ(trim(this->store(), {.room = "lobby", .count_max = 9}), "0 removed, kept from 3@2592000001");
  EXPECT_EQ(append(this->store(), {draft("lobby", "b"), draft("lobby", "a")}), "2d 5") << "the older one is new again";
}

TYPED_TEST_P(StoreContract, ForgetsTwiceAsManyAsItRemovesAtMost) {
  append(this->store(), {draft("lobby", "a"), draft("lobby", "b"), draft("lobby", "c"), draft("lobby", "d")});
  trim(this->store(), {.room = "lobby", .keep_seq = 4, .count_max = 9});
  append(this->store(), {at(2 * removed_ids_kept_ms, draft("lobby", "e"))});
  trim(this->store(), {.room = "lobby", .count_max = 1});
  EXPECT_EQ(append(this->store(), {draft("lobby", "c"), draft("lobby", "b"), draft("lobby", "a")}), "3d 6 7");
}

TYPED_TEST_P(StoreContract, TakesAnEmptyBatch) {
  EXPECT_EQ(append(this->store(), {}), "");
  EXPECT_EQ(rooms(this->store()), "");
}

TYPED_TEST_P(StoreContract, KeepsALongLogInOrder) {
  constexpr base::Seq count = 5000;
  for (base::Seq seq = 1; seq <= count;) {
    Batch batch;
    for (int i = 0; i < 64 && seq <= count; ++i, ++seq) batch.drafts.push_back(draft("lobby", std::to_string(seq)));
    ASSERT_TRUE(this->store().append(batch));
  }
  const auto records = this->store().read("lobby", 1, no_limit, no_limit);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), count);
  for (base::Seq seq = 1; seq <= count; ++seq) {
    ASSERT_EQ(records->at(seq - 1).seq, seq);
    ASSERT_EQ(base::as_text(records->at(seq - 1).body), std::to_string(seq));
  }
}

REGISTER_TYPED_TEST_SUITE_P(StoreContract, StartsEmpty, GivesEachRoomItsOwnSeqsInOrder,
                            AnswersADuplicateInALaterBatchWithTheFirstSeq,
                            AnswersADuplicateInTheSameBatchWithTheFirstSeq, LeavesNoGapBehindABatchOfDuplicates,
                            TakesAnIdOncePerRoom, TellsIdsApartByTheirLastByte, ReadsWhatWasAskedFor,
                            ReadsAboutAsManyBytesAsAskedForButAtLeastOneEvent, ReadsNothingPastTheEnd,
                            KeepsEveryByteOfABody, KeepsRoomsOfAnyScriptApart, SumsUpItsRooms,
                            GivesANameToItsFirstOwner, KnowsWhoIsInWhichRoom, TakesMemberChangesInTheirOrder,
                            LetsADuplicateChangeNothing, KeepsEachRoomsTopic, KeepsATopicLongerThanItsEvent,
                            MovesMarkersOnButNeverBack, LetsNoTimeFall, RemovesFromTheFront, RemovesAsManyAsItMay,
                            NeverRemovesTheNewest, KnowsARemovedEventAgain, ForgetsARemovedEventAfterAWhile,
                            ForgetsTwiceAsManyAsItRemovesAtMost, TakesAnEmptyBatch, KeepsALongLogInOrder);

}  // namespace confab::log
