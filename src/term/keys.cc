// SPDX-License-Identifier: MIT
#include "term/keys.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <utf8proc.h>

#include "base/bytes.h"
#include "base/text.h"

namespace confab::term {

namespace {

using Kind = Key::Kind;

constexpr char escape = '\x1B';
constexpr std::string_view paste_end = "\x1B[201~";

/// What the front of the input was: `size` bytes, 0 if it takes more to tell; no key if they mean none.
struct Parsed {
  std::size_t size = 0;
  std::optional<Key> key;
};

template <typename Code, std::size_t count>
Kind look_up(const std::array<std::pair<Code, Kind>, count>& table, Code code) {
  const auto row = std::ranges::find(table, code, &std::pair<Code, Kind>::first);
  return row == table.end() ? Kind::unknown : row->second;
}

/// The last byte of `CSI … X` and `SS3 X`.
constexpr std::array<std::pair<char, Kind>, 12> final_kinds{{
    {'A', Kind::up},
    {'B', Kind::down},
    {'C', Kind::right},
    {'D', Kind::left},
    {'F', Kind::end},
    {'H', Kind::home},
    {'M', Kind::enter},  // on the keypad
    {'P', Kind::f1},
    {'Q', Kind::f2},
    {'R', Kind::f3},
    {'S', Kind::f4},
    {'Z', Kind::back_tab},
}};

/// The first number of `CSI … ~`: those of the VT220, where rxvt says Home and End otherwise.
constexpr std::array<std::pair<unsigned, Kind>, 20> number_kinds{{
    {1, Kind::home},      {2, Kind::insert}, {3, Kind::delete_}, {4, Kind::end},  {5, Kind::page_up},
    {6, Kind::page_down}, {7, Kind::home},   {8, Kind::end},     {11, Kind::f1},  {12, Kind::f2},
    {13, Kind::f3},       {14, Kind::f4},    {15, Kind::f5},     {17, Kind::f6},  {18, Kind::f7},
    {19, Kind::f8},       {20, Kind::f9},    {21, Kind::f10},    {23, Kind::f11}, {24, Kind::f12},
}};

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

Key character(std::string_view text, bool ctrl = false) {
  return {.kind = Kind::character, .text = std::string(text), .ctrl = ctrl};
}

/// `modifier` is 1 + the sum of Shift 1, Alt 2, Ctrl 4, Meta 8 (and locks, which do not matter here); 0 where none is
/// said.
Key with_modifier(Key key, unsigned modifier) {
  const unsigned bits = modifier == 0 ? 0 : modifier - 1;
  key.shift = (bits & 1U) != 0 && key.kind != Kind::character && key.kind != Kind::back_tab;
  key.alt = (bits & (2U | 8U)) != 0;
  key.ctrl = (bits & 4U) != 0;
  return key;
}

/// A key that is written as the number of its character.
Key key_of_code(unsigned code, unsigned modifier) {
  if (code == '\t') return with_modifier({.kind = modifier == 2 ? Kind::back_tab : Kind::tab}, modifier);
  if (code == '\r') return with_modifier({.kind = Kind::enter}, modifier);
  if (code == 0x1B) return with_modifier({.kind = Kind::escape}, modifier);
  if (code == 0x7F) return with_modifier({.kind = Kind::backspace}, modifier);
  const auto point = static_cast<utf8proc_int32_t>(std::min(code, 0x110000U));
  if (!utf8proc_codepoint_valid(point) || code < 0x20 || (code >= 0x80 && code < 0xA0)) return {};
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(point, bytes.data());
  return with_modifier(character(base::as_text({bytes.data(), static_cast<std::size_t>(size)})), modifier);
}

/// The numbers of a sequence, as far as any key has some; one left out is 0. Of `13:2`, kitty's way to say more, the 13
/// counts.
struct Parameters {
  std::array<unsigned, 3> values{};
  bool valid = true;
};

Parameters parse_parameters(std::string_view body) {
  Parameters result;
  for (std::size_t i = 0; !body.empty(); ++i) {
    const std::string_view field = body.substr(0, body.find(';'));
    const std::string_view number = field.substr(0, field.find(':'));
    unsigned value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (i == result.values.size() ||
        (!number.empty() && (error != std::errc() || end != number.data() + number.size()))) {
      result.valid = false;
      return result;
    }
    result.values[i] = value;
    body.remove_prefix(std::min(body.size(), field.size() + 1));
  }
  return result;
}

/// rxvt says modifiers by the last byte: `~` none, `$` Shift, `^` Ctrl, `@` both.
unsigned rxvt_modifier(char final) {
  constexpr std::array<std::pair<char, unsigned>, 3> modifiers{{{'$', 2}, {'^', 5}, {'@', 6}}};
  const auto row = std::ranges::find(modifiers, final, &std::pair<char, unsigned>::first);
  return row == modifiers.end() ? 0 : row->second;
}

Key key_of_csi(std::string_view body, char final) {
  const auto [values, valid] = parse_parameters(body);
  if (!valid) return {};
  const auto [first, modifier, code] = values;
  if (body.empty() && final == 'I') return {.kind = Kind::focus_in};
  if (body.empty() && final == 'O') return {.kind = Kind::focus_out};
  if (final == 'u') return key_of_code(first, modifier);
  if (final == '~' && first == 27) return key_of_code(code, modifier);
  if (final == '~' && first == 200) return {.kind = Kind::paste};
  if (final == '~') return with_modifier({.kind = look_up(number_kinds, first)}, modifier);
  if (rxvt_modifier(final) != 0) return with_modifier({.kind = look_up(number_kinds, first)}, rxvt_modifier(final));
  // rxvt's arrows with Shift are in lower case.
  if (final >= 'a' && final <= 'd')
    return {.kind = look_up(final_kinds, static_cast<char>(final - 0x20)), .shift = true};
  return with_modifier({.kind = look_up(final_kinds, final)}, modifier);
}

/// Behind `ESC [`, which is at the front of `text`.
Parsed parse_csi(std::string_view text) {
  if (text.size() > 3 && text[2] == '[') return {4, Key{}};
  if (text.size() == 3 && text[2] == '[') return {};
  for (std::size_t i = 2; i < text.size(); ++i) {
    const char byte = text[i];
    const std::string_view body = text.substr(2, i - 2);
    const bool is_rxvt_shift = byte == '$' && !body.empty() && std::ranges::all_of(body, is_digit);
    if ((byte >= 0x40 && byte <= 0x7E) || is_rxvt_shift) return {i + 1, key_of_csi(body, byte)};
    // No sequence has controls inside: this one was cut off, and what cut it off is read anew.
    if (byte < 0x20 || byte > 0x7E) return {i, std::nullopt};
  }
  return {};
}

/// Behind `ESC O`.
Parsed parse_ss3(std::string_view text) {
  if (text.size() < 3) return {};
  const char final = text[2];
  if (final < 0x20 || final > 0x7E) return {2, std::nullopt};
  if (final >= 'a' && final <= 'd') {
    return {3, Key{.kind = look_up(final_kinds, static_cast<char>(final - 0x20)), .ctrl = true}};
  }
  return {3, Key{.kind = look_up(final_kinds, final)}};
}

/// How many bytes the character that starts with `lead` has; 0 if none starts so (RFC 3629).
std::size_t utf8_size(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

Parsed parse_utf8(std::string_view text) {
  const std::size_t size = utf8_size(static_cast<unsigned char>(text.front()));
  if (size == 0) return {1, std::nullopt};
  for (std::size_t i = 1; i < size; ++i) {
    if (i == text.size()) return {};
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80) return {i, std::nullopt};
  }
  const std::string_view point = text.substr(0, size);
  // U+0080 to U+009F are controls that no keyboard has.
  if (!base::is_utf8(base::as_bytes(point)) || (point[0] == '\xC2' && point[1] < '\xA0')) return {size, std::nullopt};
  return {size, character(point)};
}

/// One key without ESC.
Parsed parse_plain(std::string_view text) {
  const char byte = text.front();
  if (static_cast<unsigned char>(byte) >= 0x80) return parse_utf8(text);
  if (byte == '\r' || byte == '\n') return {1, Key{.kind = Kind::enter}};
  if (byte == '\t') return {1, Key{.kind = Kind::tab}};
  if (byte == '\b' || byte == 0x7F) return {1, Key{.kind = Kind::backspace}};
  if (byte >= 0x20) return {1, character({&byte, 1})};
  // Ctrl takes two bits off: Ctrl-A is 'A' & 0x1F.
  const char base = byte == 0 ? ' ' : byte <= 26 ? static_cast<char>(byte + 0x60) : static_cast<char>(byte + 0x40);
  return {1, character({&base, 1}, true)};
}

Parsed parse(std::string_view text);

/// A key behind an ESC that means Alt.
Parsed parse_alt(Parsed behind) {
  if (behind.size == 0) return {};
  ++behind.size;
  if (behind.key && behind.key->kind != Kind::paste) behind.key->alt = true;
  return behind;
}

Parsed parse(std::string_view text) {
  if (text.front() != escape) return parse_plain(text);
  if (text.size() == 1) return {};
  if (text[1] == '[') return parse_csi(text);
  if (text[1] == 'O') return parse_ss3(text);
  if (text[1] != escape) return parse_alt(parse_plain(text.substr(1)));
  if (text.size() == 2) return {};
  if (text[2] == '[' || text[2] == 'O') return parse_alt(parse(text.substr(1)));
  return {1, Key{.kind = Kind::escape}};
}

}  // namespace

std::vector<Key> KeyDecoder::feed(std::string_view bytes, base::Instant now) {
  std::vector<Key> keys = wake(now);
  for (const char byte : bytes) take(byte, keys);
  deadline_ = is_ambiguous() ? now + escape_wait : base::never;
  return keys;
}

std::vector<Key> KeyDecoder::wake(base::Instant now) {
  if (deadline_ == base::never || now < deadline_) return {};
  const char last = pending_.back();
  const bool alt = pending_.size() > 1;
  pending_.clear();
  deadline_ = base::never;
  Key key = last == escape ? Key{.kind = Kind::escape} : character({&last, 1});
  key.alt = alt;
  return {std::move(key)};
}

/// Byte by byte, so that it cannot matter where the input was split.
void KeyDecoder::take(char byte, std::vector<Key>& keys) {
  if (pasting_) return take_pasted(byte, keys);
  pending_.resize(std::min(pending_.size(), sequence_bytes_max));
  pending_ += byte;
  while (!pending_.empty()) {
    Parsed parsed = parse(pending_);
    if (parsed.size == 0) return;
    pending_.erase(0, parsed.size);
    if (!parsed.key) continue;
    pasting_ = parsed.key->kind == Kind::paste;
    if (!pasting_) keys.push_back(std::move(*parsed.key));
  }
}

void KeyDecoder::take_pasted(char byte, std::vector<Key>& keys) {
  if (byte != paste_end[paste_end_matched_]) {
    // Not the end after all. ESC begins the mark and is nowhere else in it: the only byte to begin again with is this
    // one.
    add_pasted(paste_end.substr(0, std::exchange(paste_end_matched_, 0)));
    if (byte != escape) return add_pasted({&byte, 1});
  }
  if (++paste_end_matched_ < paste_end.size()) return;
  paste_end_matched_ = 0;
  pasting_ = false;
  keys.push_back({.kind = Kind::paste, .text = std::exchange(paste_, {})});
}

void KeyDecoder::add_pasted(std::string_view bytes) { paste_ += bytes.substr(0, paste_bytes_max - paste_.size()); }

/// Whether what is pending is a key by itself. A sequence with more in it comes from a terminal, which will complete
/// it.
bool KeyDecoder::is_ambiguous() const {
  std::string_view rest = pending_;
  if (!rest.starts_with(escape)) return false;
  if (rest.starts_with("\x1B\x1B")) rest.remove_prefix(1);
  return rest == "\x1B" || rest == "\x1B[" || rest == "\x1BO";
}

}  // namespace confab::term
