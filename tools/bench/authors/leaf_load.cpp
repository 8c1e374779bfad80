#include "tools/bench/authors/leaf_load.hpp"

#include "tools/bench/authors/log_machine.hpp"
#include "tools/bench/clock.hpp"

#include "protocol/crypto/hash.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include <thread>
#include <unordered_map>

namespace datagen::bench {

using namespace protocol;

namespace {

/// One user with its share of the load, at one author.
struct lane_state {
  std::uint64_t next = 0;
  std::unordered_map<digest, double> open;  ///< When it was submitted.
};
using lane_actor = caf::stateful_actor<lane_state>;

/// Filled by all lanes while the measured time lasts.
struct tally {
  std::mutex mutex;
  bool measuring = false;
  std::uint64_t refused = 0;
  std::vector<double> times_us;
};

struct lane_config {
  peer self;
  peer author;
  std::uint32_t in_flight = 1;
  std::uint64_t run = 0;  ///< Makes the leaves of every run differ.
};

/// 128 bytes that were never submitted before; all but 24 of them from a cheap generator, since a
/// log's content is nothing that anyone could compress.
bytes leaf_of(const lane_config& lane, std::uint64_t number) {
  auto leaf = encode(lane.run, lane.self.index, number);
  std::uint64_t x = number * 0x9e3779b97f4a7c15 + lane.self.index + 1;
  while (leaf.size() < leaf_bytes) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    leaf.push_back(static_cast<std::uint8_t>(x));
  }
  return leaf;
}

void submit(lane_actor* self, local_transport& net, const lane_config& lane) {
  auto leaf = leaf_of(lane, self->state.next++);
  self->state.open.emplace(sha256(leaf), wall_us());
  net.send(lane.self, lane.author, v1::submit_transaction{std::move(leaf), true});
}

caf::behavior run_lane(lane_actor* self, local_transport& net, const lane_config& lane,
                       tally& result) {
  return {[self, &net, lane](const v1::alarm&) {
            for (std::uint32_t i = 0; i < lane.in_flight; ++i)
              submit(self, net, lane);
          },
          [self, &net, lane, &result](const peer&, const v1::transaction_done& x) {
            const auto found = self->state.open.extract(x.outcome.transaction);
            if (!found)
              return;  // of an earlier run
            {
              std::lock_guard lock{result.mutex};
              if (result.measuring && x.height > 0)
                result.times_us.push_back(wall_us() - found.mapped());
              result.refused += x.height == 0;
            }
            submit(self, net, lane);
          }};
}

}  // namespace

leaf_report run_leaves(caf::actor_system& system, local_transport& net, const leaf_plan& plan,
                       const leaf_marks& marks) {
  tally result;
  std::vector<lane_config> lanes;
  for (std::uint32_t i = 0; i < std::min(plan.authors, plan.in_flight); ++i)
    lanes.push_back(
      {.self = {role::user, i},
       .author = {role::heavy_author, i},
       .in_flight = plan.in_flight / plan.authors + (i < plan.in_flight % plan.authors ? 1 : 0),
       .run = static_cast<std::uint64_t>(wall_us())});
  std::vector<caf::actor> actors;
  for (const auto& lane : lanes) {
    actors.push_back(system.spawn(
      [&net, lane, &result](lane_actor* self) { return run_lane(self, net, lane, result); }));
    net.attach(lane.self, actors.back());
    caf::anon_send(actors.back(), v1::alarm{});  // not before answers find their way
  }
  const auto measure = [&](bool on) {
    std::lock_guard lock{result.mutex};
    result.measuring = on;
  };
  const auto sleep = [](double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>{seconds});
  };
  sleep(plan.warm_up_s);
  marks.begin();
  const auto start = wall_us();
  measure(true);
  sleep(plan.seconds);
  measure(false);
  const auto end = wall_us();
  marks.end();
  caf::scoped_actor self{system};
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    net.detach(lanes[i].self);
    caf::anon_send_exit(actors[i], caf::exit_reason::user_shutdown);
  }
  self->wait_for(actors);
  leaf_report report{
    .committed = result.times_us.size(), .refused = result.refused, .seconds = (end - start) / 1e6};
  report.latency = quantiles_of(std::move(result.times_us));
  return report;
}

}  // namespace datagen::bench
