#include "tools/datagen/node/link_series.hpp"

namespace datagen::tools {

namespace {

using protocol::link::refusal;

std::vector<web::measured> one(std::uint64_t value) { return {{{}, value}}; }

/// Reasons that have been counted.
template <class Count>
std::vector<web::measured> by_reason(Count count) {
  std::vector<web::measured> result;
  for (std::size_t i = 1; i < protocol::link::refusals; ++i)
    if (const auto x = static_cast<refusal>(i); count(x) != 0)
      result.push_back({{{"reason", to_string(x)}}, count(x)});
  return result;
}

}  // namespace

std::vector<web::series> link_series(const link_transport& net) {
  const auto& x = net.counts();
  return {
    {"datagen_links", "Links to other hosts that are up.", false, one(x.links)},
    {"datagen_link_handshakes", "Handshakes under way.", false, one(x.handshakes)},
    {"datagen_link_dialled_total", "Attempts to reach a host.", true, one(x.dialled)},
    {"datagen_link_unreachable_total", "Attempts on which nobody answered.", true,
     one(x.unreachable)},
    {"datagen_link_broken_total", "Links that ended without a reason given.", true, one(x.broken)},
    {"datagen_link_messages_total",
     "Messages over links.",
     true,
     {{{{"direction", "in"}}, x.messages_in}, {{{"direction", "out"}}, x.messages_out}}},
    {"datagen_link_bytes_total",
     "Bytes of frames.",
     true,
     {{{{"direction", "in"}}, x.bytes_in}, {{{"direction", "out"}}, x.bytes_out}}},
    {"datagen_link_dropped_total", "Messages that found no room in an outbox.", true,
     one(x.dropped)},
    {"datagen_link_refused_total", "Connections and links that this host refused.", true,
     by_reason([&](refusal why) { return x.of(why); })},
    {"datagen_link_refused_us_total", "Links that other hosts refused us.", true,
     by_reason([&](refusal why) { return x.told(why); })},
  };
}

}  // namespace datagen::tools
