#include "policy_filter/cell.h"

namespace policy {

bool next_cell(Text& bucket, Cell& cell) {
  if (bucket.size() < sizeof(Cell::Head)) return false;
  std::memcpy(&cell.head, bucket.data(), sizeof(Cell::Head));
  bucket.remove_prefix(sizeof(Cell::Head));
  size_t amounts = cell.head.amount_count * sizeof(Amount);
  if (cell.head.amount_count == 0 || cell.head.key_size + amounts > bucket.size()) return false;
  cell.key = bucket.substr(0, cell.head.key_size);
  cell.amounts = bucket.substr(cell.head.key_size, amounts);
  bucket.remove_prefix(cell.head.key_size + amounts);
  return true;
}

void BucketWriter::put(const Cell& cell) {
  put(&cell.head, sizeof(cell.head));
  put(cell.key);
  put(cell.amounts);
}

}  // namespace policy
