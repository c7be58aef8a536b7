// SPDX-License-Identifier: MIT
#include "data_commands.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "io/files.h"
#include "io/home.h"
#include "log/backup.h"
#include "log/check.h"
#include "log/data_dir.h"
#include "net/identity.h"

namespace confab::apps {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_bytes_max = 64 * 1024;

void add_data_option(CLI::App& app, std::string& data) {
  app.add_option("--data", data, "the server's data directory (~/.local/state/confab)")
      ->envname("CONFABD_DATA")
      ->type_name("DIR");
}

/// Parses what follows the subcommand's name; an exit code where that is the end of it.
std::optional<int> parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::Success&) {
    fmt::print(stdout, "{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "{}: {}\n{} --help lists the options\n", app.get_name(), error.what(), app.get_name());
    return 2;
  }
  return std::nullopt;
}

int fail(std::string_view why) {
  fmt::print(stderr, "confabd: {}\n", why);
  return 1;
}

fs::path directory(const std::string& data) { return data.empty() ? io::Home::find().state : data; }

int back_up(int argc, const char* const* argv) {
  CLI::App app{"Copies a server's rooms, names and members to FILE, also while the server runs.", "confabd backup"};
  std::string data;
  std::string file;
  add_data_option(app, data);
  app.add_option("FILE", file, "where to; must not exist")->required();
  app.footer(
      "To restore: stop the server, remove confab.db-wal and confab.db-shm, put FILE in place of confab.db.\n"
      "The server's key, server.key, is not in FILE: keep a copy of it in a safe place.");
  if (const auto end = parse(app, argc, argv)) return *end;
  const auto done = log::back_up(directory(data) / log::database_name, file);
  if (!done) return fail(done.error().text);
  std::error_code unknown;
  fmt::print("{}: {} bytes\n", file, fs::file_size(file, unknown));
  return 0;
}

/// One more finding where a directory's key is not one; a server that never started has none.
std::string check_key(const fs::path& path) {
  const auto pem = io::read_file(path.native(), key_bytes_max);
  if (!pem) return pem.error().error == ENOENT ? std::string() : pem.error().text;
  const auto key = net::ServerKey::from_pem(*pem);
  return key ? std::string() : fmt::format("{}: {}", path.native(), key.error());
}

int check(int argc, const char* const* argv) {
  CLI::App app{"Looks whether a server's data, or a backup, are whole. Changes nothing.", "confabd check"};
  std::string data;
  std::string file;
  add_data_option(app, data);
  app.add_option("FILE", file, "a backup to check, instead of the data directory");
  app.footer("Prints a line for each thing that is wrong, then a summary. Exit code 0: all is well; 1: it is not.");
  if (const auto end = parse(app, argc, argv)) return *end;

  const bool is_backup = !file.empty();
  const fs::path database = is_backup ? fs::path(file) : directory(data) / log::database_name;
  const auto report = log::check(database);
  if (!report) return fail(report.error().text);
  std::size_t findings = report->finding_count;
  for (const std::string& finding : report->findings) fmt::print("{}: {}\n", database.native(), finding);
  if (findings > report->findings.size()) fmt::print("… and {} more\n", findings - report->findings.size());
  if (!is_backup) {
    if (const std::string wrong = check_key(database.parent_path() / "server.key"); !wrong.empty()) {
      fmt::print("{}\n", wrong);
      ++findings;
    }
  }
  fmt::print("checked {} rooms, {} events, {} members, {} names: {}\n", report->rooms, report->events, report->members,
             report->names, findings == 0 ? "all is well" : fmt::format("{} findings", findings));
  return findings == 0 ? 0 : 1;
}

}  // namespace

std::optional<int> run_data_command(int argc, const char* const* argv) {
  if (argc < 2) return std::nullopt;
  const std::string_view command = argv[1];
  if (command == "backup") return back_up(argc, argv);
  if (command == "check") return check(argc, argv);
  return std::nullopt;
}

}  // namespace confab::apps
