#include "protobuf.hpp"

namespace datagen::kernels::nn {

namespace {

/// Takes a base-128 number off the front of `rest`.
bool take_varint(std::span<const std::uint8_t>& rest, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest.empty())
      return false;
    const std::uint8_t byte = rest[0];
    rest = rest.subspan(1);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80)
      return shift < 63 || byte <= 1;
  }
  return false;
}

}  // namespace

bool wire_reader::fixed(std::size_t size, std::uint64_t& value) {
  if (rest_.size() < size)
    return false;
  value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= std::uint64_t{rest_[i]} << (8 * i);
  rest_ = rest_.subspan(size);
  return true;
}

bool wire_reader::next(wire_field& field) {
  if (rest_.empty() || failed_)
    return false;
  failed_ = true;
  std::uint64_t key = 0;
  if (!take_varint(rest_, key) || key >> 3 == 0 || key >> 32 != 0)
    return false;
  field = {static_cast<std::uint32_t>(key >> 3), static_cast<std::uint32_t>(key & 7), 0, {}};
  bool good = false;
  if (field.type == 0)
    good = take_varint(rest_, field.value);
  if (field.type == 1)
    good = fixed(8, field.value);
  if (field.type == 5)
    good = fixed(4, field.value);
  if (field.type == 2) {
    std::uint64_t size = 0;
    good = take_varint(rest_, size) && size <= rest_.size();
    if (good) {
      field.bytes = rest_.first(static_cast<std::size_t>(size));
      rest_ = rest_.subspan(static_cast<std::size_t>(size));
    }
  }
  failed_ = !good;
  return good;
}

bool append_integers(const wire_field& field, std::vector<std::int64_t>& out) {
  if (field.type == 0) {
    out.push_back(static_cast<std::int64_t>(field.value));
    return true;
  }
  if (field.type != 2)
    return false;
  std::span<const std::uint8_t> rest = field.bytes;  // packed: bare numbers
  while (!rest.empty()) {
    std::uint64_t value = 0;
    if (!take_varint(rest, value))
      return false;
    out.push_back(static_cast<std::int64_t>(value));
  }
  return true;
}

}  // namespace datagen::kernels::nn
