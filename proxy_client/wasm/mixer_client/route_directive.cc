#include "mixer_client/route_directive.h"

#include "mixer_client/answer.h"
#include "mixer_client/proto.h"

namespace mixer_client {
namespace {

using proto::Reader;
using proto::tag;
using proto::Wire;

constexpr auto kLastOperation = static_cast<int32_t>(Operation::Append);

bool read_change(std::string_view bytes, std::vector<HeaderChange>& changes) {
  HeaderChange change{};
  int32_t operation = 0;
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(1, Wire::Bytes):
        change.name = from.text();
        break;
      case tag(2, Wire::Bytes):
        change.value = from.text();
        break;
      case tag(3, Wire::Varint):
        operation = from.int32();
        break;
    }
  }
  if (operation >= 0 && operation <= kLastOperation) {
    change.operation = static_cast<Operation>(operation);
    changes.push_back(std::move(change));
  }
  return !from.has_failed() && changes.size() <= kMaxHeaderChanges;
}

}  // namespace

bool read_route_directive(std::string_view bytes, RouteDirective& directive) {
  Reader from(bytes);
  while (from.next()) {
    switch (from.tag()) {
      case tag(1, Wire::Bytes):
        from.require(read_change(from.bytes(), directive.request_changes));
        break;
      case tag(2, Wire::Bytes):
        from.require(read_change(from.bytes(), directive.response_changes));
        break;
      case tag(3, Wire::Varint):
        directive.direct_response_code = static_cast<uint32_t>(from.number());
        break;
      case tag(4, Wire::Bytes):
        directive.direct_response_body = from.text();
        break;
    }
  }
  return !from.has_failed();
}

}  // namespace mixer_client
