#include "mixer_client/bag.h"

#include <algorithm>
#include <cstring>

#include "mixer_client/dictionary.h"

namespace mixer_client {
namespace {

// How much memory the content of values takes.
struct Need {
  size_t bytes = 0;
  size_t entries = 0;

  void add(const Value& value) {
    if (value.type == Type::String || value.type == Type::Bytes) bytes += value.text.size();
    if (value.type != Type::StringMap) return;
    entries += value.map.size;
    for (auto* entry = value.map.entries; entry != value.map.entries + value.map.size; ++entry) {
      bytes += entry->name.size() + entry->value.size();
    }
  }
};

// Memory for content, as much as was needed.
class Room {
 public:
  Room(char* bytes, base::Entry* entries) : bytes_(bytes), entries_(entries) {}

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    std::memcpy(bytes_, text.data(), text.size());
    std::string_view copied(bytes_, text.size());
    bytes_ += text.size();
    return copied;
  }

  base::Map copy(const base::Map& map) {
    base::Map copied{entries_, map.size};
    for (uint32_t i = 0; i < map.size; ++i) {
      *entries_++ = {copy(map.entries[i].name), copy(map.entries[i].value)};
    }
    return copied;
  }

 private:
  char* bytes_;
  base::Entry* entries_;
};

}  // namespace

std::vector<Name>::const_iterator Names::place(std::string_view text) const {
  return std::lower_bound(by_text_.begin(), by_text_.end(), text,
                          [this](Name name, std::string_view text) { return texts_[name] < text; });
}

Name Names::add(std::string_view text) {
  auto found = place(text);
  if (found != by_text_.end() && texts_[*found] == text) return *found;
  if (texts_.size() == kMaxCount) return kNone;
  Name name = size();
  by_text_.insert(found, name);
  texts_.emplace_back(text);
  global_indices_.push_back(find_global_word(text));
  return name;
}

Name Names::find(std::string_view text) const {
  auto found = place(text);
  return found != by_text_.end() && texts_[*found] == text ? *found : kNone;
}

KeptBag::KeptBag(Bag& original) : Bag(original.names()), slots_(original.names().size()) {
  Need need;
  for (Name name = 0; name < slots_.size(); ++name) {
    const Value* value = original.find(name);
    if (value == nullptr) continue;
    need.add(*value);
    slots_[name] = {true, *value};
  }
  bytes_.reset(new char[need.bytes]);
  entries_.reset(new base::Entry[need.entries]);
  Room room(bytes_.get(), entries_.get());
  for (auto& [is_present, value] : slots_) {
    if (!is_present) continue;
    if (value.type == Type::String || value.type == Type::Bytes) value.text = room.copy(value.text);
    if (value.type == Type::StringMap) value.map = room.copy(value.map);
  }
}

const Value* KeptBag::find(Name name) {
  return name < slots_.size() && slots_[name].is_present ? &slots_[name].value : nullptr;
}

}  // namespace mixer_client
