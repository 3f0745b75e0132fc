// Reports that go out together; the C++ twin of proxy_client/report.
//
// Each is written into the batch at once, when the request can still be looked at. A batch goes out
// when it is full, or when its oldest report has waited long enough. If Mixer is so slow that too
// many are under way, further reports are dropped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "abi/id_table.h"
#include "mixer_client/call_error.h"
#include "mixer_client/host.h"
#include "mixer_client/requests.h"
#include "mixer_client/settings.h"
#include "mixer_client/statistics.h"

namespace mixer_client {

class ReportBatches {
 public:
  /// Batches under way at a time.
  static constexpr uint32_t kMaxUnderWay = 100;
  /// Of batches that may have to be written anew.
  static constexpr size_t kMaxKeptSize = 4 * 1024 * 1024;

  /// All must outlive this.
  ReportBatches(const Transport& transport, Host& host, Statistics& statistics, WordCount& words);

  /// Takes a report; the bag is not needed afterwards.
  void add(Bag& bag);
  /// Whether this call was a batch.
  bool take(proxy::Token token, const proxy::GrpcAnswer& answer);
  void on_tick();
  /// Sends what waits. Whether nothing is under way.
  bool flush();
  /// Forgets what waits, as when memory is low.
  void forget();

 private:
  // A batch that has been sent.
  struct Sent {
    uint32_t bag_count = 0;
    uint32_t word_count = 0;
    std::string request;  // while nobody knows if the server has that many words, else empty
  };

  bool is_full() const;
  bool has_room() const { return sent_.size() < kMaxUnderWay; }
  bool write(Bag& bag);
  void send();
  void send(std::string_view request, Sent batch);
  void fail(Sent& batch, const CallError& error);

  const Transport& transport_;
  Host& host_;
  Statistics& statistics_;
  WordCount& words_;
  ReportMessage message_;
  uint64_t due_ns_ = 0;           // of a batch that is not empty
  bool are_words_known_ = false;  // to the server
  size_t kept_size_ = 0;
  proxy::IdTable<Sent> sent_;  // by tokens
};

}  // namespace mixer_client
