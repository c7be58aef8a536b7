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
  // The program that judged the key has said what is wrong with it, in more words than fit here.
  if (link->failure == Link::Failure::untrusted) {
    end(exit_codes::untrusted);
  } else {
    fail(exit_code_of(link->failure), link->text);
  }
  return true;
}

void Conversation::fail(int exit_code, std::string_view why) {
  errors_ += fmt::format("confab: {}\n", why);
  end(exit_code);
}

}  // namespace confab::tui
