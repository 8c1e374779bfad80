// The two levels of finality in jobs and blocks, and what a new committee makes void.

#include "actors/gateway/read_models.hpp"
#include "actors/gateway/views.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
using namespace datagen::web;
namespace happened = ledger::happened;

namespace {

v1::block_news block(std::uint64_t height, std::vector<bytes> events = {},
                     std::uint32_t epoch = 0) {
  return {.height = height,
          .epoch = epoch,
          .block = hash("block", epoch, height),
          .previous = hash("block", std::uint32_t{0}, height - 1),
          .timestamp_ms = 1'000 * height,
          .events = std::move(events)};
}
const job_id job = hash("job");
bytes ordered(std::uint64_t height, std::uint64_t checkpoint = 1) {
  const leaf x{.job = job, .session = {5}, .sequence = 1, .validator_attempt = 2u << 8};
  return encode(fast::event{fast::happened::leaf_ordered{x, true, height, checkpoint, 0}});
}
bytes settled(std::uint64_t sequence, std::uint64_t fast_height) {
  const ledger::tx::checkpoint_content x{
    .sequence = sequence, .fast_height = fast_height, .leaves = 1};
  return encode(ledger::event{happened::checkpoint_settled{x}});
}
std::string last_step(const read_models& m) { return m.jobs.find(job)->timeline.back().step; }

}  // namespace

TEST_CASE("finality: a job is ordered, fast-final by a certificate, settled by a Heavy block") {
  read_models m;
  m.take(chain_kind::fast, block(8, {ordered(8)}));
  auto shown = job_item(*m.jobs.find(job));
  CHECK(shown.at("ordered").at("height").to_number<int>() == 8);
  CHECK_FALSE(shown.at("fast_final").as_bool());
  CHECK(shown.at("settled").is_null());
  CHECK(m.jobs.certify(7, 8'100).empty());
  CHECK(m.jobs.certify(9, 8'200) == std::vector<job_id>{job});  // a later certificate covers it
  CHECK(m.jobs.certify(9, 8'300).empty());
  CHECK(last_step(m) == "fast_final");
  CHECK(m.jobs.find(job)->timeline.back().at_ms == 8'200);
  CHECK(job_item(*m.jobs.find(job)).at("fast_final").as_bool());
  m.take(chain_kind::heavy, block(4, {settled(1, 10)}, 3));
  shown = job_item(*m.jobs.find(job));
  CHECK(shown.at("settled").at("height").to_number<int>() == 4);
  CHECK(shown.at("settled").at("epoch").to_number<int>() == 3);
}

TEST_CASE("finality: what is settled is fast-final, whatever this gateway saw") {
  read_models m;
  m.take(chain_kind::fast, block(8, {ordered(8)}));
  m.take(chain_kind::heavy, block(4, {settled(1, 10)}));
  CHECK(m.jobs.find(job)->fast_final);
  CHECK(block_item(chain_kind::fast, block(8), m).at("fast_final").as_bool());
}

TEST_CASE("finality: a Fast block says both levels, a Heavy block has only its certificate") {
  read_models m;
  m.take(chain_kind::fast, block(8));
  auto shown = block_item(chain_kind::fast, block(8), m);
  CHECK_FALSE(shown.at("fast_final").as_bool());
  CHECK(shown.at("settled").is_null());
  consensus::certificate proof;
  proof.statement.height = 8;
  proof.statement.block = block(8).block;
  REQUIRE(m.fast.certify(proof) == chain_index::certified::yes);
  CHECK(block_item(chain_kind::fast, block(8), m).at("fast_final").as_bool());
  m.take(chain_kind::heavy, block(4, {settled(1, 10)}, 2));
  shown = block_item(chain_kind::fast, block(8), m);
  CHECK(shown.at("settled").at("epoch").to_number<int>() == 2);
  CHECK(shown.at("settled").at("height").to_number<int>() == 4);
  const auto heavy = block_item(chain_kind::heavy, block(4, {}, 2), m);
  CHECK(heavy.at("epoch").to_number<int>() == 2);
  CHECK_FALSE(heavy.contains("settled"));
}

TEST_CASE("void: a later epoch that begins below the newest height starts over there") {
  read_models m;
  for (std::uint64_t height = 7; height <= 9; ++height)
    m.take(chain_kind::fast,
           block(height, height == 8 ? std::vector<bytes>{ordered(8)} : std::vector<bytes>{}));
  m.jobs.certify(9, 9'100);
  const auto next = block(8, {}, 1);
  CHECK(m.fast.starts_over(next));
  CHECK_FALSE(m.fast.starts_over(block(8)));          // the same epoch
  CHECK_FALSE(m.fast.starts_over(block(10, {}, 1)));  // as usual
  auto stray = next;
  stray.previous = hash("another history");
  CHECK_FALSE(m.fast.starts_over(stray));
  CHECK(m.cut(chain_kind::fast, 8) == std::vector<job_id>{job});
  CHECK(m.fast.height() == 7);
  const auto* entry = m.jobs.find(job);
  CHECK(entry->state == job_state::returned);
  CHECK_FALSE(entry->ordered);
  CHECK_FALSE(entry->fast_final);
  CHECK(last_step(m) == "void");
  m.take(chain_kind::fast, block(8, {ordered(8)}, 1));
  CHECK(m.jobs.find(job)->ordered->epoch == 1);
  m.take(chain_kind::heavy, block(4, {settled(1, 8)}));
  CHECK(m.jobs.find(job)->state == job_state::settled);
  CHECK(m.jobs.find(job)->timeline.size() ==
        5);  // ordered, final, void, ordered, settled: each once
}

TEST_CASE("void: what Heavy has settled stays, whatever a committee orders later") {
  read_models m;
  m.take(chain_kind::fast, block(8, {ordered(8)}));
  m.take(chain_kind::heavy, block(4, {settled(1, 8)}));
  CHECK(m.cut(chain_kind::fast, 8).empty());
  CHECK(m.jobs.find(job)->state == job_state::settled);
  CHECK(m.jobs.find(job)->ordered);
}
