// SPDX-License-Identifier: MIT
// Each check is shown a run that keeps its promise and then, one by one, the ways to break it: a check that cannot fail
// is none.
#include "sim/checkers.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log/memory_store.h"

namespace confab::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

base::MessageId id_of(std::uint8_t number) {
  base::MessageId id;
  id.bytes[15] = number;
  return id;
}

/// A store that is filled by hand.
class CheckersTest : public testing::Test {
 protected:
  /// Anna says `text` under the id `number`; answers the account that a reader should give of it.
  Account store(std::uint8_t number, const std::string& text, const std::string& name = "Anna",
                const std::string& room = "lobby") {
    wire::pb::Event event;
    event.set_time_ms(1000 + number);
    event.set_id(id_of(number).bytes.data(), 16);
    event.set_name(name);
    event.mutable_message()->set_text(text);
    EXPECT_TRUE(
        store_.append({.drafts = {{room, id_of(number), wire::encode_event_body(event)}}, .claims = {}}).has_value());
    return Account::of(event);
  }

  static Message line(const std::string& name, const std::string& text) {
    Message message;
    message.name = name;
    message.text = text;
    return message;
  }

  static Status stored(std::uint8_t number, base::Seq seq) {
    return {id_of(number).to_string(), "lobby", Status::State::stored, seq, {}};
  }
  static Status refused(std::uint8_t number) {
    return {id_of(number).to_string(), "lobby", Status::State::refused, 0, "too long"};
  }

  log::MemoryStore store_;
  Archive archive_{store_};
  Complaints complaints_;
};

class ReaderCheckTest : public CheckersTest {
 protected:
  ReaderCheckTest() {
    for (std::uint8_t number = 1; number <= 5; ++number) accounts_.push_back(store(number, "text"));
  }

  /// Hears these events of the lobby.
  void hear(std::initializer_list<base::Seq> seqs) {
    for (const base::Seq seq : seqs) check_.heard("lobby", seq, accounts_.at(seq - 1));
  }
  void open(base::Seq first) { check_.opened({.request = 1, .room = "lobby", .first_seq = first, .end_seq = 5}); }

  std::vector<Account> accounts_;
  ReaderCheck check_{"Bert", "lobby", {.seq = 2, .newest = 0}, archive_, complaints_};
};

TEST_F(ReaderCheckTest, IsContentWithARunOfTheLog) {
  EXPECT_FALSE(check_.has_all());
  open(2);
  hear({2, 3, 4, 5});
  EXPECT_TRUE(check_.has_all());
  EXPECT_THAT(complaints_.all(), IsEmpty());
}

TEST_F(ReaderCheckTest, KnowsWhatIsMissing) {
  EXPECT_THAT(check_.missing(), HasSubstr("never opened"));
  open(2);
  hear({2, 3});
  EXPECT_FALSE(check_.has_all());
  EXPECT_THAT(check_.missing(), HasSubstr("up to 3 of 5"));
}

TEST_F(ReaderCheckTest, WantsToGoOnAsTheLogGrows) {
  open(2);
  hear({2, 3, 4, 5});
  accounts_.push_back(store(6, "news"));
  EXPECT_FALSE(check_.has_all());
  hear({6});
  EXPECT_TRUE(check_.has_all());
}

TEST_F(ReaderCheckTest, ComplainsOfAGap) {
  open(2);
  hear({2, 4});
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("gets event 4 where 3 should follow")));
}

TEST_F(ReaderCheckTest, ComplainsOfARepetition) {
  open(2);
  hear({2, 3, 3});
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("gets event 3 where 4 should follow")));
}

TEST_F(ReaderCheckTest, ComplainsOfAnEventBeforeItIsDurable) {
  open(2);
  hear({2, 3, 4, 5});
  check_.heard("lobby", 6, accounts_[0]);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("gets event 6, which is not durable")));
}

