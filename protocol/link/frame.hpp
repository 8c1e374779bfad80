#pragma once
// One frame of a link: its number in its direction, its kind, its body. TLS already keeps strangers
// from replaying; the number catches a peer, or a proxy that ends TLS, which does so itself.

#include "protocol/link/refusal.hpp"

namespace datagen::protocol::link {

enum class frame_kind : std::uint8_t {
  hello = 0,    ///< First in each direction, and only there.
  refuse = 1,   ///< The last one: why the link ends.
  message = 2,  ///< A whole message.
  piece = 3,    ///< A part of a message; `message` ends it.
  credit = 4,   ///< So many more bytes may come.
  records = 5,  ///< Address records.
};
constexpr frame_kind max_value(frame_kind) { return frame_kind::records; }

inline constexpr std::size_t frame_header_bytes = 9;

struct frame_header {
  std::uint64_t number = 0;
  frame_kind kind = frame_kind::hello;
  friend auto operator<=>(const frame_header&, const frame_header&) = default;
};
template <class Archive>
void describe(Archive& ar, frame_header& x) {
  ar(x.number, x.kind);
}

std::array<std::uint8_t, frame_header_bytes> header_of(std::uint64_t number, frame_kind kind);

struct frame_view {
  frame_header header;
  byte_view body;  ///< Within what was read.
};
/// @returns nothing when the header does not decode.
std::optional<frame_view> read_frame(byte_view data);

/// Whether a frame of this kind is paid for with credit: all but those that end the link or grant.
constexpr bool costs_credit(frame_kind x) {
  return x == frame_kind::message || x == frame_kind::piece || x == frame_kind::records;
}

/// Numbers of one direction: 0, 1, 2, …
class frame_count {
public:
  /// Takes the next number, or says what is wrong with `number` and changes nothing.
  refusal take(std::uint64_t number);
  std::uint64_t next() { return next_++; }

private:
  std::uint64_t next_ = 0;
};

}  // namespace datagen::protocol::link
