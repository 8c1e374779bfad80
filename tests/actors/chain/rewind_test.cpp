// A Fast state that goes back (consensus.md 2.13): behind what its author's relay has forgotten of
// Heavy, behind the newest states on the disk, and behind everything that the disk holds.

#include "tests/actors/chain/support.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

constexpr std::uint64_t up_ms = 1'500;  ///< Of news from Fast to Heavy, where that matters.

/// Four validators whose Fast committee reaches Heavy, and hears of it, only while it is not cut
/// off.
class cut_off {
public:
  explicit cut_off(const parameters& params, std::uint64_t delay_ms = 0)
      : net_{{.validators = 4,
              .params = params,
              .data_dir = dir_.text(),
              .extra_delay_us = [lost = lost_, delay_ms](const peer& from,
                                                         const peer& to) -> std::uint64_t {
                const bool up = from.kind == role::fast_author && to.kind == role::heavy_author;
                const bool down = from.kind == role::heavy_author && to.kind == role::fast_author;
                const bool cut = (up && lost->up) || (down && lost->down);
                return cut ? 1'000'000'000'000 : up ? delay_ms * 1'000 : 0;
              }}} {}
  virtual_cluster& net() { return net_; }
  void lose_way_up() { lost_->up = true; }
  void lose_way_down() { lost_->down = true; }
  void mend() { *lost_ = {}; }
  bool successor_ready() const {
    bool result = false;
    log.each<happened::committee_ready>([&](const auto& x) {
      result = result || x.next.chain == fast_chain_id(net_.net_cluster->chain());
    });
    return result;
  }
  /// Until another committee, or the same once more, goes on. @returns the height that it goes back
  /// to.
  std::uint64_t replaced() {
    REQUIRE(net_.sim.run_until([&] { return seatings(log, role::fast_author) >= 1; }, 300'000));
    std::uint64_t base = 0;
    log.each<happened::committee_seated>([&](const auto& x) {
      if (x.base && base == 0)
        base = x.base->fast_height;
    });
    return base;
  }
  bool all_settled(std::uint32_t jobs) {
    const auto settled = [&] {
      std::uint32_t leaves = 0;
      log.each<happened::checkpoint_settled>([&](const auto& x) { leaves += x.content.leaves; });
      return leaves;
    };
    return net_.sim.run_until([&] { return settled() == jobs; }, 60'000);
  }

private:
  struct lost_ways {
    bool up = false;
    bool down = false;
  };
  scratch dir_;
  std::shared_ptr<lost_ways> lost_ = std::make_shared<lost_ways>();
  virtual_cluster net_;

public:
  heavy_log log{net_, 96};
  block_log fast{net_, {role::fast_author, 0}, 80};
};

}  // namespace

TEST_CASE(
  "rewind: a committee whose last checkpoints never reach Heavy is replaced by the same members, "
  "who "
  "relay again what the void blocks had told of Heavy, and every job is paid once") {
  cut_off x{short_terms()};
  job_stream jobs{x.net()};
  jobs.run(5'000);
  REQUIRE(x.net().sim.run_until([&] { return x.successor_ready(); }, 60'000));
  x.lose_way_up();
  job_stream later{x.net(), 1};  // its session is told in blocks that become void
  jobs.run(4'000, 500);
  REQUIRE(seatings(x.log, role::fast_author) == 0);
  // Who relayed Heavy in the void blocks is not there to offer it again.
  x.net().drop(role::validator, 3);
  const auto height = x.fast.height();
  CHECK(x.replaced() < height);  // blocks became void
  x.mend();
  // The others tell their state once more what it has forgotten: the later session is served.
  later.job();
  CHECK(x.all_settled(jobs.jobs + later.jobs));
  x.net().host(role::validator, 3);
  jobs.run(5'000);
  jobs.jobs += later.jobs;
  jobs.fees += later.fees;
  jobs.check_all_paid(x.log, 300'000);
}

/// Some load; with `one_leaves`, more of it, without validator 3 from its second second on.
void begin(cut_off& x, job_stream& jobs, bool one_leaves) {
  if (!one_leaves)
    return jobs.run(5'000);
  x.net().sim.run_for(2'000);
  x.net().drop(role::validator, 3);
  jobs.run(20'000);
}

/// A committee that does not hear that its successor is ready, and is not heard any more itself: it
/// goes on until Heavy replaces it. @returns its height when it is cut off
std::uint64_t outlive(cut_off& x, job_stream& jobs, const parameters& params,
                      bool one_leaves = false) {
  const auto ready_ms = [&] {
    cut_off same{params, up_ms};
    job_stream stream{same.net()};
    begin(same, stream, one_leaves);
    REQUIRE_FALSE(same.successor_ready());
    REQUIRE(same.net().sim.run_until([&] { return same.successor_ready(); }, 90'000));
    return same.net().net->now().unix_ms;
  }();
  begin(x, jobs, one_leaves);
  x.net().sim.run_for(ready_ms - 1'000 - x.net().net->now().unix_ms);
  x.lose_way_down();
  x.net().sim.run_for(1'000);  // what is on its way up arrives
  x.lose_way_up();
  return x.fast.height();
}

TEST_CASE(
  "rewind: after far more void blocks than two states are apart every author still finds its way "
  "back "
  "on its own disk, and every job is paid once") {
  auto params = short_terms();
  params.snapshot_blocks = 32;
  params.fast.retain_commits = 32;
  cut_off x{params, up_ms};
  job_stream jobs{x.net()};
  const auto before = outlive(x, jobs, params);
  jobs.run(15'000);
  const auto base = x.replaced();
  CHECK(base <= before);
  CHECK(x.fast.height() > base + 4 * params.snapshot_blocks);
  x.mend();
  jobs.run(5'000);
  jobs.check_all_paid(x.log, 300'000);
}

TEST_CASE(
  "rewind: who took over a state that becomes void, and has none before it, starts over with what "
  "the "
  "others have, and is heard in blocks again") {
  auto params = short_terms();
  params.fast_dead_heavy_blocks = 100;
  params.kernel_undetermined_max = 1'000;  // a checker is away
  params.committee_term_ms = 30'000;
  params.snapshot_blocks = 32;
  params.fast.retain_commits = 32;
  params.fast.idle_ms = 100;
  cut_off x{params, up_ms};
  block_log away{x.net(), {role::fast_author, 3}, 81};
  job_stream jobs{x.net()};
  const auto before = outlive(x, jobs, params, true);
  const auto last = away.height();
  jobs.run(6'000);
  x.net().host(role::validator, 3);
  block_log back{x.net(), {role::fast_author, 3}, 82};
  jobs.run(10'000);
  const auto base = x.replaced();
  CHECK(base <= before);
  // It lacks all blocks from where it left to above `base`: a state took their place.
  const auto first_back = std::find_if(back.all().begin(), back.all().end(),
                                       [&](const auto& news) { return news.height > last; });
  REQUIRE(first_back != back.all().end());
  CHECK(first_back->height > base);
  x.mend();
  jobs.run(5'000);
  CHECK(x.all_settled(jobs.jobs));
  const auto mended = x.fast.height();
  x.net().sim.run_for(10'000);
  CHECK(std::any_of(x.fast.all().begin(), x.fast.all().end(), [&](const v1::block_news& news) {
    return news.epoch > 0 && news.height > mended && news.authors.back() == 3;
  }));
}
