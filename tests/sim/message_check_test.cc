// SPDX-License-Identifier: MIT
#include "sim/message_check.h"

#include <string>

#include "check_test.h"

namespace confab::sim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MessageCheckTest : public CheckTest {
 protected:
  MessageCheckTest() {
    archive_.set_watcher([this](const std::string& room, base::Seq seq, const Account& account) {
      check_.stored(room, seq, account, account.name == "toy");
    });
  }

  void send(std::uint8_t number, const std::string& text) {
    check_.sent("laptop", "Anna", text_of(number), "lobby", text);
  }
  void send_in_vain(std::uint8_t number, const std::string& text) {
    check_.sent_in_vain("laptop", "Anna", text_of(number), "lobby", text);
  }
  void told_stored(std::uint8_t number, base::Seq seq) {
    check_.told({text_of(number), "lobby", Status::State::stored, seq, {}});
  }
  void told_refused(std::uint8_t number) { check_.told({text_of(number), "lobby", Status::State::refused, 0, "no"}); }

  MessageCheck check_{archive_, complaints_};
};

TEST_F(MessageCheckTest, IsContentWithTrueAnswers) {
  send(1, "one");
  send(2, "two");
  send_in_vain(3, "three");
  check_.told({text_of(1), "lobby", Status::State::queued, 0, {}});
  store(1, "one");
  store(9, "from a toy", "toy");
  store(2, "two");
  told_stored(1, 1);
  told_stored(2, 3);
  told_refused(3);
  check_.finish();
  EXPECT_THAT(complaints_.all(), IsEmpty());
  EXPECT_EQ(check_.count(), 3U);
  EXPECT_EQ(check_.count("laptop"), 3U);
}

TEST_F(MessageCheckTest, ComplainsOfAnAnswerBeforeItIsTrue) {
  send(1, "one");
  told_stored(1, 1);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("the store has there: nothing")));
}

TEST_F(MessageCheckTest, ComplainsOfAWrongPlace) {
  send(1, "one");
  send(2, "two");
  store(1, "one");
  store(2, "two");
  told_stored(1, 2);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("the store has there: Anna says \"two\"")));
}

TEST_F(MessageCheckTest, ComplainsOfAChangedText) {
  send(1, "one");
  store(1, "other");
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is stored as: Anna says \"other\"")));
}

TEST_F(MessageCheckTest, ComplainsOfAnotherAuthor) {
  send(1, "one");
  store(1, "one", "Eve");
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is stored as: Eve")));
}

TEST_F(MessageCheckTest, ComplainsOfAnotherOrderThanItWasTypedIn) {
  send(1, "one");
  send(2, "two");
  store(2, "two");
  store(1, "one");
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("event 2 of #lobby was typed before")));
}

TEST_F(MessageCheckTest, LetsATopicBeRefused) {
  check_.sent_if_member("laptop", "Anna", text_of(1), "lobby", "tea");
  told_refused(1);
  check_.finish();
  EXPECT_THAT(complaints_.all(), IsEmpty());
}

TEST_F(MessageCheckTest, ComplainsOfASecondAnswer) {
  send(1, "one");
  store(1, "one");
  told_stored(1, 1);
  told_stored(1, 1);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is told the fate of message " + text_of(1) + " twice")));
}

TEST_F(MessageCheckTest, LetsAClientThatCameAgainBeToldAgainButNothingElse) {
  send(1, "one");
  store(1, "one");
  told_stored(1, 1);
  check_.stopped("laptop", {text_of(1)});
  told_stored(1, 1);
  EXPECT_THAT(complaints_.all(), IsEmpty());
  check_.stopped("laptop", {});
  told_refused(1);
  EXPECT_THAT(complaints_.all(), Contains(HasSubstr("another fate")));
}

TEST_F(MessageCheckTest, ComplainsOfAMissingAnswer) {
  send(1, "one");
  store(1, "one");
  check_.finish();
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("laptop was never told the fate")));
}

TEST_F(MessageCheckTest, WantsWhatAKilledClientHadKeptInTheStore) {
  send(1, "one");
  send(2, "two");
  check_.stopped("laptop", {text_of(1)});
  check_.finish();
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("message " + text_of(1) + " of laptop is not in the store")));
}

TEST_F(MessageCheckTest, ComplainsOfARefusalWithoutReason) {
  send(1, "one");
  told_refused(1);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is refused message")));
}

TEST_F(MessageCheckTest, ComplainsOfARefusedMessageInTheStore) {
  send_in_vain(1, "one");
  told_refused(1);
  store(1, "one");
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("event 1 of #lobby was to be refused")));
}

TEST_F(MessageCheckTest, ComplainsOfARefusalOfWhatIsStored) {
  send(1, "one");
  store(1, "one");
  told_refused(1);
  EXPECT_THAT(complaints_.all(), Contains(HasSubstr("which is stored")));
}

TEST_F(MessageCheckTest, ComplainsOfAMessageThatNobodySent) {
  store(1, "one");
  told_stored(2, 1);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("was never sent there"), HasSubstr("nobody sent")));
}

TEST_F(MessageCheckTest, ComplainsOfAMessageInAnotherRoom) {
  send(1, "one");
  store(1, "one", "Anna", "den");
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("event 1 of #den was never sent there")));
}

TEST_F(MessageCheckTest, ComplainsOfAMessageThatIsInTheStoreTwice) {
  send(1, "one");
  store(1, "one");
  check_.stored("lobby", 2, *archive_.find("lobby", 1), false);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is event 1 of #lobby and event 2, too")));
}

TEST_F(MessageCheckTest, ComplainsOfAnIdUsedTwice) {
  send(1, "one");
  send(1, "one");
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("a second time")));
}

class ArchiveTest : public CheckTest {};

TEST_F(ArchiveTest, ComplainsOfAStoreThatForgets) {
  store(1, "one");
  store(2, "two");
  archive_.check_kept(complaints_);
  EXPECT_THAT(complaints_.all(), IsEmpty());
  ASSERT_TRUE(store_.trim({.room = "lobby", .keep_seq = 2, .count_max = 1}).has_value());
  archive_.check_kept(complaints_);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("they differ from event 1 on")));
}

}  // namespace
}  // namespace confab::sim
