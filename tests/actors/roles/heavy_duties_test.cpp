// What a role owes the Heavy Chain reaches it, though an author loses it.

#include "actors/heavy_duties.hpp"

#include "actors/local_transport.hpp"
#include "actors/node/development.hpp"
#include "actors/signature_cache.hpp"
#include "actors/node/deterministic_system.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;

namespace {

struct authors {
  deterministic_system sim;
  std::shared_ptr<local_transport> net =
    std::make_shared<local_transport>(sim.system(), 1'750'000'000'000);
  role_context context{
    .net = net,
    .chain = std::make_shared<const genesis>(
      development_genesis({.validators = 4, .authors = 4, .time_ms = 1, .params = dev_preset()})),
    .signatures = std::make_shared<signature_cache>()};
  peer self{role::validator, 0};
  std::shared_ptr<std::map<std::uint32_t, int>> heard = std::make_shared<std::map<std::uint32_t, int>>();
  std::optional<heavy_follower> heavy;
  heavy_duties duties{self, context};
  caf::actor ticking;

  authors() {
    for (std::uint32_t i = 0; i < 4; ++i)
      net->attach({role::heavy_author, i},
                  sim.system().spawn([heard = heard, i](caf::event_based_actor*) {
                    return caf::behavior{
                      [](const peer&, const v1::follow_heavy&) {},
                      [heard, i](const peer&, const v1::submit_transaction&) { ++(*heard)[i]; }};
                  }));
    heavy.emplace(self, context);
    // Wakes the duties once a second, as roles do.
    ticking = sim.system().spawn([this](caf::event_based_actor* clock) {
      clock->delayed_send(clock, std::chrono::seconds{1}, 1);
      return caf::behavior{[this, clock](int) {
        duties.wake(*heavy);
        clock->delayed_send(clock, std::chrono::seconds{1}, 1);
      }};
    });
  }
  ~authors() {
    caf::anon_send_exit(ticking, caf::exit_reason::user_shutdown);
    sim.settle();
    net->close();
  }
  int all() const {
    int result = 0;
    for (const auto& [i, count] : *heard)
      result += count;
    return result;
  }
};

}  // namespace

TEST_CASE("heavy duties: what one author loses the next one gets, and what is done is not sent again") {
  authors a;
  const heavy_duties::duty what{{}, 0, duty_kind::opening, 0};
  a.duties.owe(*a.heavy, what, {1});
  a.sim.settle();
  CHECK(a.all() == 1);
  a.duties.owe(*a.heavy, what, {2});  // owed already
  a.sim.settle();
  CHECK(a.all() == 1);
  a.sim.run_for(9'000);
  CHECK(a.heard->size() >= 3);
  const auto so_far = a.all();
  CHECK(so_far <= 4);  // each wait is twice the one before
  a.duties.done(what);
  a.sim.run_for(60'000);
  CHECK(a.all() == so_far);
  CHECK(a.duties.open() == 0);
}

TEST_CASE("heavy duties: with an audit everything about it is forgotten, and nothing about another") {
  authors a;
  const job_id one{hash("one").value}, other{hash("other").value};
  for (const auto kind : {duty_kind::commit, duty_kind::canary})
    a.duties.owe(*a.heavy, {one, 1, kind, 3}, {1});
  a.duties.owe(*a.heavy, {one, 2, duty_kind::commit, 0}, {1});
  a.duties.owe(*a.heavy, {other, 1, duty_kind::commit, 0}, {1});
  a.duties.forget(one, 1);
  CHECK(a.duties.open() == 2);
}
