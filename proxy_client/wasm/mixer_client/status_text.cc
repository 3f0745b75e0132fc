#include "mixer_client/status_text.h"

#include <iterator>
#include <string_view>

namespace mixer_client {
namespace {

struct Row {
  std::string_view name;
  uint32_t http_status;
};

// By code, as google.rpc.Code numbers them.
constexpr Row kRows[] = {
    {"OK", 200},
    {"CANCELLED", 499},
    {"UNKNOWN", 500},
    {"INVALID_ARGUMENT", 400},
    {"DEADLINE_EXCEEDED", 504},
    {"NOT_FOUND", 404},
    {"ALREADY_EXISTS", 409},
    {"PERMISSION_DENIED", 403},
    {"RESOURCE_EXHAUSTED", 429},
    {"FAILED_PRECONDITION", 400},
    {"ABORTED", 409},
    {"OUT_OF_RANGE", 400},
    {"UNIMPLEMENTED", 501},
    {"INTERNAL", 500},
    {"UNAVAILABLE", 503},
    {"DATA_LOSS", 500},
    {"UNAUTHENTICATED", 401},
};

bool is_defined(int32_t code) { return code >= 0 && code < static_cast<int32_t>(std::size(kRows)); }

}  // namespace

uint32_t http_status(int32_t code) { return is_defined(code) ? kRows[code].http_status : 500; }

std::string status_text(const Status& status) {
  std::string text = is_defined(status.code) ? std::string(kRows[status.code].name)
                                             : "CODE_" + std::to_string(status.code);
  if (!status.message.empty()) text.append(":").append(status.message);
  return text;
}

}  // namespace mixer_client
