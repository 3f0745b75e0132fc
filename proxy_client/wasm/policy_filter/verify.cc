#include "policy_filter/verify.h"

#include "policy_filter/verify_code.h"

namespace policy {
namespace {

constexpr uint32_t kInvalidArgument = 3, kPermissionDenied = 7, kResourceExhausted = 8;

class Verifier {
 public:
  explicit Verifier(const Program& program) : it_(program) {}

  std::string run() {
    for (auto& source : it_.attributes) test(source);
    for (size_t i = 0; i < it_.code.size(); ++i) {
      if (auto* why = verify_code(it_, it_.code[i])) fail("code", i, why);
    }
    for (size_t i = 1; i < it_.lower.size(); ++i) {
      if (it_.lower[i].first <= it_.lower[i - 1].last) fail("lower", i, "not in order");
    }
    for (auto& list : it_.lists) {
      if (list.kind == ListKind::Patterns) index("automata", list.automaton, it_.automata.size());
    }
    for (auto& rule : it_.check) test(rule);
    for (auto& rule : it_.headers) test(rule);
    for (auto& quota : it_.quotas) test(quota);
    for (auto& metric : it_.metrics) test(metric);
    for (auto& log : it_.logs) test(log);
    return why_;
  }

 private:
  void test(const Source& source) {
    if (source.kind == SourceKind::Constant) {
      index("constants", source.constant, it_.constants.size());
    }
    for (auto& other : source.sources) test(other);
  }

  void test(const Rule& rule) {
    maybe(rule.match);
    for (auto& action : rule.actions) test(action);
  }

  void test(const Action& action) {
    codes(action.evaluate);
    if (action.kind == ActionKind::Deny) status(action.code);
    if (action.kind != ActionKind::List) return;
    code(action.value);
    index("lists", action.list, it_.lists.size());
    status(kPermissionDenied);
    if (action.list < it_.lists.size() && it_.lists[action.list].kind == ListKind::Addresses &&
        action.type == Kind::Text) {
      status(kInvalidArgument);
    }
  }

  void test(const HeaderRule& rule) {
    maybe(rule.match);
    for (auto* changes : {&rule.request, &rule.response}) {
      for (auto& change : *changes) maybe(change.code);
    }
  }

  void test(const Quota& quota) {
    status(kResourceExhausted);
    for (auto& limit : quota.limits) {
      maybe(limit.match);
      codes(limit.evaluate);
      codes(limit.dimensions);
      if (limit.kind != AnswerKind::Take) continue;
      index("limits", limit.limit, it_.limits.size());
      for (auto& other : limit.overrides) test(limit, other);
    }
  }

  void test(const QuotaLimit& limit, const Override& other) {
    index("limits", other.limit, it_.limits.size());
    for (auto& where : other.where) index("dimensions", where.dimension, limit.dimensions.size());
  }

  void test(const Metric& metric) {
    maybe(metric.match);
    code(metric.value);
    for (auto& label : metric.labels) maybe(label.code);
  }

  void test(const Log& log) {
    maybe(log.match);
    maybe(log.severity);
    maybe(log.time);
    for (auto& field : log.fields) maybe(field.code);
  }

  void maybe(int32_t number) {
    if (number != kAlways) code(static_cast<uint32_t>(number));
  }
  void codes(const std::vector<uint32_t>& numbers) {
    for (auto number : numbers) code(number);
  }
  void code(uint32_t number) { index("code", number, it_.code.size()); }
  void status(uint32_t code) {
    if (it_.status(code) == nullptr) fail("statuses", code, "missing");
  }
  void index(const char* what, size_t number, size_t size) {
    if (number >= size) fail(what, number, "does not exist");
  }
  void fail(const char* what, size_t number, const char* why) {
    if (why_.empty()) why_ = std::string(what) + " " + std::to_string(number) + ": " + why;
  }

  const Program& it_;
  std::string why_;
};

}  // namespace

std::string verify(const Program& program) { return Verifier(program).run(); }

}  // namespace policy
