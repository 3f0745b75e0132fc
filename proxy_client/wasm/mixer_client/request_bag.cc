#include "mixer_client/request_bag.h"

#include "base/text.h"
#include "mixer_client/dynamic_metadata.h"

namespace mixer_client {

using proxy::operator""_path;

const Service* pick_service(const Settings& settings) {
  constexpr auto kName = "xds.route_metadata.filter_metadata.mixer.destination_service"_path;
  if (!settings.depends_on_route()) return settings.service(settings.default_service);
  return settings.service(proxy::property(kName).view());
}

RequestBag::RequestBag(Settings& settings)
    : Bag(settings.names), settings_(settings), slots_(settings.names.size()) {}

void RequestBag::begin(const Service& service, const Forwarded& forwarded, bool is_over) {
  service_ = &service;
  forwarded_ = &forwarded;
  is_over_ = is_over;
  for (auto& slot : slots_) slot.state = State::Unknown;
  host_.begin(is_over);
}

void RequestBag::begin_check(const Service& service, const Forwarded& forwarded) {
  begin(service, forwarded, false);
  has_checked_ = true;
}

void RequestBag::begin_report(const Service& service, const Forwarded& forwarded,
                              const CheckFacts& facts, bool has_checked) {
  begin(service, forwarded, true);
  has_checked_ = has_checked;
  facts_ = facts;
  add_metadata();
}

// Each namespace is an attribute of its own. Which there are depends on the filters of the proxy;
// when they are too many, the others are left out.
void RequestBag::add_metadata() {
  for_each_entry(host_.metadata(), [&](std::string_view key, std::string_view fields) {
    if (key == kOwnMetadata) return;
    auto entries = string_entries(fields, host_.arena());
    if (entries.size == 0) return;
    auto name = settings_.names.add(base::replace_illformed(key, host_.arena()));
    if (name == Names::kNone) return;
    if (name >= slots_.size()) slots_.resize(name + 1);
    slots_[name] = {State::Present, Value::of(entries)};
  });
}

const Value* RequestBag::find(Name name) {
  if (name >= slots_.size()) return nullptr;
  auto& slot = slots_[name];
  if (slot.state == State::Unknown) {
    slot.state = work_out(name, slot.value) ? State::Present : State::Absent;
  }
  return slot.state == State::Present ? &slot.value : nullptr;
}

// In which order the sources count is from proxy 1.4 `src/istio/control/http`.
bool RequestBag::work_out(Name name, Value& value) {
  if (has_checked_ && find_forwarded(name, value)) return true;
  auto* own = row(name);
  bool yields = own != nullptr && own->yields_to_configured;
  if (yields && find_configured(name, value)) return true;
  if (read(own, value)) return true;
  if (!yields && find_configured(name, value)) return true;
  return !has_checked_ && find_forwarded(name, value);
}

const Row* RequestBag::row(Name name) const {
  if (name < check_rows_.size()) return &check_rows_[name];
  name -= check_rows_.size();
  return is_over_ && name < report_rows_.size() ? &report_rows_[name] : nullptr;
}

bool RequestBag::read(const Row* row, Value& value) {
  if (row == nullptr) return false;
  value.type = row->type;
  return row->read({host_, facts_}, value);
}

bool RequestBag::find_configured(Name name, Value& value) const {
  auto& attributes = service_->attributes;
  if (name >= attributes.size() || attributes[name] == nullptr) return false;
  value = *attributes[name];
  return true;
}

bool RequestBag::find_forwarded(Name name, Value& value) const {
  for (auto& [forwarded, text] : *forwarded_) {
    if (forwarded != name) continue;
    value = Value::of(Type::String, text);
    return true;
  }
  return false;
}

}  // namespace mixer_client
