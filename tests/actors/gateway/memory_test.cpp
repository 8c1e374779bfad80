// What a gateway leaves in its archive, and what the next one makes of it.

#include "tests/actors/gateway/disk.hpp"

using namespace gateway_test;

namespace {

void add_blocks(world& w, std::uint64_t last) {
  for (std::uint64_t height = 2; height <= last; ++height)
    w.say({role::heavy_author, 0}, v1::block_news{.height = height,
                                                  .block = hash("block", height),
                                                  .timestamp_ms = start_ms + height});
}

}  // namespace

TEST_CASE("gateway memory: blocks, totals, jobs and results survive a restart") {
  temporary_disk disk;
  const std::string input = "kept input";
  std::string id;
  {
    stored_world before{disk};
    auto& w = before.w;
    w.begin();
    add_blocks(w, 6);
    w.write("PUT", "/v1/inputs/" + to_hex(sha256(world::view_of(input))), input);
    const auto order = ticket_for(*w.origin, 1, world::view_of(input));
    CHECK(got(w.write("POST", "/v1/jobs", w.job_body(order))).status == 202);
    id = to_hex(job_id_of(order));
    w.pass(1'500);  // the batch of the second is written
  }
  stored_world after{disk};
  auto& w = after.w;
  const auto status = json_of(got(w.get("/v1/status")));
  CHECK(status.at("heavy").at("height").as_int64() == 6);
  CHECK(status.at("heavy").at("bytes").as_int64() == 300);
  const auto job = json_of(got(w.get("/v1/jobs/" + id)));
  CHECK(job.at("state").as_string() == "returned");
  CHECK(got(w.get("/v1/jobs/" + id + "/result")).body == input);
  CHECK(w.follows.front().second.height == 6);  // only what is new is asked for
}

TEST_CASE("gateway memory: pages below the newest blocks come from the archive") {
  temporary_disk disk;
  stored_world stored{disk};
  auto& w = stored.w;
  w.begin();
  add_blocks(w, 6);
  w.pass(1'500);
  const auto page = json_of(got(w.get("/v1/chains/heavy/blocks", {{"limit", "4"}})));
  const auto& items = page.at("items").as_array();
  REQUIRE(items.size() == 4);
  for (std::int64_t i = 0; i < 4; ++i)
    CHECK(items[static_cast<std::size_t>(i)].at("height").as_int64() == 6 - i);
  CHECK(page.at("next").as_string() == "2");
  const auto rest = json_of(got(w.get("/v1/chains/heavy/blocks", {{"cursor", "2"}})));
  CHECK(rest.at("items").as_array().size() == 2);
  CHECK(rest.at("next").is_null());
  CHECK(json_of(got(w.get("/v1/chains/heavy/blocks/1"))).at("events").as_array().size() == 4);
}
