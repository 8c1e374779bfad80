#include "actors/gateway/read_models.hpp"
#include "actors/gateway/views.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
using namespace datagen::web;
namespace happened = ledger::happened;

namespace {

v1::block_news block(std::uint64_t height, std::vector<bytes> events = {}) {
  v1::block_news x{.height = height, .block = hash("block", height),
                   .timestamp_ms = 1'000 * height, .live_ms = 10 * height, .bytes = 100};
  x.state_root = hash("root", height);
  x.events = std::move(events);
  return x;
}

bytes told(ledger::event x) { return encode(x); }
bytes told(fast::event x) { return encode(x); }

leaf test_leaf(std::uint32_t sequence = 1) {
  leaf x{.job = hash("job", sequence), .session = {5}, .sequence = sequence,
         .validator_attempt = 2u << 8, .units = 10, .fee = 70};
  return x;
}

ledger::tx::checkpoint_content checkpoint(std::uint64_t sequence) {
  return {.sequence = sequence, .fast_height = 10 * sequence, .claim_epoch = 3, .leaves = 1};
}

std::vector<std::string> steps_of(const job_entry& job) {
  std::vector<std::string> names;
  for (const auto& step : job.timeline)
    names.push_back(step.step);
  return names;
}

/// A job from its leaf to a settled checkpoint.
read_models with_settled_job() {
  read_models m;
  m.take(chain_kind::heavy, block(1, {told(happened::validator_admitted{{2}, {}, 0, dg(9), 1, "two"})}));
  m.take(chain_kind::fast, block(8, {told(fast::happened::leaf_ordered{test_leaf(), true, 8, 1, 0})}));
  m.take(chain_kind::fast, block(10, {told(fast::happened::checkpoint_made{checkpoint(1)})}));
  m.take(chain_kind::heavy, block(4, {told(happened::checkpoint_settled{checkpoint(1)})}));
  return m;
}

}  // namespace

TEST_CASE("chain index: keeps the newest blocks and finds them by height and digest") {
  chain_index index{{.blocks_max = 3}};
  for (const auto height : {1, 2, 3, 5})
    CHECK(index.add(block(height)));
  CHECK_FALSE(index.add(block(5)));
  CHECK_FALSE(index.add(block(4)));  // too late
  CHECK(index.height() == 5);
  CHECK(index.lowest() == 2);
  CHECK_FALSE(index.at(1));
  CHECK_FALSE(index.find(hash("block", std::uint64_t{1})));
  CHECK_FALSE(index.at(4));
  CHECK(index.find(hash("block", std::uint64_t{3}))->news.height == 3);
  const auto page = index.page(4, 10);
  REQUIRE(page.size() == 2);
  CHECK(page[0]->news.height == 3);
  CHECK(page[1]->news.height == 2);
}

TEST_CASE("chain index: events count against its bytes, and one block always stays") {
  chain_index index{{.blocks_max = 10, .bytes_max = 100}};
  index.add(block(1, {bytes(60)}));
  index.add(block(2, {bytes(60)}));
  CHECK(index.lowest() == 2);
  index.add(block(3, {bytes(600)}));
  CHECK(index.lowest() == 3);
}

TEST_CASE("chain index: a certificate counts for its own block, and shows when it contradicts") {
  chain_index index;
  index.add(block(1));
  consensus::certificate proof;
  proof.statement.height = 1;
  proof.statement.block = hash("block", std::uint64_t{1});
  proof.signatures = {{0, {}}, {2, {}}};
  CHECK(index.certify(proof) == chain_index::certified::diverged);  // another state root
  CHECK(index.certified_height() == 0);
  proof.statement.state_root = hash("root", std::uint64_t{1});
  CHECK(index.certify(proof) == chain_index::certified::yes);
  CHECK(index.certified_height() == 1);
  CHECK(index.at(1)->certifiers == std::vector<std::uint32_t>{0, 2});
  proof.statement.height = 9;
  CHECK(index.certify(proof) == chain_index::certified::unknown);
}

TEST_CASE("settlements: a Fast block is settled by the first checkpoint that reaches it") {
  settlements s{2};
  s.add(10, {0, 4});
  s.add(20, {1, 7});
  CHECK(s.of(1)->height == 4);
  CHECK(s.of(10)->height == 4);
  CHECK(s.of(11)->height == 7);
  CHECK(s.of(11)->epoch == 1);
  CHECK_FALSE(s.of(21));
  s.add(30, {1, 9});
  CHECK_FALSE(s.of(10));  // forgotten, not guessed
  CHECK(s.of(11)->height == 7);
}

TEST_CASE("job index: an honest job's steps, from its ticket to its pay") {
  read_models m;
  const auto leaf = test_leaf();
  ticket order{.session = {5}, .sequence = 1, .validator = {2}, .kernel = {"merkle.root", 0}};
  auto own = leaf;
  own.job = job_id_of(order);
  m.jobs.submitted(order, 100);
  CHECK(m.jobs.running() == 1);
  v1::job_reply reply;
  reply.receipt.content = own;
  m.jobs.returned(reply, 32, 150, 50'000);
  CHECK(m.jobs.running() == 0);
  m.jobs.acknowledged({.job = own.job, .result = digest_of(reply.result)}, 160);
  m.take(chain_kind::fast, block(8, {told(fast::happened::leaf_ordered{own, true, 8, 1, 0})}));
  m.take(chain_kind::fast, block(10, {told(fast::happened::checkpoint_made{checkpoint(1)})}));
  m.take(chain_kind::heavy, block(4, {told(happened::checkpoint_settled{checkpoint(1)})}));
  m.take(chain_kind::heavy, block(5, {told(happened::checkpoint_drawn{1, {}, {}})}));
  m.take(chain_kind::heavy, block(6, {told(happened::claim_paid{{2}, {5}, 3, dg(1), {}, {}, 10})}));
  const auto* job = m.jobs.find(own.job);
  REQUIRE(job);
  CHECK(steps_of(*job) == std::vector<std::string>{"submitted", "accepted", "returned",
                                                   "acknowledged", "ordered", "checkpointed",
                                                   "settled", "not_drawn", "paid"});
  CHECK(job->state == job_state::settled);
  CHECK(job->user_digest == job->validator_digest);
  const auto shown = job_detail(*job);
  CHECK(shown.at("state").as_string() == "settled");
  CHECK(shown.at("kernel").as_string() == "merkle.root@0");
  CHECK(shown.at("timeline").as_array().at(6).at("height").to_number<int>() == 4);
  CHECK(shown.at("verdict").is_null());
  CHECK(shown.at("at_ms").to_number<int>() == 100);
  CHECK(shown.at("latency_us").to_number<int>() == 50'000);
}

TEST_CASE("views: a job that others saw through has no latency, and nothing is null, not [null]") {
  const auto m = with_settled_job();
  const auto shown = job_detail(*m.jobs.find(test_leaf().job));
  CHECK(shown.at("latency_us").is_null());
  CHECK(shown.at("digests").at("user").is_null());
}

TEST_CASE("views: a Fast block tells its jobs, a Heavy block up to which Fast height it settles") {
  const read_models none;
  const auto fast = block(8, {told(fast::happened::leaf_ordered{test_leaf(1), true, 8, 1, 0}),
                              told(fast::happened::leaf_ordered{test_leaf(2), false, 8, 1, 1}),
                              told(fast::happened::heavy_followed{3})});
  CHECK(block_item(chain_kind::fast, fast, none).at("leaves").to_number<int>() == 2);
  CHECK_FALSE(block_item(chain_kind::fast, fast, none).contains("settles"));
  const auto heavy = block(4, {told(happened::checkpoint_settled{checkpoint(1)})});
  CHECK(block_item(chain_kind::heavy, heavy, none).at("settles").to_number<int>() == 10);
  CHECK(block_item(chain_kind::heavy, block(5, {}), none).at("settles").is_null());
}

TEST_CASE("job index: a drawn job shows who committed what and the verdict, a fault its slash") {
  auto m = with_settled_job();
  const auto leaf = test_leaf();
  receipt subject;
  subject.content = leaf;
  subject.order.content.kernel = {"gemm.f32", 1};
  m.take(chain_kind::heavy, block(5, {told(happened::checkpoint_drawn{1, {}, {0}})}));
  CHECK(m.jobs.find(leaf.job)->state == job_state::drawn);
  m.take(chain_kind::heavy,
         block(6, {told(happened::check_requested{subject, 0, {}, {{0}, {1}, {3}}, 0, 0}),
                   told(happened::check_committed{leaf.job, 0, 0, {1}})}));
  CHECK(m.audits.open() == 1);
  m.take(chain_kind::heavy, block(7, {told(happened::reveal_requested{leaf.job, 0, 0, 0}),
                                 told(happened::digest_revealed{leaf.job, 0, 0, "1", hash("a")}),
                                 told(happened::digest_revealed{leaf.job, 0, 0, "P", hash("b")})}));
  CHECK(m.audits.find(leaf.job, 0)->state == audit_state::reveal);
  m.take(chain_kind::heavy,
         block(8, {told(happened::slashed{{3}, dg(1), dg(6), "wrong_check", false}),
                   told(happened::slashed{{2}, dg(3), dg(6), "wrong_result", false}),
                   told(happened::audit_settled{leaf.job, 0, {2}, "fault", "n2", {"P"}, true})}));
  const auto* job = m.jobs.find(leaf.job);
  CHECK(job->state == job_state::faulted);
  CHECK(job->checkers.at({1}) == hash("a"));
  CHECK(job->validator_digest == hash("b"));
  CHECK(job->kernel->name == "gemm.f32");
  CHECK(steps_of(*job).back() == "slashed");
  CHECK(job->timeline.back().text == "3 DG for wrong_result");
  m.take(chain_kind::heavy,  // of another job, and a claim that this one has no part in
         block(9, {told(happened::slashed{{2}, dg(2), dg(4), "wrong_result", true}),
                   told(happened::audit_settled{hash("other"), 0, {2}, "fault", "n2", {"P"}, false}),
                   told(happened::claim_paid{{2}, {5}, 3, dg(1), {}, {}, 10})}));
  CHECK(steps_of(*job).back() == "slashed");
  CHECK(job->timeline.back().height == 8);
  CHECK(m.audits.open() == 0);
  CHECK(audit_item(*m.audits.find(leaf.job, 0)).at("height").to_number<int>() == 8);
  CHECK(m.audits.find(leaf.job, 0)->at_ms == block(8, {}).timestamp_ms);
  CHECK(m.counts.audits_failed == 1);
  CHECK(m.counts.last->outcome == "fault");
  CHECK(m.validators.find({2})->slashed == dg(3));
  CHECK(m.counts.audit_overhead_permille() == 3'000);  // three checkers for one job
}

TEST_CASE("job index: a job is settled and drawn although Heavy's blocks came before Fast's") {
  read_models m;
  m.take(chain_kind::heavy, block(4, {told(happened::checkpoint_settled{checkpoint(1)})}));
  m.take(chain_kind::heavy, block(5, {told(happened::checkpoint_drawn{1, {}, {0}})}));
  m.take(chain_kind::fast, block(8, {told(fast::happened::leaf_ordered{test_leaf(), true, 8, 1, 0})}));
  CHECK(m.jobs.find(hash("job", 1u))->state == job_state::ordered);
  m.take(chain_kind::fast, block(10, {told(fast::happened::checkpoint_made{checkpoint(1)})}));
  const auto* job = m.jobs.find(hash("job", 1u));
  CHECK(steps_of(*job) == std::vector<std::string>{"ordered", "checkpointed", "settled", "drawn"});
  CHECK(job->settled->height == 4);
  CHECK(job->state == job_state::drawn);
}

TEST_CASE("job index: what Heavy says between two leaves of a checkpoint concerns both") {
  read_models m;
  m.take(chain_kind::fast, block(8, {told(fast::happened::leaf_ordered{test_leaf(2), true, 8, 1, 0})}));
  m.take(chain_kind::heavy, block(4, {told(happened::checkpoint_settled{checkpoint(1)})}));
  m.take(chain_kind::heavy, block(5, {told(happened::checkpoint_drawn{1, {}, {}})}));
  m.take(chain_kind::fast, block(9, {told(fast::happened::leaf_ordered{test_leaf(), true, 9, 1, 1})}));
  m.take(chain_kind::fast, block(10, {told(fast::happened::checkpoint_made{checkpoint(1)})}));
  const auto* job = m.jobs.find(hash("job", 1u));
  CHECK(steps_of(*job) == std::vector<std::string>{"ordered", "checkpointed", "settled", "not_drawn"});
  CHECK(steps_of(*m.jobs.find(hash("job", 2u))) ==
        std::vector<std::string>{"ordered", "settled", "checkpointed", "not_drawn"});
  m.take(chain_kind::heavy, block(9, {told(happened::claim_paid{{2}, {5}, 3, {}, {}, {}, 1})}));
  CHECK(steps_of(*job).back() == "paid");
}

TEST_CASE("job index: only so much of what Heavy said early is kept, the oldest goes") {
  job_index jobs{{.early_max = 2}};
  const block_place above{chain_kind::heavy, 1, 1, 1}, below{chain_kind::fast, 2, 2, 0};
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence)
    jobs.take(above, happened::checkpoint_settled{checkpoint(sequence)});
  for (std::uint32_t i = 1; i <= 3; ++i) {
    jobs.take(below, fast::happened::leaf_ordered{test_leaf(i), true, 2, i, 0});
    jobs.take(below, fast::happened::checkpoint_made{checkpoint(i)});
  }
  CHECK(jobs.find(hash("job", 1u))->state == job_state::ordered);
  CHECK(jobs.find(hash("job", 2u))->state == job_state::settled);
  CHECK(jobs.find(hash("job", 3u))->state == job_state::settled);
}

TEST_CASE("job index: the oldest jobs go, and their events find nobody") {
  job_index jobs{{.jobs_max = 2, .steps_max = 4}};
  for (std::uint32_t i = 1; i <= 3; ++i)
    jobs.take({chain_kind::fast, 1, 1, 0}, fast::happened::leaf_ordered{test_leaf(i), true, 1, 1, i});
  CHECK(jobs.size() == 2);
  CHECK_FALSE(jobs.find(hash("job", 1u)));
  const auto changed =
    jobs.take({chain_kind::fast, 2, 2, 0}, fast::happened::checkpoint_made{checkpoint(1)});
  CHECK(changed.size() == 2);
  const auto page = jobs.page(~0ULL, 1);
  REQUIRE(page.size() == 1);
  CHECK(page[0]->sequence == 3);
  CHECK(jobs.page(page[0]->number, 5).front()->sequence == 2);
  for (int i = 0; i < 10; ++i)
    jobs.take({chain_kind::heavy, 3, 3, 0}, happened::check_committed{hash("job", 3u), 0, 0, {1}});
  CHECK(jobs.find(hash("job", 3u))->timeline.size() == 4);
}

TEST_CASE("job index: events about unknown jobs, checkpoints and claims change nothing") {
  job_index jobs;
  const block_place at{chain_kind::heavy, 1, 1, 1};
  CHECK(jobs.take(at, happened::check_committed{hash("x"), 0, 0, {1}}).empty());
  CHECK(jobs.take(at, happened::checkpoint_settled{checkpoint(9)}).empty());
  CHECK(jobs.take(at, happened::claim_paid{{1}, {1}, 1, {}, {}, {}, 1}).empty());
  CHECK(jobs.take(at, happened::slashed{{1}, dg(1), {}, "wrong_result", true}).empty());
  CHECK(jobs.size() == 0);
}

TEST_CASE("validator index: counts work, checks and rewards of known validators only") {
  auto m = with_settled_job();
  const auto* v = m.validators.find({2});
  REQUIRE(v);
  CHECK(v->jobs_ordered == 1);
  m.take(chain_kind::heavy, block(5, {told(happened::digest_revealed{hash("job"), 0, 0, "2", hash("a")}),
                                 told(happened::digest_revealed{hash("job"), 0, 0, "7", hash("a")}),
                                 told(happened::audit_settled{hash("job"), 0, {9}, "pass", "n1", {}, true}),
                                 told(happened::claim_paid{{2}, {5}, 3, dg(2), {}, {}, 8}),
                                 told(happened::rewarded{{2}, 1, 8, dg(1)})}));
  CHECK(v->checks_done == 1);
  CHECK(v->checks.front().outcome == "pass");
  CHECK(v->earned == dg(2));
  CHECK(v->units_matured == 8);
  CHECK(v->rewards == dg(1));
  CHECK_FALSE(m.validators.find({7}));
  const auto shown = validator_detail({2}, *v, nullptr);
  CHECK(shown.at("earned").as_string() == "2000000000000000000");
  CHECK(shown.at("standing").as_string() == "active");
  ledger::validator_record record;
  record.leaving = true;
  CHECK(validator_item({2}, *v, &record).at("standing").as_string() == "leaving");
}

TEST_CASE("totals: a block is counted once, and they survive their own encoding") {
  auto m = with_settled_job();
  CHECK(m.counts.leaves == 1);
  CHECK(m.counts.leaves_settled == 1);
  CHECK(m.counts.fast_settled_height == 10);
  CHECK(m.counts.heavy.bytes == 200);
  const auto again = decode<totals>(encode(m.counts));
  REQUIRE(again);
  read_models restored;
  restored.counts = *again;
  restored.take(chain_kind::fast, block(8, {told(fast::happened::leaf_ordered{test_leaf(), true, 8, 1, 0})}));
  CHECK(restored.counts.leaves == 1);   // known before the restart
  CHECK(restored.jobs.size() == 1);     // but its timeline is back
}

TEST_CASE("samples: percentiles of the newest ones") {
  samples s{4};
  CHECK(s.percentile(500) == 0);
  for (const std::uint64_t x : {100, 1, 2, 3, 4})
    s.add(x);
  CHECK(s.count() == 5);
  CHECK(s.percentile(500) == 2);
  CHECK(s.percentile(990) == 4);
  CHECK(s.percentile(0) == 1);
}
