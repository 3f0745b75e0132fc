// What the filter counts: the counters of proxy_client/statistics.py, where it is said what each
// counts and how they add up. They are Envoy's, by the names that Mixer's filter gave them, and
// workers share them.
#pragma once

#include "abi/metric.h"

namespace mixer_client {

struct Statistics {
  using Counter = proxy::Counter;

  Counter check_calls{"http_mixer_filter.total_check_calls"};
  Counter check_cache_hits{"http_mixer_filter.total_check_cache_hits"};
  Counter check_cache_misses{"http_mixer_filter.total_check_cache_misses"};
  Counter check_cache_hit_accepts{"http_mixer_filter.total_check_cache_hit_accepts"};
  Counter check_cache_hit_denies{"http_mixer_filter.total_check_cache_hit_denies"};
  Counter remote_check_calls{"http_mixer_filter.total_remote_check_calls"};
  Counter remote_check_accepts{"http_mixer_filter.total_remote_check_accepts"};
  Counter remote_check_denies{"http_mixer_filter.total_remote_check_denies"};

  Counter quota_calls{"http_mixer_filter.total_quota_calls"};
  Counter quota_cache_hits{"http_mixer_filter.total_quota_cache_hits"};
  Counter quota_cache_misses{"http_mixer_filter.total_quota_cache_misses"};
  Counter quota_cache_hit_accepts{"http_mixer_filter.total_quota_cache_hit_accepts"};
  Counter quota_cache_hit_denies{"http_mixer_filter.total_quota_cache_hit_denies"};
  Counter remote_quota_calls{"http_mixer_filter.total_remote_quota_calls"};
  Counter remote_quota_accepts{"http_mixer_filter.total_remote_quota_accepts"};
  Counter remote_quota_denies{"http_mixer_filter.total_remote_quota_denies"};
  Counter remote_quota_prefetch_calls{"http_mixer_filter.total_remote_quota_prefetch_calls"};

  Counter remote_calls{"http_mixer_filter.total_remote_calls"};
  Counter remote_call_successes{"http_mixer_filter.total_remote_call_successes"};
  Counter remote_call_timeouts{"http_mixer_filter.total_remote_call_timeouts"};
  Counter remote_call_send_errors{"http_mixer_filter.total_remote_call_send_errors"};
  Counter remote_call_other_errors{"http_mixer_filter.total_remote_call_other_errors"};
  Counter remote_call_retries{"http_mixer_filter.total_remote_call_retries"};
  Counter remote_call_cancellations{"http_mixer_filter.total_remote_call_cancellations"};

  Counter report_calls{"http_mixer_filter.total_report_calls"};
  Counter remote_report_calls{"http_mixer_filter.total_remote_report_calls"};
  Counter remote_report_successes{"http_mixer_filter.total_remote_report_successes"};
  Counter remote_report_timeouts{"http_mixer_filter.total_remote_report_timeouts"};
  Counter remote_report_send_errors{"http_mixer_filter.total_remote_report_send_errors"};
  Counter remote_report_other_errors{"http_mixer_filter.total_remote_report_other_errors"};

  Counter check_calls_shared{"http_mixer_filter.total_check_calls_shared"};
  Counter reports_dropped{"http_mixer_filter.total_reports_dropped"};
  Counter report_bags_lost{"http_mixer_filter.total_report_bags_lost"};
};

}  // namespace mixer_client
