// SPDX-License-Identifier: MIT
// Commands that are run for a person: one for each mention, by settings, and whatever /exec is given. Here is decided
// what is run and what becomes of its output; io/child_process.h runs it.
//
// What others wrote never stands in a command line. It is in the environment and on stdin, where a shell reads it as
// data:
//
//   CONFAB_SERVER CONFAB_ROOM CONFAB_NAME CONFAB_KIND CONFAB_TIME (Unix ms) CONFAB_ID CONFAB_TEXT      stdin: the text
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "confab/types.h"

namespace confab::prefs {

/// What a child may use up; whatever passes it is ended.
struct SpawnLimits {
  std::size_t output_bytes_max = 64 * 1024;  ///< what comes beyond is dropped
  base::Duration time_max = std::chrono::seconds(10);
};

/// For whoever may start programs. The answer is ChildOutputs with the same id.
struct SpawnRequest {
  std::uint64_t id = 0;
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value", beside what the program itself has
  std::string input;                     ///< on stdin, then its end
  SpawnLimits limits;
};

/// What came of a child: any number of times output, in order, and once its end.
struct ChildOutput {
  std::uint64_t id = 0;
  std::string bytes;             ///< of stdout and stderr as they came
  std::optional<int> exit_code;  ///< the end: what it exited with, 128 + the signal, 127 where it never began
  std::string complaint;         ///< with the end: why it was ended, or never began; else empty
};

/// Lines for a room or for the person alone, from a child that has ended.
struct ExecResult {
  std::string room;
  bool say = false;  ///< into the room, as messages; else shown here
  std::vector<std::string> lines;
  std::string remark;  ///< "exited with 1", "stopped after 10 s"; empty where all went well
};

/// Not thread-safe.
class Hooks {
 public:
  /// A room that mentions me all day is to start no more than this; the rest is skipped.
  static constexpr base::Duration mention_pause = std::chrono::seconds(1);
  /// Of all kinds, at once.
  static constexpr std::size_t children_max = 8;
  /// Of these, for mentions: whoever mentions me is not to leave /exec without any.
  static constexpr std::size_t mention_children_max = 4;
  /// Of /exec -o: a room is no place for a log.
  static constexpr std::size_t said_lines_max = 100;
  /// Runs what a person wrote.
  static constexpr std::string_view shell = "/bin/sh";

  /// nullopt where no command is set, or too many were begun of late.
  std::optional<SpawnRequest> on_mention(const std::string& command, const std::string& server, const Message& message,
                                         base::Instant now);
  /// `argument` as behind /exec: `[-o] COMMAND`. The error is a sentence for people.
  std::expected<SpawnRequest, std::string> exec(std::string_view argument, const std::string& room);

  /// An answer once an /exec has ended. Whatever a mention's command prints is dropped.
  std::optional<ExecResult> hear(const ChildOutput& output);

  std::size_t running() const { return running_.size(); }

 private:
  struct Running {
    std::string room;
    bool is_exec = false;
    bool say = false;
    std::string output;
  };

  SpawnRequest begin(const std::string& command, Running running);
  std::size_t running_for_mentions() const;

  std::map<std::uint64_t, Running> running_;  ///< by id
  std::uint64_t last_id_ = 0;
  base::Instant next_mention_ = base::at_once;
};

/// One line of the FIFO as it is to be sent: `text`, `#room text` or `#@NAME text`; empty lines are nothing.
struct FifoLine {
  std::string room;  ///< canonical, or "@NAME"; empty: the room that is talked in
  std::string text;
};
std::optional<FifoLine> parse_fifo_line(std::string_view line);

}  // namespace confab::prefs
