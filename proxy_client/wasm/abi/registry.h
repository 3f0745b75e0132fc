// Which contexts live, and whose calls are on their way.
#pragma once

#include <cstdint>
#include <memory>

#include "context.h"
#include "id_table.h"

namespace proxy {

/// Requests at a time in one worker; more of them get the fail mode at once.
inline constexpr size_t kMaxStreams = 16384;
/// Calls on their way at a time from one worker.
inline constexpr size_t kMaxCalls = 16384;

/// All contexts of this VM, by the host's ids.
class Contexts {
 public:
  RootContext* root(uint32_t id) const { return find(roots_, id); }
  StreamContext* stream(uint32_t id) const { return find(streams_, id); }
  Context* any(uint32_t id) const {
    if (auto* found = stream(id)) return found;
    return root(id);
  }

  bool has_room() const { return streams_.size() < kMaxStreams; }
  void add(std::unique_ptr<RootContext> root) { put(roots_, std::move(root)); }
  void add(std::unique_ptr<StreamContext> stream) { put(streams_, std::move(stream)); }
  void remove(uint32_t id) {
    if (!streams_.erase(id)) roots_.erase(id);
  }

  template <class Visit>
  void each_root(Visit visit) const {
    roots_.each([&](auto& root) { visit(*root); });
  }

 private:
  template <class Kind>
  using Table = IdTable<std::unique_ptr<Kind>>;

  template <class Kind>
  static Kind* find(const Table<Kind>& table, uint32_t id) {
    auto* found = table.find(id);
    return found == nullptr ? nullptr : found->get();
  }

  template <class Kind>
  static void put(Table<Kind>& table, std::unique_ptr<Kind> context) {
    auto id = context->id();
    table.put(id, std::move(context));
  }

  Table<RootContext> roots_;
  Table<StreamContext> streams_;
};

/// The owner of each call on its way. The host gives all answers to the root, and does not know
/// which stream asked.
class Calls {
 public:
  bool has_room() const { return owners_.size() < kMaxCalls; }
  void add(Token token, uint32_t owner) { owners_.put(token, owner); }

  /// The owner of a call that has been answered; 0, which is no context, when there is none.
  uint32_t take(Token token) {
    auto* found = owners_.find(token);
    if (found == nullptr) return 0;
    auto owner = *found;
    owners_.erase(token);
    return owner;
  }

 private:
  IdTable<uint32_t> owners_;
};

/// The tables of this VM.
Contexts& contexts();
Calls& calls();

}  // namespace proxy
