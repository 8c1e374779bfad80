#pragma once
// Two link endpoints beside two ends of raw TLS 1.3, on the loopback interface, in the same run and
// with the same certificates: round trips and throughput.

#include "tools/bench/samples.hpp"

#include <cstdint>
#include <string>

namespace datagen::bench {

struct link_options {
  double seconds = 1;        ///< Of each measurement.
  std::uint32_t rounds = 5;  ///< Raw and link take turns; the median counts.
};

/// Of messages of one size.
struct link_row {
  std::size_t message_bytes = 0;
  quantiles raw;  ///< Round trip, one message in flight.
  quantiles link;
  double raw_mb_per_s = 0;   ///< 10^6 bytes of messages, one direction.
  double link_mb_per_s = 0;  ///< From the side that dialled: its frames are masked (RFC 6455, 5.3).
  double unmasked_mb_per_s = 0;  ///< From the side that listened.
  double times_raw() const { return link.p50_us / raw.p50_us; }
  double of_raw() const { return link_mb_per_s / raw_mb_per_s; }
};

struct link_report {
  std::vector<link_row> rows;
  std::string cipher;
};

/// @returns a sentence why not, or an empty one
std::string measure_links(const link_options& options, link_report& report);

}  // namespace datagen::bench
