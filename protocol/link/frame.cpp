#include "protocol/link/frame.hpp"

namespace datagen::protocol::link {

std::array<std::uint8_t, frame_header_bytes> header_of(std::uint64_t number, frame_kind kind) {
  std::array<std::uint8_t, frame_header_bytes> result;
  for (std::size_t i = 0; i < 8; ++i)
    result[i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
  result[8] = static_cast<std::uint8_t>(kind);
  return result;
}

std::optional<frame_view> read_frame(byte_view data) {
  if (data.size() < frame_header_bytes)
    return std::nullopt;
  const auto header = decode<frame_header>(data.first(frame_header_bytes));
  if (!header)
    return std::nullopt;
  return frame_view{*header, data.subspan(frame_header_bytes)};
}

refusal frame_count::take(std::uint64_t number) {
  if (number < next_)
    return refusal::replayed_frame;
  if (number > next_)
    return refusal::reordered_frame;
  ++next_;
  return refusal::none;
}

}  // namespace datagen::protocol::link
