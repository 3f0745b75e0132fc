#include "policy_filter/header_changes.h"

namespace policy {
namespace {

extern "C" {
PROXY_WASM_IMPORT("proxy_call_foreign_function")
proxy::Status proxy_call_foreign_function(const char* name, size_t name_size,
                                          const char* arguments, size_t arguments_size,
                                          char** results, size_t* results_size);
}

void choose_route_anew() {
  constexpr std::string_view kName = "clear_route_cache";
  proxy::HostBytes::from([&](char** bytes, size_t* size) {
    return proxy_call_foreign_function(kName.data(), kName.size(), nullptr, 0, bytes, size);
  });
}

// Without line ends, by which a client could smuggle in another header.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\0' || c == '\n' || c == '\r') c = ' ';
  }
  return line;
}

// Calls `use(change, value)` for each change that is to be made.
template <class Use>
void for_each(const std::vector<HeaderChange>& changes, Machine& machine, Use use) {
  for (auto& change : changes) {
    std::string_view text;
    if (!machine.text(change.code, text)) continue;
    if (change.kind != ChangeKind::Remove && text.empty()) continue;
    use(change, one_line(text));
  }
}

}  // namespace

void apply(proxy::HeaderMap map, const HeaderChange& change, std::string_view value) {
  switch (change.kind) {
    case ChangeKind::Set:
      proxy::replace_header(map, change.name, value);
      return;
    case ChangeKind::Add:
      proxy::add_header(map, change.name, value);
      return;
    case ChangeKind::Remove:
      proxy::remove_header(map, change.name);
      return;
  }
}

void change_headers(const Program& program, Machine& machine, std::vector<Waiting>& waiting) {
  // All values are of the headers as they came, so none is written before all are known.
  std::vector<Waiting> now;
  for (auto& rule : program.headers) {
    if (!machine.holds(rule.match)) continue;
    for_each(rule.request, machine, [&](auto& change, std::string value) {
      now.push_back({&change, std::move(value)});
    });
    for_each(rule.response, machine, [&](auto& change, std::string value) {
      waiting.push_back({&change, std::move(value)});
    });
  }
  if (machine.has_failed()) return;
  for (auto& [change, value] : now) apply(proxy::HeaderMap::Request, *change, value);
  if (!now.empty()) choose_route_anew();
}

}  // namespace policy
