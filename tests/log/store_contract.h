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
                            GivesANameToItsFirstOwner, TakesAnEmptyBatch, KeepsALongLogInOrder);

}  // namespace confab::log
