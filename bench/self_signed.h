// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace confab::bench {

/// A certificate for a peer and its key, as PEM files.
struct CertificateFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// Self-signed, with a new ECDSA P-256 key, as confabd's own; in files of `directory`, which goes with the peer.
std::expected<CertificateFiles, std::string> make_certificate(const std::filesystem::path& directory);

}  // namespace confab::bench
