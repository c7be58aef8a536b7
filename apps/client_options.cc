// SPDX-License-Identifier: MIT
#include "client_options.h"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "version.h"
#include "wire/limits.h"
#include "wire/names.h"

namespace confab::apps {

namespace {

constexpr char default_server[] = "127.0.0.1:2209";

/// The options as text, before they mean anything.
struct Raw {
  std::string address;
  std::string server;
  std::string name;
  std::vector<std::string> rooms;
  std::string home;
  bool plain = false;
  bool line = false;
  bool json = false;
  bool accept_new = false;
  std::string config;
  bool check_config = false;
  std::vector<std::string> words;
  std::string since;
  std::string last;
  std::string id;
};

void describe_chat(CLI::App& app, Raw& raw) {
  app.set_version_flag("--version", fmt::format("confab {}", version));
  app.add_option(
         "address", raw.address,
         "confab://[FINGERPRINT@]HOST[:PORT][/ROOM] or HOST[:PORT] (on the screen the servers of config.toml, else "
         "127.0.0.1:2209)")
      ->type_name("ADDRESS");
  app.add_option("--server", raw.server, "the same, for every subcommand")->type_name("ADDRESS");
  app.add_option("--name", raw.name, "your name (else the remembered one, else you are asked)")->type_name("NAME");
  app.add_option("--room", raw.rooms, "room, repeatable; the first is talked in (lobby)")
      ->type_name("ROOM")
      ->allow_extra_args(false);
  app.add_option("--data", raw.home,
                 "directory for keys, known servers, queue and local history ($CONFAB_HOME, else the XDG ones)")
      ->type_name("DIR");
  app.add_option("--config", raw.config, "settings file (config.toml in confab's configuration directory)")
      ->type_name("FILE");
  app.add_flag("--check-config", raw.check_config, "look through the settings file, and do nothing else");
  app.add_flag("--plain", raw.plain, "speak the protocol of the old, unencrypted UDP chat, to its servers too");
  app.add_flag("--line", raw.line, "line mode, also where a full-screen terminal would do");
  app.add_flag("--json", raw.json, "one JSON object a line on stdout");
  app.add_flag("--accept-new", raw.accept_new, "take the key of a server that is met for the first time");
  app.footer(
      "Where stdin is no terminal each of its lines is sent as a message and what others say comes out on stdout.\n"
      "What is not stored when a run ends is queued: the next one under the same name sends it first. Where the "
      "server's\n"
      "key or your name is not accepted (76, 77), what this run was given and never sent is refused instead.\n"
      "Exit codes: 0 done, 1 failed, 2 usage, 69 unreachable, 75 queued but not stored yet,\n"
      "76 the server's key is unknown or changed, 77 not allowed.");
}

using Command = ClientSettings::Command;

struct Subcommand {
  Command command;
  const char* name;
  const char* help;
};

constexpr Subcommand subcommands[] = {
    {Command::send, "send", "send one message (from stdin where no TEXT is given); ends when it is stored"},
    {Command::tail, "tail", "print what comes, until interrupted"},
    {Command::history, "history", "print what was said"},
    {Command::search, "search", "print the messages that contain all WORDS"},
    {Command::rooms, "rooms", "list the server's rooms"},
    {Command::who, "who", "list who is in a room"},
    {Command::status, "status", "show how it stands with the server, and what waits to be sent"},
};

void describe_subcommand(CLI::App& app, Command command, Raw& raw) {
  app.fallthrough();
  if (command == Command::send)
    app.add_option("text", raw.words, "the message; words are joined by spaces")->type_name("TEXT");
  if (command == Command::send) {
    app.add_option("--id", raw.id,
                   "the message's id, 32 hexadecimal digits: sent again under it, it is still one message")
        ->type_name("ID");
  }
  if (command == Command::search)
    app.add_option("words", raw.words, "what to look for")->required()->type_name("WORDS");
  if (command == Command::tail || command == Command::history) {
    app.add_option("--since", raw.since, "begin with event SEQ, or with the first")->type_name("SEQ|all");
  }
  if (command == Command::history)
    app.add_option("-n,--last", raw.last, "only the newest COUNT events")->type_name("COUNT");
}

Exit usage(const std::string& text) { return {2, {}, fmt::format("confab: {}\n", text)}; }

template <typename Number>
std::optional<Number> parse_number(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

std::expected<std::optional<Start>, Exit> interpret_start(const Raw& raw) {
  if (!raw.since.empty() && !raw.last.empty()) return std::unexpected(usage("--since and --last exclude each other"));
  if (raw.since == "all") return Start{.seq = 1, .newest = 0};
  if (!raw.since.empty()) {
    const auto seq = parse_number<std::uint64_t>(raw.since);
    if (!seq) return std::unexpected(usage("--since takes the number of an event, from 1, or \"all\""));
    return Start{.seq = *seq, .newest = 0};
  }
  if (raw.last.empty()) return std::nullopt;
  const auto newest = parse_number<std::uint32_t>(raw.last);
  if (!newest) return std::unexpected(usage("--last takes a number from 1"));
  return Start{.seq = 0, .newest = *newest};
}

std::expected<std::vector<std::string>, Exit> interpret_rooms(const Raw& raw, const wire::Link& server) {
  std::vector<std::string> rooms;
  for (const std::string& text : raw.rooms) {
    const auto room = wire::canonical_room(text);
    if (!room) return std::unexpected(usage(fmt::format("--room {}: {}", base::clean_line(text), room.error())));
    if (std::ranges::find(rooms, *room) == rooms.end()) rooms.push_back(*room);
  }
  if (rooms.empty()) rooms.push_back(server.room.value_or(wire::limits::lobby));
  return rooms;
}

std::expected<ClientSettings, Exit> interpret(const Raw& raw, Command command) {
  ClientSettings settings;
  settings.command = command;
  if (!raw.address.empty() && !raw.server.empty()) return std::unexpected(usage("the server is given twice"));
  const std::string address = !raw.server.empty() ? raw.server : !raw.address.empty() ? raw.address : default_server;
  const auto server = wire::parse_link(address);
  if (!server) return std::unexpected(usage(fmt::format("{}: {}", base::clean_line(address), server.error())));
  settings.server = *server;
  if (!raw.name.empty()) {
    const auto name = wire::canonical_name(raw.name);
    if (!name) return std::unexpected(usage(fmt::format("--name: {}", name.error())));
    settings.name = *name;
  }
  auto rooms = interpret_rooms(raw, *server);
  if (!rooms) return std::unexpected(rooms.error());
  settings.rooms = std::move(*rooms);
  settings.names_rooms = !raw.rooms.empty();
  const auto start = interpret_start(raw);
  if (!start) return std::unexpected(start.error());
  settings.start = *start;
  if (!raw.home.empty()) settings.home = raw.home;
  settings.config = raw.config;
  settings.check_config = raw.check_config;
  settings.plain = raw.plain;
  settings.line = raw.line;
  settings.names_server = !raw.address.empty() || !raw.server.empty();
  settings.json = raw.json;
  settings.accept_new = raw.accept_new;
  settings.words = raw.words;
  if (!raw.id.empty()) {
    settings.id = base::MessageId::parse(raw.id);
    if (!settings.id) return std::unexpected(usage("--id takes 32 hexadecimal digits"));
    if (raw.plain) return std::unexpected(usage("--plain: the old chat's protocol has no ids"));
  }
  if (raw.check_config && command != Command::chat) {
    return std::unexpected(usage("--check-config is a command of its own"));
  }
  if (raw.plain && command != Command::chat && command != Command::send) {
    return std::unexpected(usage("--plain: the old chat's protocol knows only lines, sent and received"));
  }
  if (command != Command::chat && settings.rooms.size() > 1) {
    return std::unexpected(usage("--room: this command takes one room"));
  }
  return settings;
}

}  // namespace

std::expected<ClientSettings, Exit> parse_client_options(int argc, const char* const* argv) {
  Raw raw;
  CLI::App app{"Confab: a group chat over UDP.", "confab"};
  describe_chat(app, raw);
  app.require_subcommand(0, 1);  // in `confab send who is there` the second word is text
  std::vector<std::pair<CLI::App*, Command>> commands;
  for (const Subcommand& each : subcommands) {
    CLI::App* subcommand = app.add_subcommand(each.name, each.help);
    describe_subcommand(*subcommand, each.command, raw);
    commands.emplace_back(subcommand, each.command);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success&) {
    if (app.get_version_ptr()->count() > 0) return std::unexpected(Exit{0, app.version() + "\n", {}});
    return std::unexpected(Exit{0, app.help(), {}});
  } catch (const CLI::ParseError& error) {
    return std::unexpected(
        Exit{2, {}, fmt::format("confab: {}\nconfab --help lists the options\n", base::clean_line(error.what()))});
  }
  for (const auto& [subcommand, command] : commands) {
    if (subcommand->parsed()) return interpret(raw, command);
  }
  return interpret(raw, Command::chat);
}

}  // namespace confab::apps
