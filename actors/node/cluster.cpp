#include "actors/node/cluster.hpp"

#include "actors/adversary/bent_coin.hpp"
#include "actors/archive.hpp"
#include "actors/block_author.hpp"
#include "actors/chain/chain_number.hpp"
#include "actors/chain/fast_service.hpp"
#include "actors/chain/heavy_service.hpp"
#include "actors/coin_cache.hpp"
#include "actors/cross_checker.hpp"
#include "actors/node/memory.hpp"
#include "actors/router.hpp"
#include "actors/selector.hpp"
#include "actors/signature_cache.hpp"
#include "actors/user.hpp"
#include "actors/validator.hpp"

#include <caf/scoped_actor.hpp>

#include <filesystem>

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

cluster::cluster(caf::actor_system& system, std::shared_ptr<local_transport> net,
                 cluster_config config)
    : system_(system), net_(std::move(net)), config_(std::move(config)) {
  context_ = {.net = net_,
              .chain = std::make_shared<const genesis>(config_.chain),
              .signatures = config_.signatures,
              .coins = config_.coins,
              .entropy = config_.entropy,
              .stages = config_.stages};
  if (!context_.signatures)
    context_.signatures = std::make_shared<signature_cache>();
  if (!context_.coins)
    context_.coins = std::make_shared<coin_cache>();
}

cluster::~cluster() { stop(); }

template <class Handle>
Handle cluster::keep(identity& of, const peer& address, Handle handle) {
  of.roles.push_back(caf::actor_cast<caf::actor>(handle));
  of.addresses.push_back(address);
  net_->attach(address, handle);
  return handle;
}

std::shared_ptr<storage::store> cluster::open(const std::string& file, std::string& why) {
  storage::store_config config{.path = ":memory:",
                               .totals = std::make_shared<storage::store_totals>(),
                               .vfs = config_.vfs};
  totals_[file] = config.totals;
  if (config_.database_died)
    config.died = [tell = config_.database_died, file](const std::string& cause) {
      tell(file, cause);
    };
  if (!config_.data_dir.empty())
    config.path = (std::filesystem::path{config_.data_dir} / (file + ".db")).string();
  auto opened = storage::store::open(config);
  if (!opened) {
    why = opened.error().sentence;
    return nullptr;
  }
  return std::make_shared<storage::store>(std::move(*opened));
}

archive_actor cluster::spawn_archive(identity& of, std::shared_ptr<storage::store> store) {
  auto handle = config_.threads
                  ? system_.spawn<caf::detached>(archive, std::move(store), config_.commit_takes)
                  : system_.spawn(archive, std::move(store), config_.commit_takes);
  of.owners.push_back(caf::actor_cast<caf::actor>(handle));
  return handle;
}

std::string cluster::start() {
  if (!config_.conduct.empty() && !context_.chain->development)
    return "'" + context_.chain->name + "' is no development chain: nobody may be told to misbehave there";
  if ((config_.signatures || config_.coins) && !context_.chain->development)
    return "'" + context_.chain->name + "' is no development chain: signatures are real there";
  kernels_ = config_.kernels
               ? config_.kernels
               : std::make_shared<const kernels::registry>(kernels::registry::load());
  if (!kernels_->ok())
    return kernels_->error();
  const kernel_worker_config devices{.kernels = kernels_,
                                     .threads = config_.kernel_threads,
                                     .lanes = config_.kernel_lanes,
                                     .own_threads = config_.threads};
  worker_ = config_.threads ? system_.spawn<caf::detached>(kernel_worker, devices)
                            : system_.spawn(kernel_worker, devices);
  shared_.owners.push_back(caf::actor_cast<caf::actor>(worker_));
  for (const auto& [i, key] : config_.hosted.authors)
    if (auto why = host_author(i, key); !why.empty())
      return why;
  for (const auto& [i, key] : config_.hosted.validators)
    if (auto why = host_validator(i, key); !why.empty())
      return why;
  for (const auto i : config_.hosted.routers) {
    const peer edge{role::router, i};
    keep(shared_, edge, system_.spawn(router, router_config{edge, context_of(edge, {})}));
  }
  return config_.hosted.gateway ? open_gateway_archive() : std::string{};
}

