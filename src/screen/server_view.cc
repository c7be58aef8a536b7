// SPDX-License-Identifier: MIT
#include "screen/server_view.h"

#include <algorithm>

#include "tui/printer.h"
#include "wire/names.h"

namespace confab::screen {

Window* ServerView::find(const std::string& room) const {
  const auto found = std::ranges::find_if(windows_, [&](const auto& window) { return window->room() == room; });
  return found == windows_.end() ? nullptr : found->get();
}

bool ServerView::take_back_name() {
  if (accepted_name_.empty() || accepted_name_ == name_) return false;
  name_ = accepted_name_;
  return true;
}

std::size_t ServerView::direct_count() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(windows_, [](const auto& window) { return wire::is_direct(window->room()); }));
}

Window& ServerView::open(const std::string& room, const prefs::Settings& settings) {
  if (Window* window = find(room)) {
    window->join();
    return *window;
  }
  Window& window = *windows_.emplace_back(std::make_unique<Window>(client(), room));
  window.set_me(name_, settings.highlights_of(room, name_), settings.ignore);
  window.set_online(state == Link::State::online);
  window.join();
  window.show_unsettled();
  return window;
}

void ServerView::close(const Window& window) {
  std::erase_if(windows_, [&](const auto& each) { return each.get() == &window; });
}

void ServerView::apply(const prefs::Settings& settings) {
  for (const auto& window : windows_) {
    window->set_me(name_, settings.highlights_of(window->room(), name_), settings.ignore);
  }
}

std::string ServerView::label_of(const std::string& room) const { return tui::room_label(room, name_); }

}  // namespace confab::screen
