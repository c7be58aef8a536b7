// SPDX-License-Identifier: MIT
// confab's settings file, config.toml: where it is, and what is in it.
#pragma once

#include <string>

#include "client_options.h"
#include "prefs/settings.h"

namespace confab::apps {

/// --config, else config.toml in the home's configuration directory.
std::string config_path(const ClientSettings& options);

/// What the file says, and what is wrong with it. That there is none is nothing wrong, unless --config named it.
/// What it does not say is as in `defaults`.
prefs::ParsedSettings load_config(const ClientSettings& options, prefs::Settings defaults = {});

/// `confab --check-config`: names what is wrong on stdout. The exit code: 0 where that is nothing.
int check_config(const ClientSettings& options);

}  // namespace confab::apps
