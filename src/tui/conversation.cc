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
  // whether it is still meant for whoever is there. A server that breaks the protocol is the right one all the same.
  if (link->failure != Link::Failure::protocol) client_.withdraw(link->text);
  failure_ = *link;
  return true;
}

void Conversation::end_turn() {
  if (exit_code_) return;
  if (failure_) return end_failed(*failure_);
  caught_up();
}

void Conversation::end_failed(const Link& link) {
  const int code = exit_code_of(link.failure);
  if (link.failure == Link::Failure::protocol) return leave_unsettled(code, link.text);
  // The program that judged the key says what is wrong with it, in more words than fit here.
  if (link.failure != Link::Failure::untrusted) errors_ += fmt::format("confab: {}\n", link.text);
  if (const std::size_t left = client_.unsettled(); left > 0) {
    errors_ +=
        client_.keeps_unsettled()
            ? fmt::format(
                  "confab: {} message(s) of before are not stored yet; queued, they go out with the next confab\n",
                  left)
            : fmt::format("confab: {} message(s) of before may be lost\n", left);
  }
  end(code);
}

void Conversation::leave_unsettled(int otherwise, std::string_view why) {
  if (client_.unsettled() == 0) return fail(otherwise, why);
  if (!client_.keeps_unsettled())
    return fail(otherwise, fmt::format("{}; {} message(s) may be lost", why, client_.unsettled()));
  fail(exit_codes::queued, queued_notice(why));
}

void Conversation::fail(int exit_code, std::string_view why) {
  errors_ += fmt::format("confab: {}\n", why);
  end(exit_code);
}

}  // namespace confab::tui
