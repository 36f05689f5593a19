#include "lib/files/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein {

static_assert(std::endian::native == std::endian::little, "array files are read and written little endian");

std::string printable(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  return text;
}

std::size_t Array::size() const {
  return std::visit([](const auto& v) { return v.size(); }, values);
}
std::vector<float> Array::floats() const {
  return std::visit(
      [](const auto& v) {
        std::vector<float> out(v.size());
        std::transform(v.begin(), v.end(), out.begin(), [](auto x) { return static_cast<float>(x); });
        return out;
      },
      values);
}
std::vector<double> Array::doubles() const {
  return std::visit(
      [](const auto& v) {
        std::vector<double> out(v.size());
        std::transform(v.begin(), v.end(), out.begin(), [](auto x) { return static_cast<double>(x); });
        return out;
      },
      values);
}

namespace {

constexpr std::string_view npy_magic = "\x93NUMPY";
constexpr std::size_t longest_header = 1 << 16;
constexpr std::size_t most_axes = 32;
constexpr std::size_t largest_array_file = largest_array * sizeof(double) + 2 * longest_header;

struct Header {
  std::string type;
  bool fortran = false;
  std::vector<std::size_t> shape;
  std::size_t data_offset = 0;
};

/// Reads the Python dictionary literal that a .npy header is: three keys, in any order.
class HeaderText {
 public:
  HeaderText(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Header read() {
    Header header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !has_type) has_type = true, header.type = plain_type();
      else if (key == "fortran_order" && !has_order) has_order = true, header.fortran = boolean();
      else if (key == "shape" && !has_shape) has_shape = true, header.shape = tuple();
      else fail();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (!has_type || !has_order || !has_shape) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const { throw FormatError(name_ + ": the header of the array is damaged"); }
  void skip() { text_.remove_prefix(std::min(text_.find_first_not_of(" \n"), text_.size())); }
  bool accept(char c) {
    skip();
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  std::string quoted() {
    skip();
    if (text_.empty() || (text_.front() != '\'' && text_.front() != '"')) fail();
    const auto end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos) fail();
    std::string out(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return out;
  }
  std::string plain_type() {
    skip();
    if (text_.starts_with('[')) throw FormatError(name_ + ": an array of records; plain numbers are read");
    return quoted();
  }
  bool boolean() {
    skip();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return value;
    }
    fail();
  }
  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> out;
    expect('(');
    while (!accept(')')) {
      skip();
      std::size_t value = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
      if (error != std::errc{} || out.size() == most_axes) fail();
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      if (text_.starts_with('L')) text_.remove_prefix(1);  // as Python 2 wrote whole numbers
      out.push_back(value);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return out;
  }

  std::string_view text_;
  const std::string& name_;
};

Header read_header(std::string_view bytes, const std::string& name) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (!bytes.starts_with(npy_magic)) throw FormatError(name + ": not a NumPy array");
  if (bytes.size() < 10) throw FormatError(name + ": the array is cut short");
  const std::size_t version = byte(6);
  if (version < 1 || version > 3)
    throw FormatError(name + ": array format version " + std::to_string(version) + ", 1 to 3 are read");
  const std::size_t start = version == 1 ? 10 : 12;
  if (bytes.size() < start) throw FormatError(name + ": the array is cut short");
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > longest_header || length > bytes.size() - start)
    throw FormatError(name + ": an array header of " + std::to_string(length) +
                      " bytes does not fit the file");
  Header header = HeaderText(bytes.substr(start, length), name).read();
  header.data_offset = start + length;
  return header;
}

/// Product of the axes, checked against `largest_array`.
std::size_t value_count(const std::vector<std::size_t>& shape, const std::string& name) {
  std::size_t count = 1;
  for (const std::size_t axis : shape) {
    if (axis != 0 && count > largest_array / axis)
      throw FormatError(name + ": an array of more than " + std::to_string(largest_array) + " values");
    count *= axis;
  }
  return count;
}

/// Values in Fortran order (first axis fastest) to C order.
template <class T>
std::vector<T> to_c_order(const std::vector<T>& in, const std::vector<std::size_t>& shape) {
  std::vector<std::size_t> stride(shape.size(), 1);
  for (std::size_t a = 1; a < shape.size(); ++a) stride[a] = stride[a - 1] * shape[a - 1];
  std::vector<std::size_t> index(shape.size());
  std::vector<T> out(in.size());
  for (T& value : out) {
    value = in[std::inner_product(index.begin(), index.end(), stride.begin(), std::size_t{0})];
    for (std::size_t a = shape.size(); a-- > 0 && ++index[a] == shape[a];) index[a] = 0;
  }
  return out;
}

/// IEEE 754 half precision, exactly.
float half_to_float(std::uint16_t half) {
  const int exponent = half >> 10 & 0x1f;
  const double fraction = (half & 0x3ff) / 1024.0, sign = (half & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 0x1f)
    return static_cast<float>(sign) *
           (fraction == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN());
  return static_cast<float>(
      sign * (exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15)));
}

