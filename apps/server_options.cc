// SPDX-License-Identifier: MIT
#include "server_options.h"

#include <algorithm>
#include <array>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.h"
#include "io/files.h"
#include "retention_options.h"
#include "server/server.h"
#include "version.h"

namespace confab::apps {

namespace {

constexpr std::size_t settings_bytes_max = 1024 * 1024;

/// What a flag may be set to, in the environment above all.
constexpr std::array<std::pair<std::string_view, bool>, 8> flag_words{{{"true", true},
                                                                       {"1", true},
                                                                       {"yes", true},
                                                                       {"on", true},
                                                                       {"false", false},
                                                                       {"0", false},
                                                                       {"no", false},
                                                                       {"off", false}}};

/// The options as text, before they mean anything.
struct Raw {
  std::vector<std::string> listen;
  std::string data;
  std::string plain;
  std::string quiet;  // "true", "false"
  RetentionWords keep;
  std::string workers;
  std::string config;
  std::string log_level;
  std::string log_format;
};

void describe(CLI::App& app, Raw& raw) {
  app.set_version_flag("--version", fmt::format("confabd {}", version));
  app.add_option("--listen", raw.listen, "ADDR:PORT to listen on, repeatable (127.0.0.1:2209)")
      ->envname("CONFABD_LISTEN")
      ->delimiter(',')
      ->type_name("ADDR:PORT");
  app.add_option("--data", raw.data, "directory for the rooms and the server's key (~/.local/state/confab)")
      ->envname("CONFABD_DATA")
      ->type_name("DIR");
  app.add_option("--plain", raw.plain,
                 "take the unencrypted datagrams of the old UDP chat: auto (on loopback only), on, off")
      ->envname("CONFABD_PLAIN")
      ->check(CLI::IsMember({"auto", "on", "off"}))
      ->type_name("auto|on|off");
  app.add_flag("--quiet", raw.quiet, "do not print the lobby's lines")->envname("CONFABD_QUIET");
  app.add_option("--keep-days", raw.keep.days, "remove a room's events after N days (0: never)")
      ->envname("CONFABD_KEEP_DAYS")
      ->type_name("N");
  app.add_option("--keep-count", raw.keep.count, "keep a room's newest N events alone (0: all)")
      ->envname("CONFABD_KEEP_COUNT")
      ->type_name("N");
  app.add_option("--keep", raw.keep.rooms,
                 "for one room: lobby=30d, lobby=10000, lobby=30d,10000, lobby=all; repeatable")
      ->envname("CONFABD_KEEP")
      ->delimiter(';')
      ->type_name("ROOM=RULE");
  app.footer("confabd backup FILE copies a server's data, confabd check looks whether it is whole: see their --help.");
  app.add_option("--workers", raw.workers, "threads that serve members: 1 to 8 (one a processor)")
      ->envname("CONFABD_WORKERS")
      ->check(CLI::Range(std::size_t{1}, server::Server::workers_max))
      ->type_name("N");
  app.add_option("--config", raw.config, "settings file (TOML), with these options' names as keys")
      ->envname("CONFABD_CONFIG")
      ->type_name("FILE");
  app.add_option("--log-level", raw.log_level, "debug, info, warning, error, off")
      ->envname("CONFABD_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->type_name("LEVEL");
  app.add_option("--log-format", raw.log_format, "text or json")
      ->envname("CONFABD_LOG_FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("text|json");
}

/// `arguments` without the program's name. The environment counts where the command line is read, not the settings
/// file.
std::expected<void, Exit> parse(Raw& raw, std::vector<std::string> arguments, bool use_environment) {
  CLI::App app{"The server of Confab, a group chat over UDP.", "confabd"};
  describe(app, raw);
  if (!use_environment) {
    for (CLI::Option* option : app.get_options()) option->envname("");
  }
  try {
    std::ranges::reverse(arguments);  // what CLI11 expects of a vector
    app.parse(std::move(arguments));
  } catch (const CLI::Success&) {
    const bool wants_version = app.get_version_ptr()->count() > 0;
    return std::unexpected(Exit{0, wants_version ? app.version() + "\n" : app.help(), {}});
  } catch (const CLI::ParseError& error) {
    return std::unexpected(Exit{2, {}, fmt::format("confabd: {}\nconfabd --help lists the options\n", error.what())});
  }
  return {};
}

Exit usage(std::string text) { return {2, {}, fmt::format("confabd: {}\n", text)}; }

/// A setting's value as the words of a command line; empty for a type that no option has.
std::vector<std::string> to_words(const toml::node& node) {
  if (const auto* text = node.as_string()) return {text->get()};
  if (const auto* number = node.as_integer()) return {fmt::format("{}", number->get())};
  if (const auto* flag = node.as_boolean()) return {flag->get() ? "true" : "false"};
  std::vector<std::string> words;
  if (const auto* array = node.as_array()) {
    for (const toml::node& element : *array) {
      const auto* text = element.as_string();
      if (text == nullptr) return {};
      words.push_back(text->get());
    }
  }
  return words;
}

std::string option_name(std::string_view key) {
  std::string name = "--" + std::string(key);
  std::ranges::replace(name, '_', '-');
  return name;
}

/// Takes from the settings file what neither the command line nor the environment has said.
void fill_in(Raw& raw, const Raw& file) {
  if (raw.listen.empty()) raw.listen = file.listen;
  if (raw.keep.days.empty()) raw.keep.days = file.keep.days;
  if (raw.keep.count.empty()) raw.keep.count = file.keep.count;
  if (raw.keep.rooms.empty()) raw.keep.rooms = file.keep.rooms;
  for (std::string Raw::* field :
       {&Raw::data, &Raw::plain, &Raw::quiet, &Raw::workers, &Raw::log_level, &Raw::log_format}) {
    if ((raw.*field).empty()) raw.*field = file.*field;
  }
}

std::expected<ServerSettings, Exit> interpret(const Raw& raw) {
  ServerSettings settings;
  settings.data = raw.data;
  if (!raw.quiet.empty()) {
    const auto* const known = std::ranges::find(flag_words, raw.quiet, &std::pair<std::string_view, bool>::first);
    if (known == flag_words.end()) {
      return std::unexpected(usage(fmt::format("--quiet: {} is neither true nor false", base::clean_line(raw.quiet))));
    }
    settings.quiet = known->second;
  }
  if (!raw.workers.empty()) settings.workers = static_cast<std::size_t>(std::stoul(raw.workers));
  auto retention = parse_retention(raw.keep);
  if (!retention) return std::unexpected(usage(retention.error()));
  settings.retention = std::move(*retention);
  if (raw.plain == "on") settings.plain = ServerSettings::Plain::on;
  if (raw.plain == "off") settings.plain = ServerSettings::Plain::off;
  if (!raw.log_level.empty()) settings.log_level = *base::parse_log_level(raw.log_level);
  if (raw.log_format == "json") settings.log_format = base::LogFormat::json;
  for (const std::string& text : raw.listen) {
    const auto address = base::Address::parse(text);
    if (!address) {
      return std::unexpected(
          usage(fmt::format("--listen {}: not an address and port like 127.0.0.1:2209 or [::1]:2209", text)));
    }
    settings.listen.push_back(*address);
  }
  if (settings.listen.empty()) settings.listen.push_back(base::Address::v4(127, 0, 0, 1, 2209));
  return settings;
}

}  // namespace

bool ServerSettings::takes_plain() const {
  if (plain != Plain::automatic) return plain == Plain::on;
  return std::ranges::all_of(listen, [](const base::Address& address) { return address.is_loopback(); });
}

std::expected<std::vector<std::string>, std::string> read_settings(const std::string& path,
                                                                   const std::string& contents) {
  static constexpr std::array known{"--listen",     "--data", "--plain",   "--quiet",     "--keep-days",
                                    "--keep-count", "--keep", "--workers", "--log-level", "--log-format"};
  toml::table table;
  try {
    table = toml::parse(contents, path);
  } catch (const toml::parse_error& error) {
    return std::unexpected(fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
  std::vector<std::string> arguments;
  for (const auto& [key, node] : table) {
    const auto line = node.source().begin.line;
    const std::string option = option_name(key.str());
    if (std::ranges::find(known, option) == known.end()) {
      return std::unexpected(fmt::format("{}:{}: there is no setting \"{}\"", path, line, key.str()));
    }
    const std::vector<std::string> words = to_words(node);
    if (words.empty()) {
      return std::unexpected(fmt::format("{}:{}: \"{}\" has a value of the wrong kind", path, line, key.str()));
    }
    for (const std::string& word : words) arguments.push_back(fmt::format("{}={}", option, word));
  }
  return arguments;
}

std::expected<ServerSettings, Exit> parse_server_options(int argc, const char* const* argv) {
  Raw raw;
  if (auto parsed = parse(raw, {argv + 1, argv + argc}, true); !parsed) return std::unexpected(parsed.error());
  if (raw.config.empty()) return interpret(raw);

  const auto contents = io::read_file(raw.config, settings_bytes_max);
  if (!contents) return std::unexpected(usage(contents.error().text));
  auto arguments = read_settings(raw.config, *contents);
  if (!arguments) return std::unexpected(usage(arguments.error()));
  Raw settings;
  if (auto parsed = parse(settings, std::move(*arguments), false); !parsed) {
    parsed.error().err =
        fmt::format("{} (in {})\n", parsed.error().err.substr(0, parsed.error().err.find('\n')), raw.config);
    return std::unexpected(parsed.error());
  }
  fill_in(raw, settings);
  return interpret(raw);
}

}  // namespace confab::apps
