// Inputs kept for audits: as long as anybody may ask for them, and within a bound.
#include "actors/content_cache.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;

namespace {

blob bytes_of(std::uint8_t x) { return blob{bytes(100, x)}; }
digest id_of(std::uint8_t x) { return sha256(bytes_of(x).view()); }

}  // namespace

TEST_CASE("content cache: what nobody may ask for any more goes, and what was kept once more stays until its "
          "new time, wherever it stands") {
  content_cache x{10'000};
  x.keep(id_of(1), bytes_of(1), 50);
  x.keep(id_of(2), bytes_of(2), 60);
  x.keep(id_of(1), bytes_of(1), 90);  // another job with the same input
  x.keep(id_of(3), bytes_of(3), 80);
  x.expire(50);
  CHECK(x.bytes() == 300);
  x.expire(61);
  CHECK(x.find(id_of(1)));
  CHECK_FALSE(x.find(id_of(2)));
  CHECK(x.find(id_of(3)));
  x.expire(81);
  CHECK(x.find(id_of(1)));
  CHECK_FALSE(x.find(id_of(3)));
  x.expire(91);
  CHECK_FALSE(x.find(id_of(1)));
  CHECK(x.bytes() == 0);
}

TEST_CASE("content cache: beyond its bound the oldest go first, though their time is not over") {
  content_cache x{250};
  for (std::uint8_t i = 1; i <= 3; ++i)
    x.keep(id_of(i), bytes_of(i), 1'000);
  CHECK_FALSE(x.find(id_of(1)));
  CHECK(x.find(id_of(2)));
  CHECK(x.find(id_of(3)));
  CHECK(x.bytes() == 200);
}

TEST_CASE("content cache: an input's life reaches beyond the longest audit of its job") {
  for (const auto& rules : {default_preset(), dev_preset(), whitepaper_preset()}) {
    const auto audit_ms = rules.commit_window_ms + rules.reveal_window_ms +
                          rules.last_stage_window_ms + rules.appeal_window_ms;
    CHECK(input_life_ms(rules) > rules.leaf_deadline_ms + audit_ms);
  }
}
