#pragma once
// What links are measured against: blocking OpenSSL on a TCP connection, a thread at each end, no
// framing but the size that both ends know.

#include "protocol/crypto/sign.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace datagen::bench {

struct raw_result {
  std::vector<double> round_trips_us;
  double mb_per_s = 0;
  std::string cipher;
};

/// Round trips of `bytes` for `seconds`, then a stream of such messages for as long.
/// @throws std::exception where a socket or TLS fails
raw_result measure_raw_tls(const protocol::key_pair& left, const protocol::key_pair& right,
                           std::size_t bytes, double seconds);

}  // namespace datagen::bench
