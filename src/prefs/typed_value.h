// SPDX-License-Identifier: MIT
// What a person types behind `/set KEY`: bare, or as /set itself prints it and the file has it.
//
//   string   = words / one string of TOML ("..." with \" and \\, or '...')
//   list     = [ "[" ] string *( "," string ) [ "]" ]         ; commas within quotes are text, empty strings fall away
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace confab::prefs {

/// Without blanks at its ends.
std::string trimmed(std::string_view text);
/// The string that was typed. Quotes that are not around all of it are part of it: a shell's command has its own.
std::string typed_string(std::string_view text);
std::vector<std::string> typed_list(std::string_view text);

}  // namespace confab::prefs
