// Which quotas requests are charged.
#include "mixer_client/load.h"

namespace mixer_client {
namespace {

// What is read, and whose names it uses.
template <class Part>
struct Draft {
  Names& names;
  Part& part;
};

void load_regex(Loader& loader, StringMatch& match) {
  auto text = loader.text();
  std::string why;
  match.regex = Pattern::compile(text, why);
  if (match.regex == nullptr) loader.fail(why);
}

constexpr FieldOf<StringMatch> kStringMatch[] = {
    {"exact", [](Loader& loader, StringMatch& it) { it.exact = loader.text(); }},
    {"prefix", [](Loader& loader, StringMatch& it) { it.prefix = loader.text(); }},
    {"regex", load_regex},
};

void load_string_match(Loader& loader, StringMatch& match) {
  if (loader.message(kStringMatch, match) > 1) loader.fail("has more than one way to match");
}

using Clauses = std::vector<Clause>;

constexpr FieldOf<Draft<Clauses>> kMatch[] = {
    {"clause",
     [](Loader& loader, Draft<Clauses>& it) {
       loader.map(kMaxInQuotaRule, [&](std::string_view name) {
         it.part.push_back({it.names.add(name), {}});
         if (it.part.back().name == Names::kNone) loader.fail("too many names of attributes");
         load_string_match(loader, it.part.back().match);
       });
     }},
};

constexpr FieldOf<QuotaCharge> kQuota[] = {
    {"quota", [](Loader& loader, QuotaCharge& it) { it.name = loader.text(); }},
    {"charge",
     [](Loader& loader, QuotaCharge& it) {
       it.amount = loader.int64();
       if (it.amount < 1) loader.fail("must be at least 1");
     }},
};

void load_quota(Loader& loader, QuotaCharge& charge) {
  loader.message(kQuota, charge);
  if (charge.name.empty()) loader.fail("quota is missing");
}

constexpr FieldOf<Draft<QuotaRule>> kRule[] = {
    {"match",
     [](Loader& loader, Draft<QuotaRule>& it) {
       loader.list(kMaxInQuotaRule, [&] {
         Draft<Clauses> match{it.names, it.part.matches.emplace_back()};
         loader.message(kMatch, match);
       });
     }},
    {"quotas",
     [](Loader& loader, Draft<QuotaRule>& it) {
       loader.list(kMaxInQuotaRule, [&] { load_quota(loader, it.part.quotas.emplace_back()); });
     }},
};

constexpr FieldOf<Draft<QuotaSpec>> kSpec[] = {
    {"rules",
     [](Loader& loader, Draft<QuotaSpec>& it) {
       auto left = kMaxQuotaRules - it.part.rules.size();
       loader.list(left, [&] {
         Draft<QuotaRule> rule{it.names, it.part.rules.emplace_back()};
         loader.message(kRule, rule);
       });
     }},
};

}  // namespace

void load_quota_specs(Loader& loader, Names& names, QuotaSpec& quotas) {
  loader.list(kMaxQuotaRules, [&] {
    Draft<QuotaSpec> spec{names, quotas};
    loader.message(kSpec, spec);
  });
}

}  // namespace mixer_client
