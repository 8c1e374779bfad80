#include "tools/scenario/watch.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace datagen::scenario {

namespace ledger = protocol::ledger;
namespace happened = ledger::happened;

namespace {

constexpr std::chrono::seconds again{2};     // an author that was away knows no followers
constexpr std::uint32_t first_seat = 1'000;  // among gateways, where nobody else sits
constexpr std::size_t blocks_kept = 50'000;  // of each chain: what is older is not compared any more

/// Takes in one Heavy event.
struct event_counter {
  sightings& seen;
  std::set<std::tuple<protocol::validator_id, protocol::session_id, std::uint64_t>>& claims;

  void operator()(const happened::checkpoint_settled&) const { ++seen.checkpoints; }
  void operator()(const happened::audit_settled& x) const {
    ++seen.verdicts[x.rule];
    if (std::find(x.pays.begin(), x.pays.end(), "U") != x.pays.end())
      seen.fined.insert(seen.audited[x.job]);
    if (!x.final)
      return;
    ++seen.verdicts[x.outcome];
    seen.audits_passed += x.outcome == "pass";
    seen.audits_failed += x.outcome == "fault";
    seen.audited.erase(x.job);
  }
  void operator()(const happened::check_requested& x) const {
    seen.audited[x.subject.content.job] = x.subject.content.session;
  }
  void operator()(const happened::slashed& x) const {
    seen.slashed[x.validator.value].insert(x.reason);
  }
  void operator()(const happened::author_slashed& x) const {
    seen.authors_slashed.insert(x.author.value);
  }
  void operator()(const happened::bond_forfeited& x) const { seen.fined.insert(x.session); }
  void operator()(const happened::validator_changed& x) const {
    if (x.now == happened::standing::expelled)
      seen.expelled.insert(x.validator.value);
  }
  void operator()(const happened::paired& x) const { seen.paired[x.session] = x.validator.value; }
  void operator()(const happened::unpaired& x) const { seen.paired.erase(x.session); }
  void operator()(const happened::claim_paid& x) const {
    if (!claims.insert({x.validator, x.session, x.epoch}).second)
      seen.paid_twice = "validator " + std::to_string(x.validator.value) +
                        " was paid twice for epoch " + std::to_string(x.epoch) + " of session " +
                        std::to_string(x.session.value);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

watch::watch(deterministic_system& sim, const std::shared_ptr<local_transport>& net,
             const cluster& of, const script& what, event_listener listener)
    : seen_(std::make_shared<sightings>()),
      blocks_(std::make_shared<decltype(blocks_)::element_type>()),
      claims_(std::make_shared<decltype(claims_)::element_type>()),
      follower_(std::make_shared<heavy_follower>()) {
  auto seat = first_seat;
  follow_events(sim, *net, of, std::move(listener));
  for (std::uint32_t i = 0; i < what.authors; ++i)
    follow_blocks(sim, *net, {role::heavy_author, i}, ++seat);
  for (std::uint32_t i = 0; i < what.validators; ++i)
    follow_blocks(sim, *net, {role::fast_author, i}, ++seat);
}

watch::~watch() {
  for (const auto& x : actors_)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
}

void watch::follow_events(deterministic_system& sim, local_transport& net, const cluster& of,
                          event_listener listener) {
  const auto actor = sim.system().spawn([seen = seen_, claims = claims_, follower = follower_,
                                         clock = of.context().net,
                                         listener](caf::event_based_actor* me) {
    me->delayed_send(me, again, v1::alarm{});
    return caf::behavior{[=](const peer&, const v1::heavy_news& news) {
                           for (const auto& block : follower->take(news)) {
                             seen->trace = protocol::hash("trace", seen->trace,
                                                          clock->now().monotonic_ms, block);
                             for (const auto& what : block.events) {
                               std::visit(event_counter{*seen, *claims}, what);
                               if (listener)
                                 listener(clock->now().monotonic_ms, block.height, what);
                             }
                           }
                         },
                         [=](const v1::alarm& x) {
                           follower->wake();
                           me->delayed_send(me, again, x);
                         }};
  });
  const peer self{role::gateway, first_seat};
  net.attach(self, actor);
  *follower_ = heavy_follower{self, of.context()};
  actors_.push_back(actor);
}

void watch::follow_blocks(deterministic_system& sim, local_transport& net, const peer& author,
                          std::uint32_t index) {
  const peer self{role::gateway, index};
  const auto height = std::make_shared<std::uint64_t>(0);
  const auto hear = [seen = seen_, blocks = blocks_, author, height](const v1::block_news& x,
                                                                     std::uint64_t now_ms) {
    *height = x.height;
    auto& of_chain = (*blocks)[author.kind];
    const auto [known, fresh] = of_chain.try_emplace({x.epoch, x.height}, x.block);
    const bool forgotten = of_chain.size() > blocks_kept && known == of_chain.begin();
    if (fresh && !forgotten)
      ++(author.kind == role::heavy_author ? seen->heavy_blocks : seen->fast_blocks);
    seen->trace = protocol::hash("trace", seen->trace, now_ms, author.index, x.block);
    if (known->second != x.block)
      seen->fork = std::string{author.kind == role::heavy_author ? "Heavy" : "Fast"} +
                   " has two blocks at height " + std::to_string(x.height) + " of epoch " +
                   std::to_string(x.epoch);
    if (of_chain.size() > blocks_kept)
      of_chain.erase(of_chain.begin());
  };
  const auto actor = sim.system().spawn([=, &net](caf::event_based_actor* me) {
    me->delayed_send(me, again, v1::alarm{});
    return caf::behavior{
      [=, &net](const peer&, const v1::block_news& x) { hear(x, net.now().monotonic_ms); },
      [=, &net](const v1::alarm& x) {
        net.send(self, author, v1::follow_blocks{*height});
        me->delayed_send(me, again, x);
      }};
  });
  net.attach(self, actor);
  net.send(self, author, v1::follow_blocks{});
  actors_.push_back(actor);
}

}  // namespace datagen::scenario
