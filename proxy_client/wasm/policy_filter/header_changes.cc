#include "policy_filter/header_changes.h"

#include <algorithm>
#include <new>

namespace policy {
namespace {

constexpr std::string_view kLineEnds{"\0\r\n", 3};

// Without line ends, by which a client could smuggle in another header.
Text one_line(Text text, base::Arena& arena) {
  if (text.find_first_of(kLineEnds) == Text::npos) return text;
  char* line = arena.bytes(text.size());
  if (line == nullptr) return {};
  std::transform(text.begin(), text.end(), line,
                 [](char c) { return kLineEnds.find(c) == Text::npos ? c : ' '; });
  return {line, text.size()};
}

// Adds the changes that are to be made.
void add(const Items<HeaderChange>& changes, Machine& machine, Items<Change>& to) {
  for (auto& change : changes) {
    Text text;
    if (!machine.text(change.code, text)) continue;
    if (change.kind != ChangeKind::Remove && text.empty()) continue;
    to.begin()[to.count++] = {&change, one_line(text, machine.arena())};
  }
}

void apply(proxy::HeaderMap map, const Change& it) {
  switch (it.change->kind) {
    case ChangeKind::Set:
      proxy::replace_header(map, it.change->name, it.value);
      return;
    case ChangeKind::Add:
      proxy::add_header(map, it.change->name, it.value);
      return;
    case ChangeKind::Remove:
      proxy::remove_header(map, it.change->name);
      return;
  }
}

// An empty list with room for all changes that may be made.
Items<Change> room_for(size_t count, base::Arena& arena) {
  Items<Change> changes;
  changes.items = arena.allocate(count * sizeof(Change));
  return changes;
}

}  // namespace

bool WaitingChanges::keep(const Items<Change>& changes) {
  size_t size = changes.size() * sizeof(Change);
  for (auto& it : changes) size += it.value.size();
  block_ = ::operator new(size, std::nothrow);
  if (block_ == nullptr) return false;
  count_ = changes.size();
  auto* kept = static_cast<Change*>(block_);
  auto* to = reinterpret_cast<char*>(kept + count_);
  for (auto& it : changes) {
    *kept++ = {it.change, {to, it.value.size()}};
    to += it.value.copy(to, it.value.size());
  }
  return true;
}

void WaitingChanges::apply() const {
  auto* kept = static_cast<const Change*>(block_);
  for (uint32_t i = 0; i < count_; ++i) policy::apply(proxy::HeaderMap::Response, kept[i]);
}

bool change_headers(const Program& program, Machine& machine, WaitingChanges& waiting) {
  size_t most_request = 0, most_response = 0;
  for (auto& rule : program.headers) {
    most_request += rule.request.size();
    most_response += rule.response.size();
  }
  if (most_request + most_response == 0) return true;
  // All values are of the headers as they came, so none is written before all are known.
  auto request = room_for(most_request, machine.arena());
  auto response = room_for(most_response, machine.arena());
  for (auto& rule : program.headers) {
    if (machine.has_failed() || !machine.holds(rule.match)) continue;
    add(rule.request, machine, request);
    add(rule.response, machine, response);
  }
  if (machine.has_failed() || (!response.empty() && !waiting.keep(response))) return false;
  for (auto& it : request) apply(proxy::HeaderMap::Request, it);
  if (!request.empty()) proxy::clear_route_cache();
  return true;
}

}  // namespace policy
