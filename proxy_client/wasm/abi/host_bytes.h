// Bytes that the host has put into the VM's memory.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "memory.h"
#include "types.h"

namespace proxy {

/// Owns the bytes of one answer of the host, and says how the call went. Move-only; frees at its
/// end. The bytes can be anything: not text, not UTF-8, no NUL at the end.
class HostBytes {
 public:
  /// An answer without bytes.
  explicit HostBytes(Status status) : status_(status) {}

  /// Runs `call(char** bytes, size_t* size) -> Status` and takes what it gives.
  template <class Call>
  static HostBytes from(Call call) {
    HostBytes answer{Status::Ok};
    answer.status_ = call(&answer.bytes_, &answer.size_);
    return answer;
  }

  HostBytes(HostBytes&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        status_(other.status_) {}

  HostBytes& operator=(HostBytes&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(status_, other.status_);
    return *this;
  }

  HostBytes(const HostBytes&) = delete;
  HostBytes& operator=(const HostBytes&) = delete;

  ~HostBytes() { memory::release(bytes_); }

  /// NotFound means: there is no such thing. Every other status but Ok: it could not be read.
  Status status() const { return status_; }

  /// Whether there is a value; it may be empty.
  explicit operator bool() const { return status_ == Status::Ok; }

  /// The bytes, as long as this object lives; empty without a value.
  std::string_view view() const { return {bytes_, size_}; }

  std::string str() const { return std::string(view()); }

 private:
  char* bytes_ = nullptr;
  size_t size_ = 0;
  Status status_;
};

}  // namespace proxy