std::string cluster::open_gateway_archive() {
  std::string why;
  const auto store = open("gateway", why);
  if (!store)
    return why;
  if (config_.read_gateway_store)
    if (why = config_.read_gateway_store(*store); !why.empty())
      return why;
  gateway_archive_ = spawn_archive(shared_, store);
  return {};
}

role_context cluster::context_of(const peer& party, const key_pair& key) const {
  auto result = context_;
  if (const auto found = config_.conduct.find(party); found != config_.conduct.end())
    for (const auto& x : found->second)
      result.net = bend(system_, result.net, {party, key, heavy_chain_id(*context_.chain)}, x);
  return result;
}

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

std::string cluster::host_author(std::uint32_t index, const key_pair& key) {
  std::string why;
  const auto store = open("heavy-" + std::to_string(index), why);
  if (!store)
    return why;
  auto machine =
    std::make_shared<ledger::ledger_machine>(*context_.chain, *context_.signatures, context_.coins);
  const peer self{role::heavy_author, index};
  const auto context = context_of(self, key);
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
  own.service = config.service;
  config.archive = spawn_archive(own, store);
  keep(own, self, system_.spawn(block_author, std::move(config)));
  const peer selecting{role::selector, index};
  keep(own, selecting,
       system_.spawn(selector, selector_config{.self = selecting, .context = context}));
  return {};
}

std::string cluster::host_validator(std::uint32_t index, const key_pair& key) {
  std::string why;
  const auto store = open("validator-" + std::to_string(index), why);
  if (!store)
    return why;
  auto machine = std::make_shared<fast::fast_machine>(*context_.chain, *context_.signatures);
  const peer self{role::fast_author, index};
  const peer working{role::validator, index};
  const auto context = context_of(working, key);
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
  own.service = author.service;
  const auto archive = author.archive = spawn_archive(own, store);
  keep(own, self, system_.spawn(block_author, std::move(author)));
  keep(own, working,
       system_.spawn(validator, validator_config{.self = working,
                                                 .context = context,
                                                 .key = key,
                                                 .worker = worker_of(own, index, false),
                                                 .archive = archive,
                                                 .stored = std::move(*promises),
                                                 .canaries = std::move(*canaries)}));
  const peer checking{role::cross_checker, index};
  keep(own, checking,
       system_.spawn(cross_checker,
                     cross_checker_config{.self = checking,
                                          .context = context,
                                          .key = key,
                                          .worker = worker_of(own, index, true),
                                          .routers = routers()}));
  return {};
}

void cluster::drop(role kind, std::uint32_t index) {
  const auto found = identities_.find({kind, index});
  if (found == identities_.end())
    return;
  for (const auto& address : found->second.addresses)
    net_->detach(address);
  end(found->second.roles);
  end(found->second.owners);
  identities_.erase(found);
}

std::shared_ptr<const chain_service> cluster::service_of(const peer& self) const {
  const auto kind = self.kind == role::fast_author ? role::validator : self.kind;
  const auto found = identities_.find({kind, self.index});
  return found == identities_.end() ? nullptr : found->second.service;
}

std::vector<peer> cluster::routers() const {
  std::vector<peer> result;
  for (std::uint32_t i = 0; i < config_.routers; ++i)
    result.push_back({role::router, i});
  return result;
}

user_actor cluster::add_user(std::uint32_t index, const key_pair& key, std::uint64_t nonce,
                             std::uint32_t router_index, bool offers_canaries) {
  const peer self{role::user, index};
  return keep(shared_, self,
              system_.spawn(user, user_config{.self = self,
                                              .context = context_of(self, key),
                                              .key = key,
                                              .router = {role::router, router_index},
                                              .worker = worker_,
                                              .nonce = nonce,
                                              .offers_canaries = offers_canaries}));
}

void cluster::end(std::vector<caf::actor>& handles) {
  for (const auto& handle : handles)
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  if (config_.threads) {
    caf::scoped_actor self{system_};
    self->wait_for(handles);
  }
  handles.clear();
}

void cluster::stop() {
  if (identities_.empty() && shared_.roles.empty() && shared_.owners.empty())
    return;
  for (auto& [name, own] : identities_)
    end(own.roles);
  end(shared_.roles);
  worker_ = kernel_worker_actor{};
  gateway_archive_ = archive_actor{};
  for (auto& [name, own] : identities_)
    end(own.owners);  // what they had gathered is written before the last reference to a store goes
  end(shared_.owners);
  identities_.clear();
  net_->close();
}

}  // namespace datagen
