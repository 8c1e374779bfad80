#include "npy.hpp"

#include <cstring>

namespace datagen::kernels {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t prefix_bytes = 10;  // magic, version, u16 header length
constexpr std::uint64_t data_bytes_max = std::uint64_t{1} << 40;

/// Reads the header's Python dictionary literal from left to right.
class literal {
public:
  explicit literal(std::string_view text) : text_(text) {}

  bool take(char wanted) {
    skip_spaces();
    if (text_.empty() || text_[0] != wanted)
      return false;
    text_.remove_prefix(1);
    return true;
  }
  bool word(std::string_view wanted) {
    skip_spaces();
    if (!text_.starts_with(wanted))
      return false;
    text_.remove_prefix(wanted.size());
    return true;
  }
  /// 'text' without escapes.
  bool quoted(std::string& out) {
    if (!take('\''))
      return false;
    const auto end = text_.find('\'');
    if (end == std::string_view::npos)
      return false;
    out = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return out.find('\\') == std::string::npos;
  }
  bool number(std::uint64_t& out) {
    skip_spaces();
    std::size_t digits = 0;
    out = 0;
    while (digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9' && digits < 18)
      out = out * 10 + static_cast<std::uint64_t>(text_[digits++] - '0');
    text_.remove_prefix(digits);
    return digits > 0 && (text_.empty() || text_[0] < '0' || text_[0] > '9');
  }
  bool at_end() {
    skip_spaces();
    return text_.empty();
  }

private:
  void skip_spaces() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n'))
      text_.remove_prefix(1);
  }
  std::string_view text_;
};

bool read_shape(literal& header, std::vector<std::uint64_t>& shape) {
  shape.clear();
  if (!header.take('('))
    return false;
  while (!header.take(')')) {
    std::uint64_t side = 0;
    if (shape.size() == npy_dimensions_max || !header.number(side))
      return false;
    shape.push_back(side);
    if (!header.take(','))
      return header.take(')');
  }
  return true;
}

/// The three entries, in any order, each once.
bool read_entries(literal& header, npy_array& array, bool& fortran) {
  bool seen[3] = {};
  if (!header.take('{'))
    return false;
  while (!header.take('}')) {
    std::string key;
    if (!header.quoted(key) || !header.take(':'))
      return false;
    const int index = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : 3;
    if (index == 3 || seen[index])
      return false;
    seen[index] = true;
    if (index == 0 && !header.quoted(array.type))
      return false;
    if (index == 1 && !(fortran = header.word("True")) && !header.word("False"))
      return false;
    if (index == 2 && !read_shape(header, array.shape))
      return false;
    if (!header.take(','))
      return header.take('}') && seen[0] && seen[1] && seen[2];
  }
  return seen[0] && seen[1] && seen[2];
}

/// Bytes of one element, 0 for a type that is not one plain little-endian number.
std::uint64_t element_bytes(std::string_view type) {
  if (type.size() != 3 || std::string_view("fiu").find(type[1]) == std::string_view::npos)
    return 0;
  if (std::string_view("1248").find(type[2]) == std::string_view::npos)
    return 0;
  const auto size = static_cast<std::uint64_t>(type[2] - '0');
  if (type[1] == 'f' && size == 1)
    return 0;
  return type[0] == (size == 1 ? '|' : '<') ? size : 0;
}

}  // namespace

std::string shape_text(std::span<const std::uint64_t> shape) {
  std::string out = "(";
  for (std::size_t i = 0; i < shape.size(); ++i)
    out += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return out + (shape.size() == 1 ? ",)" : ")");
}

bool starts_with_npy(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

failure take_npy(std::span<const std::uint8_t>& bytes, npy_array& array) {
  if (bytes.size() < prefix_bytes || !starts_with_npy(bytes))
    return bad_input(
      "input is no .npy file: it does not start with \\x93NUMPY, save it with "
      "numpy.save");
  if (bytes[6] != 1 || bytes[7] != 0)
    return bad_input(".npy format is " + std::to_string(bytes[6]) + "." + std::to_string(bytes[7]) +
                     ", expected 1.0");
  const std::size_t header_bytes = bytes[8] | static_cast<std::size_t>(bytes[9]) << 8;
  if (bytes.size() - prefix_bytes < header_bytes)
    return bad_input(".npy header is cut: it needs " + std::to_string(header_bytes) +
                     " bytes and " + std::to_string(bytes.size() - prefix_bytes) + " are there");
  literal header({reinterpret_cast<const char*>(bytes.data()) + prefix_bytes, header_bytes});
  bool fortran = false;
  if (!read_entries(header, array, fortran) || !header.at_end())
    return bad_input(".npy header is not a dictionary of descr, fortran_order and shape");
  if (fortran)
    return bad_input(".npy array is in Fortran order, expected C order");
  std::uint64_t expected = element_bytes(array.type);
  if (expected == 0)
    return bad_input(".npy type '" + array.type +
                     "' is not one little-endian number such as '<f4'");
  for (std::uint64_t side : array.shape) {
    if (side != 0 && expected > data_bytes_max / side)
      return bad_input(".npy shape " + shape_text(array.shape) + " is larger than any input");
    expected *= side;
  }
  const auto data = bytes.subspan(prefix_bytes + header_bytes);
  if (data.size() < expected)
    return bad_input(".npy data is " + std::to_string(data.size()) + " bytes, but " +
                     shape_text(array.shape) + " of '" + array.type + "' need " +
                     std::to_string(expected));
  array.data = data.first(static_cast<std::size_t>(expected));
  bytes = data.subspan(static_cast<std::size_t>(expected));
  return {};
}

failure read_npy(std::span<const std::uint8_t> file, npy_array& array) {
  if (auto bad = take_npy(file, array))
    return bad;
  if (file.empty())
    return {};
  return bad_input(".npy data is followed by " + std::to_string(file.size()) + " more bytes");
}

std::vector<std::uint8_t> npy_header(std::string_view type, std::span<const std::uint64_t> shape) {
  std::string text = "{'descr': '" + std::string(type) +
                     "', 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  constexpr std::size_t alignment = 64;  // NEP 1: data starts at a multiple of it
  const std::size_t used = prefix_bytes + text.size() + 1;
  text.append((alignment - used % alignment) % alignment, ' ');
  text += '\n';
  std::string out(magic);
  out += '\1';
  out += '\0';
  out += static_cast<char>(text.size() & 255);
  out += static_cast<char>(text.size() >> 8);
  out += text;
  return {out.begin(), out.end()};
}

}  // namespace datagen::kernels
