#include "sgd/recursion/recursion_file.hpp"

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"

namespace skein::sgd {

std::string encode_recursion(const RecursiveNet& net) {
  validate(net);
  ByteOutput archive;
  archive(net.recursion.text(), net.signature.inputs, net.signature.outputs, net.weights, net.initial);
  return frame(recursion_kind, recursion_version, archive.bytes());
}

RecursiveNet decode_recursion(std::string_view bytes, const std::string& name) {
  const Framed framed = unframe(bytes, recursion_kind, recursion_version, name);
  BoundedInput archive(framed.payload, name);
  std::string text;
  RecursiveNet net;
  archive(text, net.signature.inputs, net.signature.outputs, net.weights, net.initial);
  archive.finish();
  try {
    net.recursion = parse_recursion(text);
    validate(net);
  } catch (const ConfigError& error) {
    throw FormatError(name + ": " + error.what());
  }
  return net;
}

void write_recursion(const std::filesystem::path& file, const RecursiveNet& net) {
  write_file(file, encode_recursion(net));
}

RecursiveNet read_recursion(const std::filesystem::path& file) {
  return decode_recursion(read_file(file), file.string());
}

}  // namespace skein::sgd
