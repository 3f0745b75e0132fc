// The whole configuration.
#include "base/base64.h"
#include "mixer_client/attribute_rows.h"
#include "mixer_client/forwarded.h"
#include "mixer_client/load.h"
#include "mixer_client/requests.h"
#include "mixer_client/sort.h"

namespace mixer_client {
namespace {

struct ServiceDraft {
  Settings& settings;
  std::unique_ptr<Service> service;
  ConfiguredAttributes attributes;
  ForwardAttributes forward;
};

struct Draft {
  Settings& settings;
  ConfiguredAttributes attributes;
  ForwardAttributes forward;
  std::vector<ServiceDraft> services;
};

constexpr FieldOf<ServiceDraft> kService[] = {
    {"disable_check_calls",
     [](Loader& loader, ServiceDraft& it) { it.service->has_check = !loader.boolean(); }},
    {"disable_report_calls",
     [](Loader& loader, ServiceDraft& it) { it.service->has_report = !loader.boolean(); }},
    {"mixer_attributes",
     [](Loader& loader, ServiceDraft& it) { load_attributes(loader, it.settings, it.attributes); }},
    {"forward_attributes",
     [](Loader& loader, ServiceDraft& it) { load_forward_attributes(loader, it.forward); }},
    {"quota_spec",
     [](Loader& loader, ServiceDraft& it) {
       load_quota_specs(loader, it.settings.names, it.service->quotas);
     }},
};

constexpr FieldOf<Draft> kSettings[] = {
    {"transport", [](Loader& loader, Draft& it) { load_transport(loader, it.settings.transport); }},
    {"service_configs",
     [](Loader& loader, Draft& it) {
       loader.map(kMaxServices, [&](std::string_view name) {
         auto& draft = it.services.emplace_back(
             ServiceDraft{it.settings, std::make_unique<Service>(), {}, {}});
         draft.service->name = name;
         loader.message(kService, draft);
       });
     }},
    {"default_destination_service",
     [](Loader& loader, Draft& it) { it.settings.default_service = loader.text(); }},
    {"mixer_attributes",
     [](Loader& loader, Draft& it) { load_attributes(loader, it.settings, it.attributes); }},
    {"forward_attributes",
     [](Loader& loader, Draft& it) { load_forward_attributes(loader, it.forward); }},
    {"ignore_forwarded_attributes",
     [](Loader& loader, Draft& it) { it.settings.ignores_forwarded = loader.boolean(); }},
};

bool is_outbound(const Settings& settings, const ConfiguredAttributes& attributes) {
  auto name = settings.names.find("context.reporter.kind");
  for (auto& [other, value] : attributes) {
    if (other == name) return value->type == Type::String && value->text == "outbound";
  }
  return false;
}

// What the proxy knows of itself goes before what is configured, which may say otherwise.
void add_node(const ProxyNode& node, Draft& draft) {
  ConfiguredAttributes found;
  bool is_source = is_outbound(draft.settings, draft.attributes);
  auto add = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) add_text(draft.settings, name, text, found);
  };
  add(is_source ? "source.uid" : "destination.uid", node.uid);
  add(is_source ? "source.namespace" : "destination.namespace", node.name_space);
  add("context.reporter.uid", node.uid);
  draft.attributes.insert(draft.attributes.begin(), found.begin(), found.end());
  if (is_source && !node.uid.empty()) draft.forward.emplace("source.uid", node.uid);
}

std::string forward_header(const ForwardAttributes& attributes) {
  if (attributes.empty()) return {};
  return base::encode_base64(attributes_message(attributes));
}

void put(const ConfiguredAttributes& attributes, Service& service) {
  for (auto& [name, value] : attributes) service.attributes[name] = value;
}

void finish(ServiceDraft& draft, const Draft& common) {
  auto& service = *draft.service;
  service.attributes.resize(draft.settings.names.size());
  put(common.attributes, service);
  put(draft.attributes, service);
  draft.forward.insert(common.forward.begin(), common.forward.end());  // where it has none
  service.forward_header = forward_header(draft.forward);
  draft.settings.services.push_back(std::move(draft.service));
}

void finish(Draft& draft) {
  auto& settings = draft.settings;
  settings.forward_header = forward_header(draft.forward);
  for (auto& service : draft.services) finish(service, draft);
  sort_items(settings.services, [](auto& one, auto& other) { return one->name < other->name; });
}

void add_names(Names& names) {
  for (auto& row : check_rows()) names.add(row.name);
  for (auto& row : report_rows()) names.add(row.name);
  for (auto name : believed_names()) names.add(name);
}

}  // namespace

std::string load_settings(std::string_view json, Settings& settings, const ProxyNode& node) {
  if (json.size() > kMaxConfiguration) {
    return "longer than " + std::to_string(kMaxConfiguration) + " bytes";
  }
  add_names(settings.names);
  Loader loader(json);
  Draft draft{settings, {}, {}, {}};
  loader.message(kSettings, draft);
  loader.end();
  if (loader.failed()) return loader.error();
  add_node(node, draft);
  finish(draft);
  auto& name = settings.default_service;
  if (!name.empty() && settings.service(name) == nullptr) {
    return "default_destination_service: " + name + " is not among service_configs";
  }
  return {};
}

}  // namespace mixer_client
