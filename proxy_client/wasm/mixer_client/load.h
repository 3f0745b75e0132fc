// The parts of `load_settings`.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mixer_client/loader.h"
#include "mixer_client/settings.h"

namespace mixer_client {

/// Attributes with fixed values; these belong to the settings.
using ConfiguredAttributes = std::vector<std::pair<Name, const Value*>>;
/// Texts for the next proxy, by attribute.
using ForwardAttributes = std::map<std::string, std::string>;

/// An istio.mixer.v1.Attributes.
void load_attributes(Loader& loader, Settings& settings, ConfiguredAttributes& attributes);
/// The same, of which all values are texts.
void load_forward_attributes(Loader& loader, ForwardAttributes& attributes);
/// Keeps a text as the value of an attribute.
void add_text(Settings& settings, std::string_view name, std::string_view text,
              ConfiguredAttributes& to);

void load_transport(Loader& loader, Transport& transport);
/// A list of QuotaSpec, all of which count.
void load_quota_specs(Loader& loader, Names& names, QuotaSpec& quotas);

}  // namespace mixer_client
