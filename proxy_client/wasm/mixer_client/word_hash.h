// A hash of words that clients can't prepare for.
//
// Most words are what clients send. With a fixed hash they could send words that all collide, and
// make each Report as slow as a list. So the hash has a key, which changes with what is reported.
#pragma once

#include <cstdint>
#include <string_view>

namespace mixer_client {

class WordHash {
 public:
  uint32_t operator()(std::string_view word) const;
  /// Changes the key to one that depends on it and on the text, which should hold something that
  /// nobody can foretell, such as times in ns.
  void change_key(std::string_view text);

 private:
  uint64_t mixed(std::string_view word) const;

  uint64_t first_key_ = 0x9e3779b97f4a7c15;
  uint64_t second_key_ = 0xd1b54a32d192ed03;
};

}  // namespace mixer_client
