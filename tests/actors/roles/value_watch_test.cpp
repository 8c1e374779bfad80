// What an edge knows of the value that validators have at risk.

#include "actors/value_watch.hpp"

#include "actors/node/development.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

account_id user(std::uint32_t i) { return {hash("watch-user", i).value}; }

struct edge {
  value_watch watch;
  ledger::view view = ledger::view_of(
    development_genesis({.validators = 4, .authors = 4, .time_ms = 1, .params = dev_preset()}));
  std::uint64_t height = 0;

  edge() {
    ledger::apply(view, happened::session_opened{.session = {7}, .user = user(7)});
  }
  static leaf leaf_of(std::uint32_t sequence, std::uint32_t validator, std::uint64_t fee) {
    const ticket order{.session = {7}, .sequence = sequence, .validator = {validator}};
    auto result = make_leaf(order, 1, {});
    result.fee = fee;
    return result;
  }
  void order(const leaf& x, std::uint64_t checkpoint, std::uint32_t index) {
    watch.take({.height = ++height,
                .events = {encode(fast::event{fast::happened::leaf_ordered{
                  .content = x, .payable = true, .checkpoint = checkpoint, .index = index}})}},
               view);
  }
  uint128 at_risk(std::uint32_t validator = 0) const { return watch.at_risk().of({validator}); }
};

}  // namespace

TEST_CASE("value watch: a job counts from its forwarding at its full value, once, and no more when it is "
          "refused") {
  edge e;
  const auto key = ledger::key_of(edge::leaf_of(1, 0, 5));
  CHECK(e.watch.forwarded(key, user(7), 100));
  CHECK_FALSE(e.watch.forwarded(key, user(7), 100));
  CHECK(e.at_risk() == 100);
  e.watch.withdrawn(key);
  e.watch.withdrawn(key);
  CHECK(e.at_risk() == 0);
}

TEST_CASE("value watch: what the draw spares matures, what it takes waits for the final verdict") {
  edge e;
  const auto spared = edge::leaf_of(1, 0, 5), taken = edge::leaf_of(2, 0, 5);
  e.watch.forwarded(ledger::key_of(spared), user(7), 100);
  e.watch.forwarded(ledger::key_of(taken), user(7), 30);
  e.order(spared, 1, 0);
  e.order(taken, 1, 1);
  CHECK(e.at_risk() == 130);
  e.watch.hear(happened::checkpoint_drawn{.sequence = 1, .drawn = {1}});
  CHECK(e.at_risk() == 30);
  e.watch.hear(happened::audit_settled{.job = taken.job, .validator = {0}, .final = false});
  CHECK(e.at_risk() == 30);
  e.watch.hear(happened::audit_settled{.job = taken.job, .validator = {0}, .final = true});
  CHECK(e.at_risk() == 0);
  CHECK(e.watch.open() == 0);
}

TEST_CASE("value watch: leaves of jobs that went another way count at their fee, whether their place or "
          "their draw is heard of first") {
  edge e;
  e.order(edge::leaf_of(1, 2, 40), 1, 0);
  CHECK(e.watch.at_risk().of({2}, user(7)) == 40);
  e.watch.hear(happened::checkpoint_drawn{.sequence = 1, .drawn = {}});
  CHECK(e.at_risk(2) == 0);
  e.watch.hear(happened::checkpoint_drawn{.sequence = 2, .drawn = {5}});
  e.order(edge::leaf_of(2, 2, 40), 2, 4);
  CHECK(e.at_risk(2) == 0);
  e.order(edge::leaf_of(3, 2, 40), 2, 5);
  CHECK(e.at_risk(2) == 40);
}

TEST_CASE("value watch: leaves of void checkpoints are at risk until they are ordered and spared again") {
  edge e;
  const auto x = edge::leaf_of(1, 0, 40);
  e.order(x, 3, 0);
  happened::committee_seated seat{.base = ledger::fast_base{.sequence = 2}};
  e.watch.hear(seat);
  e.watch.hear(happened::checkpoint_drawn{.sequence = 3, .drawn = {}});
  CHECK(e.at_risk() == 40);
  e.watch.hear(happened::checkpoint_drawn{.sequence = 4, .drawn = {}});
  e.order(x, 4, 0);
  CHECK(e.at_risk() == 0);
}
