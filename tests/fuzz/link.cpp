// Frames of a link from their first byte on, before and after anybody is known.

#include "tests/fuzz/codec_table.hpp"

#include "protocol/link/frame.hpp"

namespace datagen::fuzz {

using namespace protocol::link;

using bodies = codec_table<hello, address_record, std::vector<address_record>, refusal,
                           std::uint64_t, frame_header>;

/// A hello that decodes is checked without a surprise, and a record as well.
void check(byte_view data) {
  bodies::check(data);
  const auto [which, rest] = choose(data, 7);
  if (const auto frame = read_frame(rest)) {
    const auto header = header_of(frame->header.number, frame->header.kind);
    require(std::ranges::equal(header, rest.first(frame_header_bytes)),
            "a header has one encoding");
    require(frame->body.size() + frame_header_bytes == rest.size(), "the rest is the body");
  }
  if (const auto record = protocol::decode<address_record>(rest))
    (void)check(*record, record->genesis, record->expires_ms - 1);
  if (const auto theirs = protocol::decode<hello>(rest))
    (void)check(*theirs, *theirs, {}, end::dialler, {});
}

std::vector<bytes> seeds() {
  auto result = bodies::seeds(12);
  for (std::uint8_t kind = 0; kind <= static_cast<std::uint8_t>(max_value(frame_kind{})); ++kind) {
    const auto header = header_of(kind, static_cast<frame_kind>(kind));
    bytes frame{header.begin(), header.end()};
    frame.resize(20, kind);
    result.push_back(chosen(6, frame));
  }
  return result;
}

}  // namespace datagen::fuzz
