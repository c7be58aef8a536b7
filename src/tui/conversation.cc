// SPDX-License-Identifier: MIT
#include "tui/conversation.h"

#include <fmt/format.h>

namespace confab::tui {

namespace {

int exit_code_of(Link::Failure failure) {
  switch (failure) {
    case Link::Failure::unreachable:
      return exit_codes::unreachable;
    case Link::Failure::untrusted:
      return exit_codes::untrusted;
    case Link::Failure::not_allowed:
      return exit_codes::not_allowed;
    case Link::Failure::none:
    case Link::Failure::protocol:
      break;
  }
  return exit_codes::failed;
}

}  // namespace

std::string queued_notice(std::string_view why) {
  return fmt::format("{}: not stored yet; it is queued and goes out with the next confab", why);
}

bool Conversation::end_on_failure(const Event& event) {
  if (const auto* warning = std::get_if<Warning>(&event)) errors_ += fmt::format("confab: {}\n", warning->text);
  const auto* link = std::get_if<Link>(&event);
  if (link == nullptr) return false;
  if (link->state == Link::State::online) was_online_ = true;
  if (link->state == Link::State::offline && !was_online_) {
    fail(exit_codes::unreachable, link->text);
    return true;
  }
  if (link->state != Link::State::failed) return false;
  // Trying again does not mend this, and what waits is not to go out on its own one day: the user must decide first
  // whether it is still meant for whoever is there.
  client_.withdraw(link->text);
  // The program that judged the key has said what is wrong with it, in more words than fit here.
  if (link->failure == Link::Failure::untrusted) {
    end(exit_codes::untrusted);
  } else {
    fail(exit_code_of(link->failure), link->text);
  }
  return true;
}

void Conversation::leave_unsettled(int otherwise, std::string_view why) {
  if (client_.unsettled() == 0 || !client_.keeps_unsettled()) return fail(otherwise, why);
  fail(exit_codes::queued, queued_notice(why));
}

void Conversation::fail(int exit_code, std::string_view why) {
  errors_ += fmt::format("confab: {}\n", why);
  end(exit_code);
}

}  // namespace confab::tui