TEST_F(ReaderCheckTest, ComplainsOfEveryDifferenceToTheStore) {
  const std::vector<void (*)(Account&)> changes = {
      [](Account& account) { account.text = "another"; }, [](Account& account) { account.name = "Eve"; },
      [](Account& account) { account.id = "00"; },        [](Account& account) { account.time_ms += 1; },
      [](Account& account) { account.verified = false; }, [](Account& account) { account.kind = Account::Kind::left; },
  };
  for (const auto change : changes) {
    Complaints complaints;
    ReaderCheck check("Bert", "lobby", {.seq = 2, .newest = 0}, archive_, complaints);
    check.opened({.request = 1, .room = "lobby", .first_seq = 2, .end_seq = 5});
    Account account = accounts_[1];
    change(account);
    check.heard("lobby", 2, account);
    EXPECT_THAT(complaints.all(), ElementsAre(HasSubstr("the store has [Anna says \"text\"")));
  }
}

TEST_F(ReaderCheckTest, ComplainsOfAnotherRoom) {
  open(2);
  check_.heard("den", 2, accounts_[1]);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("of #den")));
}

TEST_F(ReaderCheckTest, ComplainsOfTheWrongBeginning) {
  open(3);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is to get 3 first")));
}

TEST_F(ReaderCheckTest, CountsTheNewestFromTheEnd) {
  const auto complaints_at = [this](Start start, base::Seq first) {
    Complaints complaints;
    ReaderCheck check("Bert", "lobby", start, archive_, complaints);
    check.opened({.request = 1, .room = "lobby", .first_seq = first, .end_seq = 5});
    return complaints.all().size();
  };
  EXPECT_EQ(complaints_at({.seq = 0, .newest = 2}, 4), 0U);
  EXPECT_EQ(complaints_at({.seq = 0, .newest = 2}, 5), 1U);
  EXPECT_EQ(complaints_at({.seq = 0, .newest = 9}, 1), 0U);
  EXPECT_EQ(complaints_at({.seq = 0, .newest = 0}, 6), 0U);
  EXPECT_EQ(complaints_at({.seq = 9, .newest = 0}, 6), 0U);
}

TEST_F(ReaderCheckTest, ComplainsOfWhatComesOutOfTurn) {
  hear({2});
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("before it is opened")));
  open(2);
  open(2);
  check_.ended();
  check_.ended();
  hear({2});
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("before it is opened"), HasSubstr("opened twice"),
                                             HasSubstr("ends twice"), HasSubstr("after its end")));
}

class MessageCheckTest : public CheckersTest {
 protected:
  void send(std::uint8_t number, const std::string& text) {
    check_.sent("Anna", id_of(number).to_string(), "lobby", text);
  }
  void finish() { check_.finish({"toy"}); }

  MessageCheck check_{archive_, complaints_};
};

TEST_F(MessageCheckTest, IsContentWithTrueAnswers) {
  send(1, "one");
  send(2, "two");
  check_.sent_in_vain("Anna", id_of(3).to_string(), "lobby", "three");
  check_.told({id_of(1).to_string(), "lobby", Status::State::queued, 0, {}});
  store(1, "one");
  store(9, "from a toy", "toy");
  store(2, "two");
  check_.told(stored(1, 1));
  check_.told(stored(2, 3));
  check_.told(refused(3));
  finish();
  EXPECT_THAT(complaints_.all(), IsEmpty());
  EXPECT_EQ(check_.count(), 3U);
}

TEST_F(MessageCheckTest, ComplainsOfAnAnswerBeforeItIsTrue) {
  send(1, "one");
  check_.told(stored(1, 1));
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("the store has there: nothing")));
}

TEST_F(MessageCheckTest, ComplainsOfAWrongPlace) {
  send(1, "one");
  send(2, "two");
  store(1, "one");
  store(2, "two");
  check_.told(stored(1, 2));
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("the store has there: Anna says \"two\"")));
}

TEST_F(MessageCheckTest, ComplainsOfAChangedText) {
  send(1, "one");
  store(1, "other");
  check_.told(stored(1, 1));
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("was stored as: Anna says \"other\"")));
}

