#include "policy_filter/verify.h"

#include "policy_filter/number.h"
#include "policy_filter/verify_code.h"

namespace policy {
namespace {

constexpr uint32_t kInvalidArgument = 3, kPermissionDenied = 7, kResourceExhausted = 8;

class Verifier {
 public:
  explicit Verifier(const Program& program) : it_(program) {}

  std::string run() {
    for (uint32_t i = 0; i < it_.attributes.size(); ++i) test_attribute(i);
    if (why_.empty()) test_code();
    for (uint32_t i = 1; i < it_.lower.size(); ++i) {
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
  void test_attribute(uint32_t number) {
    auto& source = it_.attributes[number];
    test(source);
    auto type = Type::Any;
    for (auto& other : source.sources) {
      if (why_.empty() && !agree(type, type_of(it_, other))) {
        fail("attributes", number, "sources of several types");
      }
    }
  }

  void test(const Source& source) {
    if (source.kind == SourceKind::Constant) {
      index("constants", source.constant, it_.constants.size());
    }
    for (auto& other : source.sources) {
      if (other.kind == SourceKind::First) fail("attributes", 0, "first in first");
      test(other);
    }
  }

  void test_code() {
    auto count = it_.code.size();
    types_ = static_cast<Type*>(kept_.allocate(count));
    for (uint32_t i = 0; i < count; ++i) {
      auto verified = verify_code(it_, it_.code[i], scratch_);
      types_[i] = verified.type;
      if (!verified.why.empty()) fail("code", i, verified.why);
    }
  }

  void test(const Rule& rule) {
    maybe(rule.match, Type::Bool);
    for (auto& action : rule.actions) test(action);
  }

  void test(const Action& action) {
    codes(action.evaluate, Type::Any);
    if (action.kind == ActionKind::Deny) status(action.code);
    if (action.kind != ActionKind::List) return;
    code(action.value, type_of(action.type));
    index("lists", action.list, it_.lists.size());
    status(kPermissionDenied);
    if (action.list < it_.lists.size() && it_.lists[action.list].kind == ListKind::Addresses &&
        action.type == Kind::Text) {
      status(kInvalidArgument);
    }
  }

  void test(const HeaderRule& rule) {
    maybe(rule.match, Type::Bool);
    for (auto* changes : {&rule.request, &rule.response}) {
      for (auto& change : *changes) maybe(change.code, Type::Text);
    }
  }

  void test(const Quota& quota) {
    status(kResourceExhausted);
    for (auto& limit : quota.limits) {
      maybe(limit.match, Type::Bool);
      codes(limit.evaluate, Type::Any);
      codes(limit.dimensions, Type::Text);
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
    maybe(metric.match, Type::Bool);
    code(metric.value, Type::Number);
    for (auto& label : metric.labels) maybe(label.code, Type::Text);
  }

  void test(const Log& log) {
    maybe(log.match, Type::Bool);
    maybe(log.severity, Type::Text);
    maybe(log.time, Type::Text);
    for (auto& field : log.fields) maybe(field.code, Type::Text);
  }

  void maybe(int32_t number, Type wanted) {
    if (number != kAlways) code(static_cast<uint32_t>(number), wanted);
  }
  void codes(const Code& numbers, Type wanted) {
    for (auto number : numbers) code(number, wanted);
  }
  void code(uint32_t number, Type wanted) {
    index("code", number, it_.code.size());
    if (!why_.empty() || agree(wanted, types_[number])) return;
    auto found = std::string(name_of(types_[number])) + " where ";
    fail("code", number, found.append(name_of(wanted)).append(" is needed"));
  }
  void status(uint32_t code) {
    if (it_.status(code) == nullptr) fail("statuses", code, "missing");
  }
  void index(const char* what, uint32_t number, uint32_t size) {
    if (number >= size) fail(what, number, "does not exist");
  }
  void fail(std::string_view what, uint32_t number, std::string_view why) {
    if (!why_.empty()) return;
    char digits[kMaxNumberText];
    why_.append(what).append(" ").append(digits, decimal(number, digits));
    why_.append(": ").append(why);
  }

  const Program& it_;
  base::Arena kept_{base::Arena::kUnlimited};
  base::Arena scratch_{base::Arena::kUnlimited};
  Type* types_ = nullptr;  // of the value of each code
  std::string why_;
};

}  // namespace

std::string verify(const Program& program) { return Verifier(program).run(); }

}  // namespace policy
