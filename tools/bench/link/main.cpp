// `link_bench`: links beside raw TLS 1.3, with aims met or missed (aims: under 3 times its round
// trip at 100 B, over 70 % of its throughput at 1 MiB).

#include "tools/bench/link/link_bench.hpp"

#include <cstdio>

int main() {
  datagen::bench::link_report report;
  if (const auto why = datagen::bench::measure_links({}, report); !why.empty()) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
  }
  std::printf("%s; round trip p50 us, throughput MB/s\n", report.cipher.c_str());
  for (const auto& x : report.rows)
    std::printf("%8zu B  raw %8.1f  link %8.1f  (x %.2f)   raw %6.0f  link %6.0f  unmasked %6.0f\n",
                x.message_bytes, x.raw.p50_us, x.link.p50_us, x.times_raw(), x.raw_mb_per_s,
                x.link_mb_per_s, x.unmasked_mb_per_s);
  const auto trip = report.rows.front().times_raw(), rate = report.rows.back().of_raw();
  std::printf("round trip at 100 B: %.2f x raw, aim under 3: %s\n", trip,
              trip < 3 ? "met" : "MISSED");
  std::printf("throughput at 1 MiB: %.0f %% of raw, aim over 70 %%: %s\n", 100 * rate,
              rate > 0.7 ? "met" : "MISSED");
}