TEST_F(MessageCheckTest, ComplainsOfAnotherAuthor) {
  send(1, "one");
  store(1, "one", "Eve");
  check_.told(stored(1, 1));
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("was stored as: Eve")));
}

TEST_F(MessageCheckTest, ComplainsOfASecondAnswer) {
  send(1, "one");
  store(1, "one");
  check_.told(stored(1, 1));
  check_.told(stored(1, 1));
  EXPECT_THAT(complaints_.all(),
              ElementsAre(HasSubstr("is told the fate of message 00000000000000000000000000000001 twice")));
}

TEST_F(MessageCheckTest, ComplainsOfAMissingAnswer) {
  send(1, "one");
  store(1, "one");
  finish();
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("Anna was never told the fate")));
}

TEST_F(MessageCheckTest, ComplainsOfARefusalWithoutReason) {
  send(1, "one");
  check_.told(refused(1));
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is refused message")));
}

TEST_F(MessageCheckTest, ComplainsOfARefusedMessageInTheStore) {
  check_.sent_in_vain("Anna", id_of(1).to_string(), "lobby", "one");
  check_.told(refused(1));
  store(1, "one");
  finish();
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is refused; it is in the store 1 times")));
}

TEST_F(MessageCheckTest, ComplainsOfAMessageThatNobodySent) {
  store(1, "one");
  check_.told(stored(2, 1));
  finish();
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("nobody sent"), HasSubstr("was never sent there")));
}

TEST_F(MessageCheckTest, ComplainsOfAMessageInAnotherRoom) {
  send(1, "one");
  store(1, "one");
  store(1, "one", "Anna", "den");
  check_.told(stored(1, 1));
  finish();
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("event 1 of #den was never sent there")));
}

TEST_F(MessageCheckTest, ComplainsOfAnIdUsedTwice) {
  send(1, "one");
  send(1, "one");
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("a second time")));
}

class PlainCheckTest : public CheckersTest {
 protected:
  PlainCheckTest() {
    store(1, "before");
    store(2, "hello", "toy");
    store(3, "one\ntwo");
    check_.sent("hello");
  }

  PlainCheck check_{"toy", archive_, complaints_};
};

TEST_F(PlainCheckTest, IsContentWithAllLinesOfOthers) {
  check_.heard(line("Anna", "one"));
  check_.heard(line("Anna", "two"));
  check_.finish();
  EXPECT_THAT(complaints_.all(), IsEmpty());
}

TEST_F(PlainCheckTest, AllowsWhatWasOnItsWayBefore) {
  check_.heard(line("Anna", "before"));
  check_.heard(line("Anna", "one"));
  check_.heard(line("Anna", "two"));
  check_.finish();
  EXPECT_THAT(complaints_.all(), IsEmpty());
}

TEST_F(PlainCheckTest, ComplainsOfAMissingLine) {
  check_.heard(line("Anna", "one"));
  check_.finish();
  EXPECT_THAT(complaints_.all(),
              ElementsAre(HasSubstr("heard 1 lines and should have heard 2; they differ from line 2")));
}

TEST_F(PlainCheckTest, ComplainsOfALineTwiceAndOfTheWrongOrder) {
  for (const char* text : {"two", "one"}) check_.heard(line("Anna", text));
  check_.finish();
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("differ from line 1")));
  check_.heard(line("Anna", "one"));
  check_.finish();
  EXPECT_EQ(complaints_.all().size(), 2U);
}

TEST_F(PlainCheckTest, ComplainsOfItsOwnEcho) {
  check_.heard(line("toy", "hello"));
  check_.heard(line("Anna", "one"));
  check_.heard(line("Anna", "two"));
  check_.finish();
  EXPECT_EQ(complaints_.all().size(), 1U);
}

TEST_F(PlainCheckTest, ComplainsOfALineThatWasNotStored) {
  check_.sent("lost");
  check_.heard(line("Anna", "one"));
  check_.heard(line("Anna", "two"));
  check_.finish();
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("sent 2 lines, the store has 1 of them")));
}

}  // namespace
}  // namespace confab::sim
