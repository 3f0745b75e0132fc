#include "policy_filter/cells.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "abi/filter.h"

namespace policy {
namespace {

constexpr uint64_t kNsPerTick = 100'000'000;
constexpr uint32_t kBucketCount = 1024;
constexpr uint32_t kMaxCells = 64;  // in a bucket
constexpr int kMaxSwaps = 100;

struct Amount {
  int64_t tick;
  int64_t count;
};

// A bucket is cell after cell: this, the key, and the amounts, oldest first.
struct Head {
  uint32_t key_size;
  uint32_t amount_count;
  int64_t ticks;  // 0: nothing ever leaves
};

struct Cell {
  Head head{};
  std::string_view key;
  std::string_view amounts;

  Amount amount(uint32_t index) const {
    Amount found;
    std::memcpy(&found, amounts.data() + index * sizeof(Amount), sizeof(Amount));
    return found;
  }
  bool is_over(int64_t now) const {
    return head.ticks > 0 && amount(head.amount_count - 1).tick <= now - head.ticks;
  }
};

// Takes the next cell off a bucket; false at its end.
bool next_cell(std::string_view& bucket, Cell& cell) {
  if (bucket.size() < sizeof(Head)) return false;
  std::memcpy(&cell.head, bucket.data(), sizeof(Head));
  bucket.remove_prefix(sizeof(Head));
  size_t amounts = cell.head.amount_count * sizeof(Amount);
  if (cell.head.amount_count == 0 || cell.head.key_size + amounts > bucket.size()) return false;
  cell.key = bucket.substr(0, cell.head.key_size);
  cell.amounts = bucket.substr(cell.head.key_size, amounts);
  bucket.remove_prefix(cell.head.key_size + amounts);
  return true;
}

void append(std::string& bucket, const void* bytes, size_t size) {
  bucket.append(static_cast<const char*>(bytes), size);
}

void append(std::string& bucket, const Cell& cell) {
  append(bucket, &cell.head, sizeof(Head));
  bucket += cell.key;
  bucket += cell.amounts;
}

uint32_t hash(std::string_view text) {
  uint32_t hash = 2166136261;  // FNV-1a
  for (char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
  return hash;
}

int64_t tick_of(uint64_t now_ns) {
  static int64_t last = 0;
  last = std::max(last, static_cast<int64_t>(now_ns / kNsPerTick));
  return last;
}

class Taking {
 public:
  Taking(const Limit& limit, std::string_view key, int64_t amount, int64_t now)
      : limit_(limit), key_(key), amount_(amount), now_(now) {}

  /// The bucket as it is after it; Failed when it is full.
  Taken from(std::string_view bucket) {
    after_.clear();
    after_.reserve(bucket.size() + sizeof(Head) + key_.size() + sizeof(Amount));
    Cell cell, mine;
    uint32_t count = 1;
    while (next_cell(bucket, cell)) {
      if (cell.key == key_) {
        mine = cell;
      } else if (!cell.is_over(now_)) {
        append(after_, cell);
        ++count;
      }
    }
    return count > kMaxCells ? Taken::Failed : add(mine);
  }
  const std::string& after() const { return after_; }

 private:
  Taken add(const Cell& mine) {
    int64_t total = 0;
    uint32_t first = mine.head.amount_count;
    // The clock of another worker may be ahead of this one's.
    int64_t now = first == 0 ? now_ : std::max(now_, mine.amount(first - 1).tick);
    while (first > 0 && stays(mine.amount(first - 1), now)) total += mine.amount(--first).count;
    if (total + amount_ > limit_.max) return Taken::No;
    write(mine, first, now);
    return Taken::Yes;
  }

  bool stays(Amount amount, int64_t now) const {
    return limit_.ticks <= 0 || amount.tick > now - limit_.ticks;
  }

  // What is taken in one tick is one amount; where nothing leaves, all is.
  void write(const Cell& mine, uint32_t first, int64_t now) {
    uint32_t kept = mine.head.amount_count - first;
    Amount last{now, amount_};
    if (kept > 0) {
      auto before = mine.amount(mine.head.amount_count - 1);
      if (before.tick == now || limit_.ticks <= 0) {
        last.count += before.count;
        --kept;
      }
    }
    Head head{static_cast<uint32_t>(key_.size()), kept + 1, limit_.ticks};
    append(after_, &head, sizeof(head));
    after_ += key_;
    after_ += mine.amounts.substr(first * sizeof(Amount), kept * sizeof(Amount));
    append(after_, &last, sizeof(last));
  }

  const Limit& limit_;
  std::string_view key_;
  int64_t amount_;
  int64_t now_;
  std::string after_;
};

}  // namespace

Taken take(const Limit& limit, std::string_view key, int64_t amount, uint64_t now_ns) {
  std::string whole = std::to_string(limit.id.size()) + ":" + limit.id;
  whole += key;
  std::string place = "policy.cells." + std::to_string(hash(whole) % kBucketCount);
  Taking taking(limit, whole, amount, tick_of(now_ns));
  for (int swap = 0; swap < kMaxSwaps; ++swap) {
    auto before = proxy::shared(place);
    if (!before.bytes && before.bytes.status() != proxy::Status::NotFound) return Taken::Failed;
    auto taken = taking.from(before.bytes.view());
    if (taken != Taken::Yes) return taken;
    auto status = proxy::set_shared(place, taking.after(), before.version);
    if (status == proxy::Status::Ok) return taken;
    if (status != proxy::Status::CasMismatch) return Taken::Failed;
  }
  return Taken::Failed;
}

}  // namespace policy
