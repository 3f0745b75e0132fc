#include "mixer_client/settings.h"

#include <algorithm>

namespace mixer_client {
namespace {

const Service* find(const Settings& settings, std::string_view name) {
  auto& services = settings.services;
  auto place = std::lower_bound(services.begin(), services.end(), name,
                                [](auto& service, auto wanted) { return service->name < wanted; });
  return place != services.end() && (*place)->name == name ? place->get() : nullptr;
}

}  // namespace

const Service* Settings::service(std::string_view name) const {
  auto* found = find(*this, name);
  return found != nullptr ? found : find(*this, default_service);
}

bool Settings::depends_on_route() const {
  return services.size() > (service(default_service) == nullptr ? 0u : 1u);
}

}  // namespace mixer_client
