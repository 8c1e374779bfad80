#include "tools/scenario/watch.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <array>

namespace datagen::scenario {

namespace ledger = protocol::ledger;
namespace happened = ledger::happened;

namespace {

constexpr std::chrono::seconds again{2};     // an author that was away knows no followers
constexpr std::uint32_t first_seat = 1'000;  // among gateways, where nobody else sits
constexpr std::size_t blocks_kept = 50'000;  // of each chain: what is older is not compared any more

/// By `vote_outcome`.
constexpr std::array end_names{"passed", "rejected", "no_quorum", "lapsed"};

bool runs_twice(const script& what, const party& who) {
  const auto found = what.conduct.find(who);
  return found != what.conduct.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [](const behaviour& x) { return x.what == conduct::twin; });
}

/// Takes in one Heavy event.
struct event_counter {
  sightings& seen;
  std::set<std::tuple<protocol::validator_id, protocol::session_id, std::uint64_t>>& claims;

  void operator()(const happened::checkpoint_settled&) const { ++seen.checkpoints; }
  void operator()(const happened::audit_settled& x) const {
    ++seen.verdicts[x.rule];
    ++seen.verdicts[x.rule + " " + x.outcome];
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
  void operator()(const happened::emitted& x) const {
    seen.days_emitted += x.day == seen.emission_day + 1;
    seen.emission_day = x.day;
    seen.emitted += x.released;
  }
  void operator()(const happened::emission_burned& x) const { seen.burned += x.burned; }
  void operator()(const happened::committee_seated& x) const {
    ++(x.base ? seen.fast_committees : seen.heavy_committees);
  }
  void operator()(const happened::proposal_ended& x) const {
    seen.proposals[x.proposal] = end_names.at(static_cast<std::size_t>(x.outcome));
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
    auto& sum = seen.paid[{x.validator.value, x.session}];
    sum.whole += x.to_validator + x.to_audit_fund + x.burned;
    sum.to_validator += x.to_validator;
  }
  void operator()(const happened::rewarded& x) const { seen.rewards[x.validator.value] += x.paid; }
  template <class Other>
  void operator()(const Other&) const {}
};

void tell_leaves(const v1::block_news& x, const leaf_listener& listener) {
  for (const auto& raw : x.events)
    if (const auto what = protocol::decode<protocol::fast::event>(raw))
      if (const auto* leaf = std::get_if<protocol::fast::happened::leaf_ordered>(&*what))
        listener(*leaf);
}

}  // namespace

std::string gain_of(const sightings& seen, const protocol::session_id& session,
                    const std::set<std::uint32_t>& own) {
  protocol::amount spent, back;
  for (const auto& [who, x] : seen.paid)
    if (who.second == session) {
      spent += x.whole;
      if (own.count(who.first) != 0)
        back += x.to_validator;
    }
  for (const auto& [validator, x] : seen.rewards)
    if (own.count(validator) != 0)
      back += x;
  if (spent == protocol::amount{})
    return "none of its jobs is paid yet";
  return back > spent
           ? "it spent " + to_text(spent) + " and has " + to_text(back) + " back"
           : std::string{};
}

watch::watch(deterministic_system& sim, const std::shared_ptr<local_transport>& net,
             const cluster& of, const script& what, const listeners& told)
    : seen_(std::make_shared<sightings>()),
      blocks_(std::make_shared<decltype(blocks_)::element_type>()),
      claims_(std::make_shared<decltype(claims_)::element_type>()),
      follower_(std::make_shared<heavy_follower>()) {
  auto seat = first_seat;
  follow_events(sim, *net, of, told.events);
  // Of an author that runs twice each copy answers one of two neighbouring seats (`twins`).
  for (std::uint32_t i = 0; i < what.authors; ++i)
    for (int copy = 0; copy < (runs_twice(what, {'h', i}) ? 2 : 1); ++copy)
      follow_blocks(sim, *net, {role::heavy_author, i}, ++seat, {});
  for (std::uint32_t i = 0; i < what.validators; ++i)
    for (int copy = 0; copy < (runs_twice(what, {'v', i}) ? 2 : 1); ++copy)
      follow_blocks(sim, *net, {role::fast_author, i}, ++seat, told.leaves);
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
                          std::uint32_t index, leaf_listener listener) {
  const peer self{role::gateway, index};
  const auto height = std::make_shared<std::uint64_t>(0);
  const auto hear = [seen = seen_, blocks = blocks_, author, height, listener](const v1::block_news& x,
                                                                     std::uint64_t now_ms) {
    *height = x.height;
    auto& of_chain = (*blocks)[author.kind];
    const auto [known, fresh] = of_chain.try_emplace({x.epoch, x.height}, x.block);
    const bool forgotten = of_chain.size() > blocks_kept && known == of_chain.begin();
    if (fresh && !forgotten)
      ++(author.kind == role::heavy_author ? seen->heavy_blocks : seen->fast_blocks);
    if (fresh && listener)
      tell_leaves(x, listener);
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
