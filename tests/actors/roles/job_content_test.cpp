#include "actors/job_content.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;

namespace {

const digest id{{7}};

blob data() { return blob{bytes{1, 2, 3}}; }

}  // namespace

TEST_CASE("job content: what the last job lets go leaves the archive, or stays there for its time") {
  for (const std::uint64_t until_ms : {0, 77}) {
    job_content x;
    storage::write_batch batch;
    x.keep(id, data());
    x.keep(id, data());
    x.store(id, batch);
    REQUIRE(batch.blobs.size() == 1);
    storage::write_batch after;
    x.release(id, after, until_ms);
    CHECK(x.find(id) != nullptr);
    CHECK(after.dropped_blobs.empty());
    x.release(id, after, until_ms);
    CHECK(x.find(id) == nullptr);
    CHECK(x.bytes() == 0);
    CHECK(after.dropped_blobs.size() == 1);
    CHECK(after.blobs.size() == (until_ms == 0 ? 0 : 1));
    if (until_ms != 0)
      CHECK(after.blobs[0].expires_at_ms == until_ms);
  }
}

TEST_CASE("job content: of settled jobs no more stays than its limit, and room comes back with time") {
  job_content x;
  CHECK(x.may_stay(6, 100, 0, 10));
  CHECK_FALSE(x.may_stay(5, 200, 0, 10));
  CHECK(x.may_stay(4, 200, 0, 10));
  CHECK_FALSE(x.may_stay(1, 200, 99, 10));
  CHECK(x.may_stay(6, 300, 100, 10));
  CHECK_FALSE(x.may_stay(11, 300, 1'000, 10));
  CHECK_FALSE(x.may_stay(~0ULL, 300, 1'000, 10));
}
