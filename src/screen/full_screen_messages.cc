// SPDX-License-Identifier: MIT
// Commands about one message: the one that is selected, or else the newest that they can mean.
#include <fmt/format.h>

#include "base/text.h"
#include "screen/full_screen.h"
#include "tui/emoji.h"

namespace confab::screen {

const Entry* FullScreen::newest(const std::function<bool(const Entry&)>& wanted) {
  const RoomBuffer& buffer = window().buffer();
  for (std::size_t i = buffer.size(); i-- > 0;) {
    const Entry& entry = buffer.at(i);
    if (entry.is_message() && !entry.is_redacted() && wanted(entry)) return &entry;
  }
  return nullptr;
}

const Entry* FullScreen::selected_or(const std::function<bool(const Entry&)>& wanted) {
  const Entry* selected = window().view().selected();
  return selected != nullptr ? selected : newest(wanted);
}

/// `[NAME:] TEXT`, where somebody of that name has spoken; else all of it is text.
const Entry* FullScreen::addressed(std::string_view argument, std::string_view& text) {
  const tui::Addressed to = tui::split_address(argument);
  if (!to.name.empty()) {
    const std::string folded = base::fold_case(to.name);
    const Entry* theirs =
        newest([&](const Entry& entry) { return entry.seq > 0 && base::fold_case(entry.name) == folded; });
    if (theirs != nullptr) {
      text = to.text;
      return theirs;
    }
  }
  text = argument;
  return selected_or([](const Entry& entry) { return entry.seq > 0 && !entry.own; });
}

void FullScreen::on_reply(std::string_view argument) {
  std::string_view text;
  const Entry* target = addressed(argument, text);
  if (target == nullptr || target->id.empty()) return note("there is no message here to answer", Entry::What::error);
  post({.what = Content::What::message, .text = std::string(text), .target = target->id});
  window().view().to_bottom();
}

void FullScreen::on_react(std::string_view argument) {
  std::string_view text;
  const Entry* target = addressed(argument, text);
  if (target == nullptr || target->id.empty()) return note("there is no message here to react to", Entry::What::error);
  post({.what = Content::What::reaction, .text = std::string(tui::emoji_or_text(text)), .target = target->id});
}

void FullScreen::on_edit(std::string_view argument) {
  const Entry* mine = selected_or(&Entry::own);
  if (mine == nullptr || !mine->own) return note("there is no message of yours here", Entry::What::error);
  if (mine->delivery == Entry::Delivery::refused) {
    Entry anew = *mine;
    anew.text = argument;
    return retry_line(anew);
  }
  post({.what = Content::What::edit, .text = std::string(argument), .target = mine->id});
}

void FullScreen::on_redact(std::string_view argument) {
  const Entry* mine = selected_or(&Entry::own);
  if (mine == nullptr || !mine->own) return note("there is no message of yours here", Entry::What::error);
  // What nobody has seen needs no word that it is taken back.
  const bool is_refused = mine->delivery == Entry::Delivery::refused;
  if (is_refused || (mine->seq == 0 && server().client().discard(mine->id))) {
    window().buffer().discard(std::string(mine->id));
    return window().view().deselect();
  }
  post({.what = Content::What::redaction, .text = std::string(argument), .target = mine->id});
}

void FullScreen::retry_line(const Entry& refused) {
  Content content{.what = Content::What::message, .kind = Kind::text, .text = refused.text, .target = refused.reply_to};
  if (refused.what == Entry::What::action) content.kind = Kind::action;
  if (refused.what == Entry::What::notice) content.kind = Kind::notice;
  window().buffer().discard(std::string(refused.id));
  post(std::move(content));
}

/// Sends again what was refused; where nothing was, connects anew a server that was given up.
void FullScreen::on_retry(std::string_view) {
  const Entry* refused = selected_or([](const Entry& entry) { return entry.delivery == Entry::Delivery::refused; });
  if (refused != nullptr && refused->delivery == Entry::Delivery::refused) return retry_line(*refused);
  if (server().state != Link::State::online) {
    server().client().retry(server().name());
    hint_ = "connecting";
    return;
  }
  hint_ = "nothing was refused";
}

/// What may be stored by now cannot be given up, and stays.
void FullScreen::on_discard(std::string_view) {
  const Entry* line = selected_or([](const Entry& entry) { return entry.own && entry.seq == 0; });
  if (line == nullptr || !line->own || line->seq > 0) {
    hint_ = "there is no line here that waits or was refused";
    return;
  }
  const std::string id = line->id;
  const bool refused = line->delivery == Entry::Delivery::refused;
  if (!refused && !server().client().discard(id)) {
    hint_ = "it was sent, and may be stored by now: it stays";
    return;
  }
  window().buffer().discard(id);
  window().view().deselect();
  hint_ = "given up";
}

}  // namespace confab::screen
