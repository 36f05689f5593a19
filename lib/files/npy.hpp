#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skein {

/// A name out of a file, fit for a message: control characters become question marks.
std::string printable(std::string text);

/// An array as NumPy knows it: a shape and the values in C order (last axis fastest).
struct Array {
  using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int32_t>,
                              std::vector<std::int64_t>, std::vector<std::uint8_t>>;
  std::vector<std::size_t> shape;
  Values values;

  std::size_t size() const;
  /// The values converted, whatever their type.
  std::vector<float> floats() const;
  std::vector<double> doubles() const;
  bool operator==(const Array&) const = default;
};

/// The most values that one array may hold when read: 2^28, 1 GiB of float32.
inline constexpr std::size_t largest_array = std::size_t{1} << 28;

/// Decodes a .npy (format versions 1 to 3) of truth values, whole numbers of 1 to 8 bytes or floating-point numbers of
/// 2, 4 or 8, little or big endian, in C or Fortran order. Each becomes the narrowest of the types above that
/// holds it exactly: b1 becomes 0 and 1 of u1; i1, i2 and u2 become i4; u4 and u8 i8; f2 f4. Throws FormatError
/// when damaged, of another type, or for a u8 from 2^63 on; nothing is allocated before the sizes are checked
/// against the bytes present.
Array decode_npy(std::string_view bytes, const std::string& name);
Array read_npy(const std::filesystem::path& file);

/// The bytes of a .npy, version 1.0, C order. Throws ConfigError when the shape does not fit the values.
std::string encode_npy(const Array& array);
void write_npy(const std::filesystem::path& file, const Array& array);

/// Arrays by name, as numpy.savez keeps them.
using ArrayMap = std::map<std::string, Array>;

/// Reads a .npz of numpy.savez or numpy.savez_compressed. Checksums are verified; compressed members may unpack to 1 GiB
/// in all, and none may overlap. Throws FormatError.
ArrayMap decode_npz(std::string_view bytes, const std::string& name);
ArrayMap read_npz(const std::filesystem::path& file);

/// The bytes of a .npz with stored members in the order of their names. Throws ConfigError above 4 GiB.
std::string encode_npz(const ArrayMap& arrays);
void write_npz(const std::filesystem::path& file, const ArrayMap& arrays);

}  // namespace skein
