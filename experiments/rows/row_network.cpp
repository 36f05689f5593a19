#include "experiments/rows/row_network.hpp"

#include <algorithm>

#include "experiments/records/digest.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/framed_file.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/recursion/recursion_file.hpp"

namespace skein::experiments {

const char* file_of_network(const Net& net) { return net.recursion ? "network.recursion" : "network.mlp"; }

std::string encode_row_network(const Net& net) {
  return net.recursion ? sgd::encode_recursion(*net.recursion) : sgd::encode_mlp(net.mlp.value());
}

Net decode_row_network(const std::string& bytes, const std::string& file) {
  if (framed_kind(bytes) == sgd::recursion_kind)
    return net_of(sgd::decode_recursion(bytes, file), file, NetSource::recursion_file);
  return net_of(sgd::decode_mlp(bytes, file), file, NetSource::mlp_file);
}

Net network_of_row(const std::filesystem::path& run, const CompareRow& row) {
  const std::filesystem::path file = run / row.network;
  const std::string bytes = read_file(file);
  if (!row.network_digest.empty() && digest_of(bytes) != row.network_digest)
    throw FormatError(file.string() + ": is not the network that its row recorded");
  return decode_row_network(bytes, file.string());
}

NetworkCounts counts_of(const Net& net) {
  const auto nonzero = std::ranges::count_if(net.weights, [](float w) { return w != 0.0f; });
  if (!net.recursion) {
    const sgd::Wiring& wiring = net.mlp.value().wiring;
    return {sgd::architecture_of(wiring).text(), wiring.weight_count(), nonzero};
  }
  const sgd::Recursion& recursion = net.recursion->recursion;
  return {recursion.text(), sgd::parameter_count(recursion, net.recursion->signature), nonzero - 1};
}

}  // namespace skein::experiments
