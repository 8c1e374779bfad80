// How one identity is opened, restored and wired, once or, of twins, twice.

#include "actors/node/cluster.hpp"

#include "actors/adversary/bent_coin.hpp"
#include "actors/block_author.hpp"
#include "actors/chain/chain_number.hpp"
#include "actors/chain/fast_service.hpp"
#include "actors/chain/heavy_service.hpp"
#include "actors/cross_checker.hpp"
#include "actors/node/memory.hpp"
#include "actors/selector.hpp"
#include "actors/validator.hpp"

namespace datagen {

using namespace protocol;

namespace {

consensus::engine_params engine_of(const engine_pacing& pacing, std::size_t authors,
                                   std::uint64_t min_round_ms, std::uint32_t pace) {
  consensus::engine_params x;
  x.wave = pacing.wave_rounds;
  x.leaders = leader_slots_for(pacing, static_cast<std::uint32_t>(authors));
  x.min_round_delay_ms = min_round_ms == 0 ? pacing.min_round_delay_ms : min_round_ms;
  x.wait_all_ms = std::max(pacing.wait_all_ms, x.min_round_delay_ms);
  x.idle_ms = std::max(pacing.idle_ms / pace, x.min_round_delay_ms);
  x.gc_depth = pacing.gc_depth_rounds;
  return x;
}

}  // namespace

bool cluster::keeps_shares(const peer& author) const {
  const auto found = config_.conduct.find(author);
  return found != config_.conduct.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [](const behaviour& x) { return x.what == conduct::keep_shares; });
}

kernel_worker_actor cluster::worker_of(identity& of, std::uint32_t validator, bool checks) {
  const auto found = config_.conduct.find({role::validator, validator});
  const bool honest = found == config_.conduct.end() ||
                      std::none_of(found->second.begin(), found->second.end(),
                                   [](const behaviour& x) { return bends_worker(x.what); });
  if (honest)
    return worker_;
  auto worker = system_.spawn(bent_worker, bent_worker_config{.self = validator,
                                                              .checks = checks,
                                                              .conduct = found->second,
                                                              .told = lies_,
                                                              .clock = net_,
                                                              .honest = worker_});
  of.owners.push_back(caf::actor_cast<caf::actor>(worker));
  return worker;
}

/// What both chains' authors of one identity have in common.
block_author_config cluster::author_config(const peer& self, const role_context& context,
                                           const key_pair& key) const {
  const bool heavy = self.kind == role::heavy_author;
  const auto& pacing = heavy ? context_.chain->params.heavy : context_.chain->params.fast;
  const auto& secrets = heavy ? config_.hosted.heavy_coin : config_.hosted.fast_coin;
  block_author_config config{
    .self = self,
    .context = context,
    .key = key,
    .engine = [pacing, quickest = config_.min_round_ms, pace = config_.pace](std::size_t size) {
      return engine_of(pacing, size, quickest, pace);
    },
    .retain_blocks = pacing.retain_commits,
    .recent_blocks_max = config_.kept_blocks};
  if (const auto found = secrets.find(self.index); found != secrets.end())
    config.genesis_secret = found->second;
  return config;
}

std::string cluster::host(role kind, std::uint32_t index, const key_pair& key) {
  const auto both = runs_twice({kind, index}) ? std::make_shared<twins>(system_, net_) : nullptr;
  identities_[{kind, index}].both = both;
  std::string why;
  for (std::size_t number = 0; why.empty() && number < (both ? twins::copies : 1); ++number)
    why = kind == role::heavy_author ? host_author(index, key, {number, both})
                                     : host_validator(index, key, {number, both});
  return why;
}

std::string cluster::host_author(std::uint32_t index, const key_pair& key) {
  return host(role::heavy_author, index, key);
}

std::string cluster::host_validator(std::uint32_t index, const key_pair& key) {
  return host(role::validator, index, key);
}

std::string cluster::host_author(std::uint32_t index, const key_pair& key, const copy& which) {
  std::string why;
  const auto store = open(which.file("heavy-" + std::to_string(index)), why);
  if (!store)
    return why;
  auto machine =
    std::make_shared<ledger::ledger_machine>(*context_.chain, *context_.signatures, context_.coins);
  const peer self{role::heavy_author, index};
  const auto context = context_of(self, key, which);
  auto config = author_config(self, context, key);
  if (keeps_shares(self))
    config.coin_seam = bent_coin;
  config.service = std::make_shared<heavy_service>(
    self, context, machine, heavy_service_limits{.feed_blocks_max = config_.kept_blocks});
  auto memory =
    load_author(*store, heavy_chain_number, *config.service, {heavy_committee(*context_.chain), 1},
                context_.chain->params.heavy.gc_depth_rounds, config_.kept_blocks);
  if (!memory)
    return memory.error().sentence;
  config.memory = std::make_shared<author_memory>(std::move(*memory));
  auto& own = identities_[{role::heavy_author, index}];
  if (which.number == 0)
    own.service = config.service;
  config.archive = spawn_archive(own, store);
  keep(own, self, system_.spawn(block_author, std::move(config)), which);
  const peer selecting{role::selector, index};
  keep(own, selecting,
       system_.spawn(selector, selector_config{.self = selecting, .context = context}), which);
  return {};
}

std::string cluster::host_validator(std::uint32_t index, const key_pair& key, const copy& which) {
  std::string why;
  const auto store = open(which.file("validator-" + std::to_string(index)), why);
  if (!store)
    return why;
  auto machine = std::make_shared<fast::fast_machine>(*context_.chain, *context_.signatures);
  const peer self{role::fast_author, index};
  const peer working{role::validator, index};
  const auto context = context_of(working, key, which);
  auto author = author_config(self, context, key);
  author.service = std::make_shared<fast_service>(self, context, key, machine);
  auto memory =
    load_author(*store, fast_chain_number, *author.service, {fast_committee(*context_.chain), 1},
                context_.chain->params.fast.gc_depth_rounds, config_.kept_blocks);
  if (!memory)
    return memory.error().sentence;
  author.memory = std::make_shared<author_memory>(std::move(*memory));
  auto promises = load_promises(*store);
  if (!promises)
    return promises.error().sentence;
  auto canaries = load_canaries(*store);
  if (!canaries)
    return canaries.error().sentence;
  auto& own = identities_[{role::validator, index}];
  if (which.number == 0)
    own.service = author.service;
  const auto archive = author.archive = spawn_archive(own, store);
  keep(own, self, system_.spawn(block_author, std::move(author)), which);
  keep(own, working,
       system_.spawn(validator, validator_config{.self = working,
                                                 .context = context,
                                                 .key = key,
                                                 .worker = worker_of(own, index, false),
                                                 .archive = archive,
                                                 .stored = std::move(*promises),
                                                 .canaries = std::move(*canaries)}),
       which);
  const peer checking{role::cross_checker, index};
  keep(own, checking,
       system_.spawn(cross_checker,
                     cross_checker_config{.self = checking,
                                          .context = context,
                                          .key = key,
                                          .worker = worker_of(own, index, true),
                                          .routers = routers()}),
       which);
  return {};
}

}  // namespace datagen
