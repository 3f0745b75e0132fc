#include "mixer_client/proxy_node.h"

#include "abi/property.h"

namespace mixer_client {
namespace {

using proxy::operator""_path;

constexpr std::string_view kKubernetes = "kubernetes://";

// The part of the id that is third, "pod.namespace"; empty when there are not four.
std::string_view third_part(std::string_view id) {
  for (auto left = 2; left != 0; --left) {
    auto end = id.find('~');
    if (end == id.npos) return {};
    id.remove_prefix(end + 1);
  }
  auto end = id.find('~');
  return end == id.npos ? std::string_view() : id.substr(0, end);
}

ProxyNode node_of(std::string_view id) {
  auto name = third_part(id);
  auto dot = name.rfind('.');
  if (dot == name.npos) return {};
  return {std::string(kKubernetes).append(name), std::string(name.substr(dot + 1))};
}

}  // namespace

ProxyNode proxy_node() {
  auto uid = proxy::property("xds.node.metadata.NODE_UID"_path);
  auto name_space = proxy::property("xds.node.metadata.NODE_NAMESPACE"_path);
  if (uid && name_space) return {uid.str(), name_space.str()};
  return node_of(proxy::property("xds.node.id"_path).view());
}

}  // namespace mixer_client
