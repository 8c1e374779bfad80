#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace datagen::kernels::nn {

/// One field of a Protocol Buffers message, as it lies on the wire.
struct wire_field {
  std::uint32_t number = 0;
  std::uint32_t type = 0;               ///< 0 varint, 1 eight bytes, 2 length and bytes, 5 four
  std::uint64_t value = 0;              ///< of types 0, 1 and 5
  std::span<const std::uint8_t> bytes;  ///< of type 2

  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

/// Walks over the fields of one message; never reads beyond its bytes. What a field means, and
/// messages within messages, are the caller's. Written for this module, so that it needs no
/// protobuf library at build or run time and hostile bytes meet 60 lines that can be read.
class wire_reader {
public:
  explicit wire_reader(std::span<const std::uint8_t> message) : rest_(message) {}

  /// The next field; false at the end of the message or where it is malformed.
  bool next(wire_field& field);
  /// True when the message ended where a field did.
  bool whole() const { return !failed_; }

private:
  bool fixed(std::size_t size, std::uint64_t& value);

  std::span<const std::uint8_t> rest_;
  bool failed_ = false;
};

/// Appends a field of `repeated int64` in either encoding; false where it is malformed.
bool append_integers(const wire_field& field, std::vector<std::int64_t>& out);

}  // namespace datagen::kernels::nn
