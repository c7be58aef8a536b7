// SPDX-License-Identifier: MIT
// The server: chooses the concrete parts (SQLite store, its threads, sockets, clocks) and joins them to the machine.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "data_commands.h"
#include "io/files.h"
#include "io/home.h"
#include "io/line_output.h"
#include "io/loop.h"
#include "io/random.h"
#include "io/store_thread.h"
#include "log/sqlite_store.h"
#include "server/server.h"
#include "server_options.h"
#include "version.h"

namespace {

using namespace confab;

constexpr std::size_t key_bytes_max = 64 * 1024;

int fail(std::string_view why) {
  fmt::print(stderr, "confabd: {}\n", why);
  return 1;
}

/// The key in `data`, made on first start.
std::expected<net::ServerKey, std::string> load_server_key(const std::string& data) {
  const std::string path = data + "/server.key";
  auto pem = io::read_file(path, key_bytes_max);
  if (!pem && pem.error().error == ENOENT) {
    const net::ServerKey key = net::ServerKey::generate();
    if (auto made = io::create_file(path, key.to_pem()); !made) return std::unexpected(made.error().text);
    pem = io::read_file(path, key_bytes_max);
  }
  if (!pem) return std::unexpected(pem.error().text);
  auto key = net::ServerKey::from_pem(*pem);
  if (!key) {
    return std::unexpected(
        fmt::format("{}: {}; restore it from a backup (removing it makes a new key, which every client "
                    "will refuse until it is told)",
                    path, key.error()));
  }
  return key;
}

std::string socket_failure(const base::Address& address, const io::IoError& error) {
  const char* hint = error.error == EADDRINUSE      ? "; is another server running there? --listen chooses another port"
                     : error.error == EADDRNOTAVAIL ? "; this machine has no such address"
                     : error.error == EACCES        ? "; ports below 1024 need a privilege"
                                                    : "";
  return fmt::format("cannot listen on {}: {}{}", address.to_string(), io::describe(error.error), hint);
}

int serve(const apps::ServerSettings& settings) {
  const std::string data = settings.data.empty() ? io::Home::find().state : settings.data;
  auto store = log::SqliteStore::open(data);
  if (!store) return fail(store.error().text);
  auto key = load_server_key(data);
  if (!key) return fail(key.error());
  const auto stored = server::StoredState::load(**store);
  if (!stored) return fail(stored.error().text);

  const auto log = base::make_stderr_log(settings.log_level, settings.log_format);
  io::SystemRandom random;
  io::LineOutput lines(STDOUT_FILENO);
  std::function<void()> wake_loop;  // known once there is a loop; nothing is asked of the store before
  std::function<void()> stop_loop;
  io::StoreThread store_thread(**store, [&wake_loop] { wake_loop(); });

  server::ServerOptions options;
  options.plain = settings.takes_plain();
  options.agent = fmt::format("confabd {}", apps::version);
  options.retention = settings.retention;
  options.on_drained = [&stop_loop] { stop_loop(); };
  if (!settings.quiet) {
    options.on_lobby_line = [&lines](std::string_view name, std::string_view text) { lines.write(name, text); };
  }
  server::Server server(std::move(options), *key, store_thread, *stored, random, *log);

  io::Loop loop(server);
  wake_loop = loop.waker();
  stop_loop = [&loop] { loop.stop(0); };
  std::string listening;
  for (const base::Address& address : settings.listen) {
    const auto bound = loop.open_socket(address);
    if (!bound) return fail(socket_failure(address, bound.error()));
    listening += bound->to_string() + " ";
  }
  loop.on_signal({SIGTERM, SIGINT}, [&](int signal, base::Now now) {
    log->info("server", "stopping on {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
    server.drain(now);
  });
  log->info("server", "ready {}{}", listening, key->fingerprint().to_string());

  const int code = loop.run();
  const server::ServerStats stats = server.stats();
  if (stats.has_unanswered) {
    log->error("server", "stopped though the disk has not answered: what waited for it was accepted from nobody");
    std::_Exit(1);  // its threads would be waited for, and with them the disk
  }
  store_thread.stop();
  log->info("server", "stopped: {} events stored, {} datagrams dropped", stats.events_stored, stats.datagrams_dropped);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (const auto code = apps::run_data_command(argc, argv)) return *code;
  const auto settings = apps::parse_server_options(argc, argv);
  if (!settings) {
    fmt::print(stdout, "{}", settings.error().out);
    fmt::print(stderr, "{}", settings.error().err);
    return settings.error().code;
  }
  try {
    return serve(*settings);
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}
