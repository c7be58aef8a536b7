// SPDX-License-Identifier: MIT
#include "sim/reader_check.h"

#include <string>
#include <vector>

#include "check_test.h"

namespace confab::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReaderCheckTest : public CheckTest {
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
      [](Account& account) { account.verified = false; }, [](Account& account) { account.kind = Account::Kind::lost; },
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
  check_.ended();
  check_.ended();
  hear({2});
  EXPECT_THAT(complaints_.all(),
              ElementsAre(HasSubstr("before it is opened"), HasSubstr("ends twice"), HasSubstr("after its end")));
}

TEST_F(ReaderCheckTest, IsOpenedOnEachConnectionWhereItGoesOn) {
  open(2);
  hear({2, 3});
  open(4);
  EXPECT_THAT(complaints_.all(), ElementsAre());
  open(2);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("is to get 2 where 4 should follow")));
}

TEST_F(ReaderCheckTest, TellsWhereAnotherReaderMustGoOn) {
  EXPECT_EQ(check_.resume().seq, 2U);
  open(2);
  hear({2, 3});
  EXPECT_EQ(check_.resume().seq, 4U);
}

}  // namespace
}  // namespace confab::sim
