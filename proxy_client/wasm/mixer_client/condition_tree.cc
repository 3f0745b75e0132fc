#include "mixer_client/condition_tree.h"

#include "mixer_client/condition_split.h"

namespace mixer_client {
namespace {

constexpr uint32_t kMaxMoved = 500;  // entries at once, which takes about a millisecond

}  // namespace

void ConditionTree::add(Entry& entry) {
  Node* node = &root_;
  Node* crowded = nullptr;
  ++node->count;
  while (node->groups != nullptr && entry.open_count > 0) {
    auto* fact = node->groups->choose(entry);
    Node* child = node->groups->child(fact, node);
    if (crowded == nullptr && node->is_crowded() && node->count <= kMaxMoved) crowded = node;
    entry.know(fact);
    node = child;
    ++node->count;
  }
  node->take(entry);
  if (crowded != nullptr) {
    split_again(*crowded);
  } else if (node->groups == nullptr) {
    split(*node);
  }
}

void ConditionTree::remove(Entry& entry) {
  Node* node = entry.node;
  node->release(entry);
  while (true) {
    --node->count;
    Node* parent = node->parent;
    if (parent == nullptr) return;
    if (node->count == 0) {
      parent->groups->drop(node->fact);
      if (parent->groups->by_place.empty()) parent->groups.reset();
    }
    node = parent;
  }
}

void ConditionTree::clear() {
  root_.groups.reset();
  root_.entries = nullptr;
  root_.count = root_.own_count = 0;
}

}  // namespace mixer_client
