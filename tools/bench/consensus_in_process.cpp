#include "tools/bench/consensus_bench.hpp"

#include "tools/bench/authors/author_node.hpp"
#include "tools/bench/clock.hpp"

#include "messages/register.hpp"

#include <caf/actor_system.hpp>

#include <thread>

namespace datagen::bench {

namespace {

constexpr std::uint32_t bound_rounds = 40;

struct actor_config : caf::actor_system_config {
  explicit actor_config(std::size_t threads) {
    add_messages(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", threads);
  }
};

/// What all authors had done at one moment.
struct progress {
  std::uint64_t vertices = 0;  ///< Made durable, by all authors together.
  double wall = wall_us();
  double processor = processor_us();
};

progress progress_of(const std::vector<std::unique_ptr<author_node>>& authors) {
  progress result;
  for (const auto& x : authors)
    result.vertices += x->totals().vertices;
  return result;
}

/// Means of two measurements, one on either side of what is compared with them.
crypto_bound between(crypto_bound a, const crypto_bound& b) {
  using costs = crypto_costs;
  for (auto part :
       {&costs::sign_us, &costs::verify_us, &costs::share_us, &costs::check_us, &costs::combine_us})
    a.costs.*part = (a.costs.*part + b.costs.*part) / 2;
  return a;
}

}  // namespace

in_process_result measure_in_process(const in_process_options& options) {
  const auto bound = measure_crypto(options.authors, options.coin, bound_rounds);
  const auto processors = std::max(1u, std::thread::hardware_concurrency());
  actor_config config{processors};
  caf::actor_system system{config};
  const auto net = std::make_shared<local_transport>(system, unix_ms());
  committee_file committee{.chain = chain_kind::log, .coin = options.coin, .time_ms = unix_ms()};
  committee.authors.resize(options.authors);
  auto setup = set_up(committee, net);
  setup.engine.idle_ms = 0;  // rounds without leaves cost the same cryptography
  std::vector<std::unique_ptr<author_node>> authors;
  std::string why;
  for (std::uint32_t i = 0; i < options.authors && why.empty(); ++i) {
    if (options.own_caches)
      forget_the_others(setup, options.coin);
    authors.push_back(std::make_unique<author_node>(system, net, setup, i, ":memory:"));
    why = authors.back()->start();
  }
  in_process_row row{.authors = options.authors,
                     .coin = options.coin,
                     .in_flight = options.in_flight,
                     .own_caches = options.own_caches,
                     .processors = processors};
  if (why.empty()) {
    progress begin, end;
    row.leaves = run_leaves(
      system, *net,
      {.authors = options.authors, .in_flight = options.in_flight, .seconds = options.seconds},
      {[&] { begin = progress_of(authors); }, [&] { end = progress_of(authors); }});
    // Every author stores every author's vertex of a round.
    const auto per_round = static_cast<double>(options.authors) * options.authors;
    const auto rounds = static_cast<double>(end.vertices - begin.vertices) / per_round;
    row.rounds_per_s = 1e6 * rounds / (end.wall - begin.wall);
    row.cores = (end.processor - begin.processor) / (end.wall - begin.wall);
    row.round_us = rounds > 0 ? (end.processor - begin.processor) / rounds : 0;
  }
  for (auto& x : authors)
    x->stop();
  net->close();
  row.bound = between(bound, measure_crypto(options.authors, options.coin, bound_rounds));
  return {std::move(row), std::move(why)};
}

}  // namespace datagen::bench
