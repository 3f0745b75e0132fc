#include "mixer_client/forwarded.h"

#include <algorithm>

#include "base/base64.h"
#include "mixer_client/host_request.h"
#include "mixer_client/proto.h"

namespace mixer_client {
namespace {

using proto::Wire;

constexpr std::string_view kBelieved[] = {
    "source.uid",
    "source.namespace",
    "destination.service.name",
    "destination.service.uid",
    "destination.service.host",
    "destination.service.namespace",
};

// Of istio.mixer.v1.Attributes.
constexpr auto kEntry = proto::tag(1, Wire::Bytes);
constexpr auto kKey = proto::tag(1, Wire::Bytes);
constexpr auto kValue = proto::tag(2, Wire::Bytes);
// Of its AttributeValue: one of the fields from 2 to 9, the last that is there.
constexpr auto kText = proto::tag(2, Wire::Bytes);
constexpr uint32_t kFirstKind = 2, kLastKind = 9;

// Empty when the value is of another type. A value that comes in pieces is one of all its fields.
std::string_view text_of(proto::Reader& value, std::string_view text) {
  while (value.next()) {
    auto field = value.tag() >> 3;
    if (value.tag() == kText) {
      text = value.text();
    } else if (field >= kFirstKind && field <= kLastKind) {
      text = {};
    }
  }
  return text;
}

struct Sent {
  std::string_view name, value;
};

// False when the bytes are no entry.
bool read_entry(std::string_view bytes, Sent& sent) {
  proto::Reader entry(bytes);
  while (entry.next()) {
    if (entry.tag() == kKey) sent.name = entry.text();
    if (entry.tag() != kValue) continue;
    proto::Reader value(entry.bytes());
    sent.value = text_of(value, sent.value);
    entry.require(!value.has_failed());
  }
  return !entry.has_failed();
}

void put(const Settings& settings, const Sent& sent, Forwarded& to) {
  if (std::find(std::begin(kBelieved), std::end(kBelieved), sent.name) == std::end(kBelieved)) {
    return;
  }
  auto name = settings.names.find(sent.name);
  std::erase_if(to, [&](auto& other) { return other.first == name; });
  if (!sent.value.empty()) to.emplace_back(name, sent.value);
}

Forwarded read_header(const Settings& settings, std::string_view header) {
  auto bytes = base::decode_base64(header);
  if (!bytes) return {};
  Forwarded found;
  proto::Reader message(*bytes);
  while (message.next()) {
    if (message.tag() != kEntry) continue;
    Sent sent;
    message.require(read_entry(message.bytes(), sent));
    put(settings, sent, found);
  }
  return message.has_failed() ? Forwarded() : found;
}

}  // namespace

std::span<const std::string_view> believed_names() { return kBelieved; }

Forwarded take_forwarded(const Settings& settings, const Service* service) {
  Forwarded found;
  auto came = proxy::header(proxy::HeaderMap::Request, kForwardHeader);
  if (came && !settings.ignores_forwarded) found = read_header(settings, came.view());
  auto& sent = service == nullptr ? settings.forward_header : service->forward_header;
  if (!sent.empty()) {
    proxy::replace_header(proxy::HeaderMap::Request, kForwardHeader, sent);
  } else if (came) {
    proxy::remove_header(proxy::HeaderMap::Request, kForwardHeader);
  }
  return found;
}

}  // namespace mixer_client
