// What to call, whatever its type: so that a function which takes one need not be a template, of
// which the compiler would make one for each caller.
#pragma once

#include <type_traits>
#include <utility>

namespace mixer_client {

template <class Signature>
class FunctionRef;

/// Refers to something callable, which must outlive it.
template <class Result, class... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  template <class Function>
    requires(!std::is_same_v<std::remove_cvref_t<Function>, FunctionRef>)
  FunctionRef(const Function& function)
      : function_(&function), call_([](const void* function, Arguments... arguments) -> Result {
          return (*static_cast<const Function*>(function))(std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const {
    return call_(function_, std::forward<Arguments>(arguments)...);
  }

 private:
  const void* function_;
  Result (*call_)(const void*, Arguments...);
};

}  // namespace mixer_client
