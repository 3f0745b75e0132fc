#include <algorithm>

#include "probe.h"

namespace probe {
namespace {

using proxy::HeaderMap;
using proxy::HeadersAction;

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    auto end = text.find(' ');
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

std::string text_of(const proxy::HostBytes& bytes) {
  return std::to_string(static_cast<uint32_t>(bytes.status())) + ":" + bytes.str();
}

std::string hexadecimal(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned char byte : bytes) text.append({kDigits[byte >> 4], kDigits[byte & 15]});
  return text;
}

}  // namespace

std::string path_of(std::string_view slashed) {
  std::string path(slashed);
  std::replace(path.begin(), path.end(), '/', '\0');
  return path;
}

HeadersAction Stream::on_request_headers(uint32_t count, bool) {
  struct Verb {
    std::string_view name;
    Action (Stream::*run)();
  };
  static constexpr Verb kVerbs[] = {
      {"header", &Stream::show_header},
      {"headers", &Stream::show_headers},
      {"property", &Stream::show_property},
      {"edit", &Stream::edit_headers},
      {"reply", &Stream::answer},
      {"count", &Stream::count},
      {"share", &Stream::share},
      {"grpc", &Stream::call_grpc},
      {"http", &Stream::call_http},
      {"root-grpc", &Stream::call_root},
      {"wait", &Stream::wait},
      {"trap", &Stream::trap},
      {"overflow", &Stream::overflow},
      {"fill", &Stream::fill},
      {"fail", &Stream::fail},
      {"say", &Stream::say},
      {"repeat", &Stream::repeat},
      {"body", &Stream::read_body},
      {"number", &Stream::number},
      {"late-fill", &Stream::go_on},
  };
  probe_root().requests.add();
  header_count_ = count;
  auto asked = proxy::header(HeaderMap::Request, "x-do");
  if (!asked) return HeadersAction::Continue;
  words_ = split(asked.view());
  for (const auto& verb : kVerbs) {
    if (verb.name == word(0)) return (this->*verb.run)();
  }
  proxy::panic("unknown verb");
}

HeadersAction Stream::on_response_headers(uint32_t, bool) {
  proxy::add_header(HeaderMap::Response, "x-probe", "seen");
  if (word(0) == "late-fill") return fill();
  return HeadersAction::Continue;
}

void Stream::on_log() {
  if (auto path = proxy::header(HeaderMap::Request, "x-late")) {
    auto told = text_of(proxy::property(path_of(path.view())));
    proxy::log(proxy::LogLevel::Warning, "late " + path.str() + "=" + hexadecimal(told));
  }
}

std::string_view Stream::word(size_t index) const {
  return index < words_.size() ? std::string_view(words_[index]) : std::string_view();
}

HeadersAction Stream::tell(std::string_view body) {
  reply({.status = 200, .body = body});
  return HeadersAction::Pause;
}

HeadersAction Stream::tell(const proxy::HostBytes& bytes) { return tell(text_of(bytes)); }

void Stream::resume(std::string_view said) {
  proxy::replace_header(HeaderMap::Request, "x-said", said);
  continue_request();
}

}  // namespace probe
