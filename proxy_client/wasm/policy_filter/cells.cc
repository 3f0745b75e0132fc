#include "policy_filter/cells.h"

#include <algorithm>
#include <new>

#include "abi/filter.h"
#include "policy_filter/cell.h"
#include "policy_filter/number.h"

namespace policy {
namespace {

constexpr uint64_t kNsPerTick = 100'000'000;
constexpr uint32_t kBucketCount = 1024;
constexpr uint32_t kMaxCells = 64;  // in a bucket
constexpr size_t kMaxBucketSize = 256 * 1024;
constexpr size_t kMaxWorkerSize = 16 * 1024 * 1024;
constexpr int kMaxSwaps = 100;

uint32_t hash(Text text) {
  uint32_t hash = 2166136261;  // FNV-1a
  for (char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
  return hash;
}

int64_t tick_of(uint64_t now_ns) {
  static int64_t last = 0;
  last = std::max(last, static_cast<int64_t>(now_ns / kNsPerTick));
  return last;
}

// A bucket after something has been taken of one of its cells.
class NextBucket {
 public:
  NextBucket(const Taking& taking, Text key, base::Arena& scratch)
      : taking_(taking), key_(key), now_(tick_of(taking.now_ns)), scratch_(scratch) {}

  /// Makes it of the bucket as it is; Failed when there is no room.
  Taken make(Text bucket) {
    auto most = bucket.size() + sizeof(Cell::Head) + key_.size() + sizeof(Amount);
    char* room = scratch_.bytes(most);
    if (room == nullptr) return Taken::Failed;
    BucketWriter writer(room);
    Cell cell, mine;
    uint32_t count = 1;
    while (next_cell(bucket, cell)) {
      if (cell.key == key_) {
        mine = cell;
      } else if (!cell.is_over(now_)) {
        writer.put(cell);
        ++count;
      }
    }
    auto taken = add(mine, writer);
    written_ = writer.written();
    if (taken != Taken::Yes) return taken;
    return count > kMaxCells || written_.size() > kMaxBucketSize ? Taken::Failed : taken;
  }
  Text written() const { return written_; }

 private:
  Taken add(const Cell& mine, BucketWriter& writer) {
    int64_t total = 0;
    uint32_t first = mine.head.amount_count;
    // The clock of another worker may be ahead of this one's.
    int64_t now = first == 0 ? now_ : std::max(now_, mine.amount(first - 1).tick);
    while (first > 0 && stays(mine.amount(first - 1), now)) total += mine.amount(--first).count;
    if (total + taking_.amount > taking_.limit.max) return Taken::No;
    write(mine, first, now, writer);
    return Taken::Yes;
  }

  bool stays(Amount amount, int64_t now) const {
    return taking_.limit.ticks <= 0 || amount.tick > now - taking_.limit.ticks;
  }

  // What is taken in one tick is one amount; where nothing leaves, all is.
  void write(const Cell& mine, uint32_t first, int64_t now, BucketWriter& writer) {
    uint32_t kept = mine.head.amount_count - first;
    Amount last{now, taking_.amount};
    if (kept > 0) {
      auto before = mine.amount(mine.head.amount_count - 1);
      if (before.tick == now || taking_.limit.ticks <= 0) {
        last.count += before.count;
        --kept;
      }
    }
    Cell::Head head{static_cast<uint32_t>(key_.size()), kept + 1, taking_.limit.ticks};
    writer.put(&head, sizeof(head));
    writer.put(key_);
    writer.put(mine.amounts.substr(first * sizeof(Amount), kept * sizeof(Amount)));
    writer.put(&last, sizeof(last));
  }

  const Taking& taking_;
  Text key_;
  int64_t now_;
  base::Arena& scratch_;
  Text written_;
};

Taken take_shared(uint32_t number, NextBucket& next) {
  constexpr std::string_view kPrefix = "policy.cells.";
  char place[kPrefix.size() + kMaxNumberText];
  auto size = kPrefix.copy(place, kPrefix.size());
  Text key(place, size + decimal(number, place + size));
  for (int swap = 0; swap < kMaxSwaps; ++swap) {
    auto before = proxy::shared(key);
    if (!before.bytes && before.bytes.status() != proxy::Status::NotFound) return Taken::Failed;
    auto taken = next.make(before.bytes.view());
    if (taken != Taken::Yes) return taken;
    auto status = proxy::set_shared(key, next.written(), before.version);
    if (status == proxy::Status::Ok) return taken;
    if (status != proxy::Status::CasMismatch) return Taken::Failed;
  }
  return Taken::Failed;
}

// A bucket of this worker; all of them last as long as the VM.
struct Bucket {
  char* bytes;
  size_t size;
  size_t room;
};

bool put(Bucket& bucket, Text bytes) {
  static size_t taken = 0;
  if (bytes.size() > bucket.room) {
    size_t room = std::max(bytes.size(), 2 * bucket.room);
    if (taken - bucket.room + room > kMaxWorkerSize) return false;
    auto* memory = ::operator new(room, std::nothrow);
    if (memory == nullptr) return false;
    taken += room - bucket.room;
    ::operator delete(bucket.bytes);
    bucket = {static_cast<char*>(memory), 0, room};
  }
  bucket.size = bytes.copy(bucket.bytes, bytes.size());
  return true;
}

Taken take_of_worker(uint32_t number, NextBucket& next) {
  static Bucket buckets[kBucketCount];
  auto& bucket = buckets[number];
  auto taken = next.make({bucket.bytes, bucket.size});
  return taken == Taken::Yes && !put(bucket, next.written()) ? Taken::Failed : taken;
}

// The size of the limit's id, the id, and the key: no two cells have the same.
Text whole_key(const Taking& taking, base::Arena& scratch) {
  char digits[kMaxNumberText];
  auto size = decimal(taking.limit.id.size(), digits);
  digits[size++] = ':';
  return scratch.join({digits, size}, taking.limit.id, taking.key);
}

}  // namespace

Taken take(CellsKind kind, const Taking& taking, base::Arena& scratch) {
  auto key = whole_key(taking, scratch);
  if (key.empty()) return Taken::Failed;
  NextBucket next(taking, key, scratch);
  auto number = hash(key) % kBucketCount;
  return kind == CellsKind::Shared ? take_shared(number, next) : take_of_worker(number, next);
}

}  // namespace policy
