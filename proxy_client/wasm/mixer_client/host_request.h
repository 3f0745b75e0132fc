// What the host shows of the request that it is at.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "abi/filter.h"
#include "base/address.h"
#include "base/arena.h"
#include "base/map.h"

namespace mixer_client {

/// The header in which proxies hand attributes on; no attribute shows it.
inline constexpr std::string_view kForwardHeader = "x-istio-attributes";

/// All texts are UTF-8: what is not is U+FFFD in them. All of it stays until the next `begin`.
class HostRequest {
 public:
  /// Forgets the last request. `is_over`: it is read by the log callback.
  void begin(bool is_over);

  /// The lines of a header map in their order, read in one call when the first is asked for.
  std::span<const base::Entry> lines(proxy::HeaderMap which) { return map(which).lines; }
  /// How many bytes names and values of all its lines have.
  size_t size(proxy::HeaderMap which) { return map(which).size; }
  /// The value of the last line of that name; nothing when there is none.
  std::optional<std::string_view> header(proxy::HeaderMap which, std::string_view name);
  std::optional<std::string_view> header(std::string_view name) {
    return header(proxy::HeaderMap::Request, name);
  }

  // Properties, asked for once each. Paths must be made by `_path`, which makes each only once.

  /// The bytes, empty when it is missing.
  std::string_view bytes(std::string_view path);
  std::string_view text(std::string_view path);
  /// 0 when it is missing.
  int64_t number(std::string_view path);
  /// What filters say of the request: a serialised envoy.config.core.v3.Metadata.
  std::string_view metadata();
  /// Where the request was sent on to, if that has an address and a port.
  std::optional<base::Endpoint> upstream();
  /// Whether the client's connection is encrypted.
  bool is_encrypted();

  base::Arena& arena() { return arena_; }
  /// Whether memory for something was missing.
  bool has_failed() const { return has_failed_ || arena_.is_exhausted(); }

 private:
  static constexpr size_t kMapCount = 4;

  struct Lines {
    std::span<const base::Entry> lines;
    size_t size = 0;
  };

  struct Property {
    std::string_view path;
    proxy::HostBytes bytes;
  };

  std::string_view view(const proxy::HostBytes& bytes);
  const Lines& map(proxy::HeaderMap which);
  Lines read(proxy::HeaderMap which);
  static void restore_path(std::span<base::Entry> lines);

  base::Arena arena_;
  std::vector<Property> properties_;
  std::vector<proxy::HostBytes> header_bytes_;
  std::optional<Lines> maps_[kMapCount];
  bool is_over_ = false;
  bool has_failed_ = false;
};

}  // namespace mixer_client
