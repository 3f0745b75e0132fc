// How the filter talks to Mixer.
#include "mixer_client/load.h"

namespace mixer_client {
namespace {

constexpr std::string_view kPolicies[] = {"FAIL_OPEN", "FAIL_CLOSE"};  // by number

bool is_open(Loader& loader) { return loader.choice(kPolicies) == 0; }

void load_cluster(Loader& loader, std::string& cluster) {
  cluster = loader.text();
  if (cluster.empty()) loader.fail("must not be empty");
}

// 0 is protobuf's way to say nothing; then the default stays.
void load_batch_entries(Loader& loader, uint32_t& entries) {
  auto found = loader.natural(kMaxBatchEntries);
  if (found != 0) entries = found;
}

void load_batch_time(Loader& loader, uint32_t& time_ms) {
  auto found = loader.milliseconds(0);
  if (found != 0) time_ms = found;
}

constexpr FieldOf<Transport> kFailPolicy[] = {
    {"policy", [](Loader& loader, Transport& it) { it.is_check_fail_open = is_open(loader); }},
    {"max_retry",
     [](Loader& loader, Transport& it) { it.max_retries = loader.natural(kMaxRetries); }},
    {"base_retry_wait",
     [](Loader& loader, Transport& it) { it.base_retry_wait_ms = loader.milliseconds(0); }},
    {"max_retry_wait",
     [](Loader& loader, Transport& it) { it.max_retry_wait_ms = loader.milliseconds(0); }},
};

void load_fail_policy(Loader& loader, Transport& transport) {
  loader.message(kFailPolicy, transport);
  if (transport.base_retry_wait_ms > transport.max_retry_wait_ms) {
    loader.fail("base_retry_wait is longer than max_retry_wait");
  }
}

struct Draft {
  Transport& transport;
  bool has_check_cache = true, has_quota_cache = true, has_batch = true;
};

constexpr FieldOf<Draft> kTransport[] = {
    {"disable_check_cache",
     [](Loader& loader, Draft& it) { it.has_check_cache = !loader.boolean(); }},
    {"disable_quota_cache",
     [](Loader& loader, Draft& it) { it.has_quota_cache = !loader.boolean(); }},
    {"disable_report_batch", [](Loader& loader, Draft& it) { it.has_batch = !loader.boolean(); }},
    {"network_fail_policy",
     [](Loader& loader, Draft& it) { load_fail_policy(loader, it.transport); }},
    {"quota_fail_policy",
     [](Loader& loader, Draft& it) { it.transport.is_quota_fail_open = is_open(loader); }},
    {"timeout",
     [](Loader& loader, Draft& it) { it.transport.timeout_ms = loader.milliseconds(1); }},
    // Statistics here are Envoy's own, which are up to date at any time.
    {"stats_update_interval", [](Loader& loader, Draft&) { loader.duration(); }},
    {"check_cluster",
     [](Loader& loader, Draft& it) { load_cluster(loader, it.transport.check_cluster); }},
    {"report_cluster",
     [](Loader& loader, Draft& it) { load_cluster(loader, it.transport.report_cluster); }},
    {"report_batch_max_entries",
     [](Loader& loader, Draft& it) {
       load_batch_entries(loader, it.transport.report_batch_entries);
     }},
    {"report_batch_max_time",
     [](Loader& loader, Draft& it) { load_batch_time(loader, it.transport.report_batch_ms); }},
};

}  // namespace

void load_transport(Loader& loader, Transport& transport) {
  Draft draft{transport};
  loader.message(kTransport, draft);
  if (!draft.has_check_cache) transport.check_cache_entries = 0;
  if (!draft.has_quota_cache) transport.quota_cache_entries = 0;
  if (!draft.has_batch) transport.report_batch_entries = 1;
}

}  // namespace mixer_client