/// Values stored as `Stored`, in the other byte order where `swapped`, each put through `convert`.
template <class Stored, class Convert>
Array decode_values(std::string_view data, const Header& header, bool swapped, const std::string& name,
                    const Convert& convert) {
  const std::size_t count = value_count(header.shape, name);
  if (data.size() != count * sizeof(Stored))
    throw FormatError(name + ": the array's shape needs " + std::to_string(count * sizeof(Stored)) +
                      " bytes, the file holds " + std::to_string(data.size()));
  std::vector<decltype(convert(Stored{}))> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::array<char, sizeof(Stored)> bytes;
    std::memcpy(bytes.data(), data.data() + i * sizeof(Stored), sizeof(Stored));
    if (swapped) std::ranges::reverse(bytes);
    values[i] = convert(std::bit_cast<Stored>(bytes));
  }
  if (header.fortran && header.shape.size() > 1) values = to_c_order(values, header.shape);
  return {header.shape, std::move(values)};
}

template <class T>
constexpr const char* type_code() {
  if constexpr (std::is_same_v<T, float>) return "<f4";
  else if constexpr (std::is_same_v<T, double>) return "<f8";
  else if constexpr (std::is_same_v<T, std::int32_t>) return "<i4";
  else if constexpr (std::is_same_v<T, std::int64_t>) return "<i8";
  else return "|u1";
}

}  // namespace

Array decode_npy(std::string_view bytes, const std::string& name) {
  const Header header = read_header(bytes, name);
  const std::string_view data = bytes.substr(header.data_offset);
  const auto as = [](auto wanted) { return [](auto value) { return static_cast<decltype(wanted)>(value); }; };
  const auto truth = [](std::uint8_t value) { return static_cast<std::uint8_t>(value != 0 ? 1 : 0); };
  const auto within = [&](std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      throw FormatError(name + ": the value " + std::to_string(value) + " is above 2^63 - 1");
    return static_cast<std::int64_t>(value);
  };
  const char order = header.type.empty() ? ' ' : header.type.front();
  const std::string type =
      std::string_view("<>=|").find(order) == std::string_view::npos ? "" : header.type.substr(1);
  const bool swapped = order == '>';
  const auto read = [&]<class Stored>(Stored, const auto& convert) {
    return decode_values<Stored>(data, header, swapped, name, convert);
  };
  if (type == "f4") return read(float{}, as(float{}));
  if (type == "f8") return read(double{}, as(double{}));
  if (type == "f2") return read(std::uint16_t{}, half_to_float);
  if (type == "b1") return read(std::uint8_t{}, truth);
  if (type == "u1") return read(std::uint8_t{}, as(std::uint8_t{}));
  if (type == "i1") return read(std::int8_t{}, as(std::int32_t{}));
  if (type == "i2") return read(std::int16_t{}, as(std::int32_t{}));
  if (type == "u2") return read(std::uint16_t{}, as(std::int32_t{}));
  if (type == "i4") return read(std::int32_t{}, as(std::int32_t{}));
  if (type == "u4") return read(std::uint32_t{}, as(std::int64_t{}));
  if (type == "i8") return read(std::int64_t{}, as(std::int64_t{}));
  if (type == "u8") return read(std::uint64_t{}, within);
  throw FormatError(name + ": an array of type '" + printable(header.type.substr(0, 40)) +
                    "'; plain numbers are read (b1, i1 to i8, u1 to u8, f2, f4, f8)");
}

Array read_npy(const std::filesystem::path& file) {
  return decode_npy(read_file(file, largest_array_file), file.string());
}

std::string encode_npy(const Array& array) {
  if (array.size() !=
      std::accumulate(array.shape.begin(), array.shape.end(), std::size_t{1}, std::multiplies<>{}))
    throw ConfigError("an array of " + std::to_string(array.size()) + " values does not fit its shape");
  return std::visit(
      [&]<class T>(const std::vector<T>& values) {
        std::string header =
            std::string("{'descr': '") + type_code<T>() + "', 'fortran_order': False, 'shape': (";
        for (std::size_t a = 0; a < array.shape.size(); ++a)
          header += (a ? " " : "") + std::to_string(array.shape[a]) +
                    (a + 1 < array.shape.size() || a == 0 ? "," : "");
        header += "), }";
        constexpr std::size_t fixed = 10, alignment = 64;  // NumPy pads so that the values start aligned
        header.append(alignment - (fixed + header.size() + 1) % alignment, ' ');
        header += '\n';
        std::string bytes(npy_magic);
        bytes += {'\1', '\0', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
        bytes += header;
        bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
        return bytes;
      },
      array.values);
}

void write_npy(const std::filesystem::path& file, const Array& array) { write_file(file, encode_npy(array)); }

}  // namespace skein
