// SPDX-License-Identifier: MIT
#include "parts.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "client/plain_client.h"
#include "client/quic_client.h"
#include "client_config.h"
#include "fail.h"
#include "input_history.h"
#include "io/terminal.h"
#include "runtime/connect.h"
#include "tui/filter.h"
#include "version.h"

namespace confab::apps {

using Command = ClientSettings::Command;

Parts::Parts(ClientSettings settings, runtime::Profile profile)
    : settings_(std::move(settings)),
      profile_(std::move(profile)),
      interactive_(settings_.command == Command::chat && io::is_terminal(STDIN_FILENO)) {
  if (settings_.name.empty() && needs_name()) settings_.name = profile_.name();
}

bool Parts::needs_name() const { return settings_.command == Command::chat || settings_.command == Command::send; }

bool Parts::draws() const { return !io::is_dumb() && io::is_terminal(STDOUT_FILENO) && !settings_.json; }

void Parts::open_local_store() {
  if (settings_.plain || (!needs_name() && settings_.command != Command::status)) return;
  auto store = runtime::LocalStore::open(profile_.directory(), settings_.server.target());
  if (!store) {
    fail(0, fmt::format("what you send is not kept on this machine: {}", store.error()));
    return;
  }
  local_store_ = std::move(*store);
}

void Parts::make(bool waits) {
  client_ = make_client(waits);
  conversation_ = make_conversation();
}

void Parts::found(const std::vector<base::Address>& addresses) {
  const bool near = std::ranges::all_of(addresses, &base::Address::is_loopback);
  gatekeeper_.emplace(settings_.server, profile_, settings_.accept_new || near);
}

std::unique_ptr<client::Client> Parts::make_client(bool waits) {
  if (settings_.plain) {
    return std::make_unique<client::PlainClient>(client::PlainClientOptions{settings_.name}, random_);
  }
  client::QuicClientOptions options;
  options.server_name = runtime::server_name(settings_.server);
  if (needs_name()) options.name = settings_.name;
  options.agent = fmt::format("confab {}", version);
  options.wait_for_name = waits;
  options.reconnect = needs_name() || settings_.command == Command::tail;
  if (local_store_ && needs_name()) options.outbox = &local_store_->outbox();
  if (local_store_ && interactive_) options.history = &local_store_->history();
  options.trust = [this](const net::PeerCertificate& certificate) { return gatekeeper_->trust(certificate); };
  return std::make_unique<client::QuicClient>(std::move(options), profile_.key(), random_, log_);
}

std::unique_ptr<tui::Conversation> Parts::make_conversation() {
  using tui::ListCommand;
  switch (settings_.command) {
    case Command::chat:
      if (interactive_) return make_line_mode();
      break;
    case Command::send:
      return std::make_unique<tui::SendCommand>(*client_, tui::SendCommandOptions{.room = settings_.rooms.front(),
                                                                                  .text = settings_.words.front(),
                                                                                  .id = settings_.id,
                                                                                  .json = settings_.json});
    case Command::tail:
    case Command::history:
    case Command::search:
      return std::make_unique<tui::ReadCommand>(*client_, read_options());
    case Command::rooms:
      return std::make_unique<ListCommand>(*client_, ListCommand::What::rooms, "", settings_.json);
    case Command::who:
      return std::make_unique<ListCommand>(*client_, ListCommand::What::members, settings_.rooms.front(),
                                           settings_.json);
    case Command::status:
      return std::make_unique<tui::StatusCommand>(*client_, status_options());
  }
  return std::make_unique<tui::Filter>(*client_, tui::FilterOptions{.rooms = settings_.rooms, .json = settings_.json});
}

std::unique_ptr<tui::Conversation> Parts::make_line_mode() {
  tui::LineModeOptions options;
  options.name = settings_.name;
  options.rooms = settings_.rooms;
  options.json = settings_.json;
  options.color = io::wants_color(STDOUT_FILENO);
  options.dumb = !draws();
  options.redirected = !io::is_terminal(STDOUT_FILENO) || settings_.json;
  options.screen = screen_size();
  prefs::ParsedSettings config = load_config(settings_, prefs::default_settings(prefs::Mode::line));
  options.settings = std::move(config.settings);
  for (prefs::SettingsProblem& problem : config.problems) options.complaints.push_back(std::move(problem.text));
  options.server = settings_.server.target();
  options.judge_key = [this] { return gatekeeper_->last_answer(); };
  options.accept_key = [this] { gatekeeper_->accept(); };
  if (draws()) options.history = load_history(profile_);
  options.on_named = [this](const std::string& name) { remember_name(name); };
  auto line_mode = std::make_unique<tui::LineMode>(*client_, std::move(options));
  line_mode_ = line_mode.get();
  return line_mode;
}

tui::StatusOptions Parts::status_options() {
  tui::StatusOptions options{
      .server = settings_.server.target(), .name = settings_.name, .queue = {}, .json = settings_.json};
  if (options.name.empty()) options.name = profile_.name();
  if (!local_store_) return options;
  auto queue = local_store_->outbox().load(options.name);
  if (queue) {
    options.queue = std::move(*queue);
  } else {
    fail(0, queue.error());
  }
  return options;
}

tui::ReadCommandOptions Parts::read_options() const {
  tui::ReadCommandOptions options;
  options.room = settings_.rooms.front();
  options.follow = settings_.command == Command::tail;
  options.start = settings_.start.value_or(options.follow ? Start{} : Start{.seq = 1, .newest = 0});
  if (settings_.command == Command::search) options.words = settings_.words;
  options.json = settings_.json;
  return options;
}

void Parts::remember_name(const std::string& name) {
  if (const auto kept = profile_.remember_name(name); !kept) fail(0, kept.error());
}

void Parts::remember_typed() {
  if (line_mode_ == nullptr || !draws()) return;
  if (const auto kept = keep_history(profile_, line_mode_->typed()); !kept) fail(0, kept.error());
}

tui::ScreenSize screen_size() {
  const io::TerminalSize size = io::terminal_size(STDOUT_FILENO);
  return {.columns = static_cast<std::size_t>(size.columns), .rows = static_cast<std::size_t>(size.rows)};
}

}  // namespace confab::apps
