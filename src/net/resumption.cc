// SPDX-License-Identifier: MIT
#include "net/resumption.h"

#include <algorithm>
#include <array>

#include <gnutls/crypto.h>

#include "net/gnutls_handles.h"

namespace confab::net {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t part_bytes_max = 0xFFFF;

using Checksum = std::array<std::uint8_t, 32>;

Checksum checksum_of(base::ByteView bytes) {
  Checksum sum;
  require(gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.data(), bytes.size(), sum.data()), "SHA-256");
  return sum;
}

void append(base::Bytes& out, base::ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append_sized(base::Bytes& out, base::ByteView bytes) {
  out.push_back(static_cast<std::uint8_t>(bytes.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(bytes.size()));
  append(out, bytes);
}

/// Takes from the front; once something was missing, everything is.
class Reader {
 public:
  explicit Reader(base::ByteView bytes) : rest_(bytes) {}

  base::ByteView take(std::size_t size) {
    complete_ = complete_ && size <= rest_.size();
    if (!complete_) return {};
    const base::ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::uint8_t take_octet() {
    const base::ByteView octet = take(1);
    return octet.empty() ? std::uint8_t{0} : octet[0];
  }
  base::ByteView take_sized() {
    const std::size_t high = take_octet();
    return take(high << 8 | take_octet());
  }
  /// All was there, and nothing is left.
  bool done() const { return complete_ && rest_.empty(); }

 private:
  base::ByteView rest_;
  bool complete_ = true;
};

}  // namespace

base::Bytes write_resumption(const Resumption& resumption) {
  const auto& [server, name, parameters, session] = resumption;
  if (std::max({name.size(), parameters.size(), session.size()}) > part_bytes_max) return {};
  base::Bytes out{version};
  append(out, server.fingerprint.sha256);
  out.push_back(server.ca_signed ? 1 : 0);
  append_sized(out, base::as_bytes(name));
  append_sized(out, parameters);
  append_sized(out, session);
  append(out, checksum_of(out));
  return out;
}

std::optional<Resumption> read_resumption(base::ByteView bytes) {
  if (bytes.size() < sizeof(Checksum)) return std::nullopt;
  const base::ByteView content = bytes.first(bytes.size() - sizeof(Checksum));
  if (!std::ranges::equal(checksum_of(content), bytes.last(sizeof(Checksum)))) return std::nullopt;
  Reader reader(content);
  if (reader.take_octet() != version) return std::nullopt;
  Resumption resumption;
  const base::ByteView fingerprint = reader.take(resumption.server.fingerprint.sha256.size());
  std::ranges::copy(fingerprint, resumption.server.fingerprint.sha256.begin());
  resumption.server.ca_signed = reader.take_octet() != 0;
  resumption.server_name = base::as_text(reader.take_sized());
  const base::ByteView parameters = reader.take_sized();
  const base::ByteView session = reader.take_sized();
  if (!reader.done()) return std::nullopt;
  resumption.transport_parameters.assign(parameters.begin(), parameters.end());
  resumption.session.assign(session.begin(), session.end());
  return resumption;
}

}  // namespace confab::net
