// SPDX-License-Identifier: MIT
#include "sim/plain_check.h"

#include <string>

#include "check_test.h"

namespace confab::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PlainCheckTest : public CheckTest {
 protected:
  PlainCheckTest() {
    store(1, "before");
    store(2, "hello", "toy");
    store(3, "one\ntwo");
    check_.sent("hello");
  }

  static Message line(const std::string& name, const std::string& text) {
    Message message;
    message.name = name;
    message.text = text;
    return message;
  }

  PlainCheck check_{"toy", archive_, complaints_};
};

TEST_F(PlainCheckTest, IsContentWithAllLinesOfOthers) {
  check_.heard(line("Anna", "one"));
  check_.heard(line("Anna", "two"));
  check_.finish(true);
  EXPECT_THAT(complaints_.all(), IsEmpty());
}

TEST_F(PlainCheckTest, AllowsWhatWasOnItsWayBefore) {
  check_.heard(line("Anna", "before"));
  check_.heard(line("Anna", "one"));
  check_.heard(line("Anna", "two"));
  check_.finish(true);
  EXPECT_THAT(complaints_.all(), IsEmpty());
}

TEST_F(PlainCheckTest, ComplainsOfAMissingLine) {
  check_.heard(line("Anna", "one"));
  check_.finish(true);
  EXPECT_THAT(complaints_.all(),
              ElementsAre(HasSubstr("heard 1 lines and should have heard 2; they differ from line 2")));
}

TEST_F(PlainCheckTest, ComplainsOfALineTwiceAndOfTheWrongOrder) {
  for (const char* text : {"two", "one"}) check_.heard(line("Anna", text));
  check_.finish(true);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("differ from line 1")));
  check_.heard(line("Anna", "one"));
  check_.finish(true);
  EXPECT_EQ(complaints_.all().size(), 2U);
}

TEST_F(PlainCheckTest, ComplainsOfItsOwnEcho) {
  check_.heard(line("toy", "hello"));
  check_.heard(line("Anna", "one"));
  check_.heard(line("Anna", "two"));
  check_.finish(true);
  EXPECT_EQ(complaints_.all().size(), 1U);
}

TEST_F(PlainCheckTest, ComplainsOfALineThatWasNotStored) {
  check_.sent("lost");
  check_.heard(line("Anna", "one"));
  check_.heard(line("Anna", "two"));
  check_.finish(true);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("sent 2 lines, the store has 1 of them")));
}

TEST_F(PlainCheckTest, AllowsThatLinesAreMissingWhereTheServerFailed) {
  check_.sent("lost");
  check_.heard(line("Anna", "before"));
  check_.heard(line("confab", "not stored: the server's disk is full"));
  check_.heard(line("Anna", "two"));
  check_.finish(false);
  EXPECT_THAT(complaints_.all(), IsEmpty());
}

TEST_F(PlainCheckTest, WantsTheOrderEvenWhereTheServerFailed) {
  for (const char* text : {"two", "before"}) check_.heard(line("Anna", text));
  check_.finish(false);
  EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr("in another order")));
}

}  // namespace
}  // namespace confab::sim
