// Which quotas a request is charged; the C++ twin of proxy_client/quota/spec.py.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mixer_client/bag.h"
#include "mixer_client/pattern.h"
#include "mixer_client/quota_charge.h"

namespace mixer_client {

/// What a string must look like: one of three ways, or with none of them anything.
struct StringMatch {
  std::optional<std::string> exact;
  std::optional<std::string> prefix;
  std::shared_ptr<const Pattern> regex;  // describes the whole string

  bool matches(std::string_view text) const;
};

/// The attribute must be there, be a string, and look like that.
struct Clause {
  Name name;
  StringMatch match;

  bool holds(Bag& bag) const;
};

struct QuotaRule {
  std::vector<QuotaCharge> quotas;
  /// One of them must hold, all clauses of it; with none the rule is for all requests.
  std::vector<std::vector<Clause>> matches;

  bool applies(Bag& bag) const;
};

struct QuotaSpec {
  std::vector<QuotaRule> rules;

  /// What a request has to pay, one charge for each quota (amounts of one quota are added up).
  /// `charges` is cleared first and keeps its capacity; its names are those of the rules.
  void charges(Bag& bag, Charges& charges) const;
};

}  // namespace mixer_client
