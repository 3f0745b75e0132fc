// A strict reader of JSON that gives what stands there one value after the other.
//
// The caller says what it expects. After the first thing that is not so, `failed` is true, all that
// is read is empty, and `why` says what was wrong, so that callers need no tests in between.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace base {

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// Calls `on_key(key)` for each key; that must read the key's value.
  template <class OnKey>
  void object(OnKey on_key) {
    if (!open('{')) return;
    for (bool is_first = true; more('}', is_first); is_first = false) {
      auto key = text();
      if (!expect(':')) return;
      on_key(std::string_view(key));
    }
    --depth_;
  }

  /// Calls `on_item(index)` for each item; that must read it.
  template <class OnItem>
  void list(OnItem on_item) {
    if (!open('[')) return;
    uint32_t index = 0;
    for (bool is_first = true; more(']', is_first); is_first = false) on_item(index++);
    --depth_;
  }

  std::string text();
  /// The same, in memory of an arena without a limit.
  std::string_view text(Arena& arena);
  bool boolean();
  /// A whole number below 2^53, also in a form such as 1e+15, which protobuf's printer may choose.
  int64_t integer();
  /// A whole number from 0 to `most`.
  uint32_t natural(uint32_t most = INT32_MAX);
  /// Reads `null` if that is next; else nothing.
  bool null();
  /// Fails if something stands behind the value that was read.
  void end();

  /// The next byte that is not white space; 0 at the end.
  char peek();
  /// Notes what is wrong: `why`, and what it is about.
  void fail(std::string_view why, std::string_view what = {});
  bool failed() const { return !why_.empty(); }
  const std::string& why() const { return why_; }

 private:
  bool open(char bracket);
  bool more(char end, bool is_first);
  bool expect(char wanted);
  bool word(std::string_view wanted);
  std::string_view raw_text();
  size_t unescape(std::string_view raw, char* to);
  size_t escape(std::string_view& raw, char* to);
  uint32_t four_digits(std::string_view& raw);
  int64_t exponent();

  std::string_view text_;
  size_t at_ = 0;
  uint32_t depth_ = 0;
  std::string why_;
};

}  // namespace base
