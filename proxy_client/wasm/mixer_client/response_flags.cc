#include "mixer_client/response_flags.h"

namespace mixer_client {
namespace {

// By bit: Envoy 1.40 `envoy/stream_info/stream_info.h`, `CoreResponseFlag`.
constexpr std::string_view kCodes[] = {"LH", "UH", "UT",  "LR",    "UR",   "UF",   "UC", "UO",
                                       "NR", "DI", "FI",  "RL",    "UAEX", "RLSE", "DC", "URX",
                                       "SI", "IH", "DPE", "UMSDR", "RFCF", "NFCF", "DT", "UPE",
                                       "NC", "OM", "DF",  "DO",    "DR",   "UDO"};
static_assert(kCodes[12] == "UAEX");

}  // namespace

std::string_view flag_codes(uint64_t flags, base::Arena& arena) {
  std::string_view codes;
  for (size_t bit = 0; bit < std::size(kCodes) && flags >> bit != 0; ++bit) {
    if ((flags >> bit & 1) == 0) continue;
    codes = codes.empty() ? kCodes[bit] : arena.join(codes, ",", kCodes[bit]);
  }
  return codes.empty() ? "-" : codes;
}

}  // namespace mixer_client
