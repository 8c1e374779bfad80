#include "actors/node/cluster.hpp"

#include "actors/archive.hpp"
#include "actors/block_author.hpp"
#include "actors/chain/fast_service.hpp"
#include "actors/chain/heavy_service.hpp"
#include "actors/coin_cache.hpp"
#include "actors/cross_checker.hpp"
#include "actors/node/lying_worker.hpp"
#include "actors/node/memory.hpp"
#include "actors/router.hpp"
#include "actors/selector.hpp"
#include "actors/signature_cache.hpp"
#include "actors/user.hpp"
#include "actors/validator.hpp"

#include "protocol/consensus/threshold_coin.hpp"

#include <caf/scoped_actor.hpp>

#include <filesystem>

namespace datagen {

using namespace protocol;

namespace {

constexpr std::uint8_t heavy_chain_number = 0;
constexpr std::uint8_t fast_chain_number = 1;

consensus::engine_params engine_of(const engine_pacing& pacing, std::size_t authors,
                                   std::uint64_t min_round_ms) {
  consensus::engine_params x;
  x.wave = pacing.wave_rounds;
  x.leaders = leader_slots_for(pacing, static_cast<std::uint32_t>(authors));
  x.min_round_delay_ms = min_round_ms == 0 ? pacing.min_round_delay_ms : min_round_ms;
  x.wait_all_ms = std::max(pacing.wait_all_ms, x.min_round_delay_ms);
  x.idle_ms = std::max(pacing.idle_ms, x.min_round_delay_ms);
  x.gc_depth = pacing.gc_depth_rounds;
  return x;
}

}  // namespace

cluster::cluster(caf::actor_system& system, std::shared_ptr<local_transport> net,
                 cluster_config config)
    : system_(system), net_(std::move(net)), config_(std::move(config)) {
  context_ = {.net = net_,
              .chain = std::make_shared<const genesis>(config_.chain),
              .signatures = std::make_shared<signature_cache>(),
              .coins = std::make_shared<coin_cache>(),
              .entropy = config_.entropy,
              .stages = config_.stages};
}

cluster::~cluster() { stop(); }

template <class Handle>
Handle cluster::keep(Handle handle) {
  roles_.push_back(caf::actor_cast<caf::actor>(handle));
  return handle;
}

template <class Handle>
void cluster::attach(role kind, std::uint32_t index, const Handle& handle) {
  net_->attach({kind, index}, handle);
}

std::shared_ptr<storage::store> cluster::open(const std::string& file, std::string& why) {
  storage::store_config config{.path = ":memory:",
                               .totals = std::make_shared<storage::store_totals>()};
  totals_[file] = config.totals;
  if (!config_.data_dir.empty())
    config.path = (std::filesystem::path{config_.data_dir} / (file + ".db")).string();
  auto opened = storage::store::open(config);
  if (!opened) {
    why = opened.error().sentence;
    return nullptr;
  }
  return std::make_shared<storage::store>(std::move(*opened));
}

archive_actor cluster::spawn_archive(std::shared_ptr<storage::store> store) {
  auto handle = config_.threads ? system_.spawn<caf::detached>(archive, std::move(store))
                                : system_.spawn(archive, std::move(store));
  owners_.push_back(caf::actor_cast<caf::actor>(handle));
  return handle;
}

std::string cluster::start() {
  kernels_ = std::make_shared<const kernels::registry>(kernels::registry::load());
  if (!kernels_->ok())
    return kernels_->error();
  for (std::uint32_t i = 0; i < config_.kernel_workers; ++i) {
    workers_.push_back(config_.threads
                         ? system_.spawn<caf::detached>(kernel_worker, kernels_, config_.kernel_threads)
                         : system_.spawn(kernel_worker, kernels_, config_.kernel_threads));
    owners_.push_back(caf::actor_cast<caf::actor>(workers_.back()));
  }
  for (std::uint32_t i = 0; i < config_.author_keys.size(); ++i)
    if (auto why = start_author(i); !why.empty())
      return why;
  for (std::uint32_t i = 0; i < config_.validator_keys.size(); ++i)
    if (auto why = start_validator(i); !why.empty())
      return why;
  for (const auto& edge : routers())
    attach(role::router, edge.index, keep(system_.spawn(router, router_config{edge, context_})));
  std::string why;
  const auto store = open("gateway", why);
  if (!store)
    return why;
  if (config_.read_gateway_store)
    if (why = config_.read_gateway_store(*store); !why.empty())
      return why;
  gateway_archive_ = spawn_archive(store);
  return {};
}

std::string cluster::start_author(std::uint32_t index) {
  std::string why;
  const auto store = open("heavy-" + std::to_string(index), why);
  if (!store)
    return why;
  const auto members = heavy_committee(*context_.chain);
  const auto coin = std::make_shared<consensus::threshold_coin>(
    members, context_.coins, config_.heavy_coin_secrets.at(index), config_.entropy());
  auto machine =
    std::make_shared<ledger::ledger_machine>(*context_.chain, *context_.signatures, coin);
  const peer self{role::heavy_author, index};
  const auto service = std::make_shared<heavy_service>(self, context_, machine);
  auto memory =
    load_author(*store, heavy_chain_number, *service, context_.chain->params.heavy.gc_depth_rounds);
  if (!memory)
    return memory.error().sentence;
  block_author_config config{
    .self = self,
    .context = context_,
    .key = config_.author_keys[index],
    .members = members,
    .engine = engine_of(context_.chain->params.heavy, members.size(), config_.min_round_ms),
    .coin = coin,
    .service = service,
    .archive = spawn_archive(store),
    .memory = std::make_shared<author_memory>(std::move(*memory))};
  attach(self.kind, index, keep(system_.spawn(block_author, std::move(config))));
  const peer selecting{role::selector, index};
  attach(role::selector, index,
         keep(system_.spawn(selector, selector_config{.self = selecting, .context = context_})));
  return {};
}

std::string cluster::start_validator(std::uint32_t index) {
  std::string why;
  const auto store = open("validator-" + std::to_string(index), why);
  if (!store)
    return why;
  auto machine = std::make_shared<fast::fast_machine>(*context_.chain, *context_.signatures);
  const peer self{role::fast_author, index};
  const auto service = std::make_shared<fast_service>(self, context_, machine);
  auto memory =
    load_author(*store, fast_chain_number, *service, context_.chain->params.fast.gc_depth_rounds);
  if (!memory)
    return memory.error().sentence;
  auto promises = load_promises(*store);
  if (!promises)
    return promises.error().sentence;
  const auto archive = spawn_archive(store);
  const auto& key = config_.validator_keys[index];
  const auto members = fast_committee(*context_.chain);
  block_author_config author{
    .self = self,
    .context = context_,
    .key = key,
    .members = members,
    .engine = engine_of(context_.chain->params.fast, members.size(), config_.min_round_ms),
    .coin = std::make_shared<consensus::threshold_coin>(
      members, context_.coins, config_.fast_coin_secrets.at(index), config_.entropy()),
    .service = service,
    .archive = archive,
    .memory = std::make_shared<author_memory>(std::move(*memory))};
  attach(self.kind, index, keep(system_.spawn(block_author, std::move(author))));
  auto worker = workers_[index % workers_.size()];
  if (config_.liars.count(index) != 0) {
    worker = system_.spawn(lying_worker, worker);
    owners_.push_back(caf::actor_cast<caf::actor>(worker));
  }
  attach(role::validator, index,
         keep(system_.spawn(validator, validator_config{.self = {role::validator, index},
                                                        .context = context_,
                                                        .key = key,
                                                        .worker = worker,
                                                        .archive = archive,
                                                        .stored = std::move(*promises)})));
  attach(role::cross_checker, index,
         keep(system_.spawn(cross_checker,
                            cross_checker_config{.self = {role::cross_checker, index},
                                                 .context = context_,
                                                 .key = key,
                                                 .worker = workers_[index % workers_.size()],
                                                 .routers = routers()})));
  return {};
}

std::vector<peer> cluster::routers() const {
  std::vector<peer> result;
  for (std::uint32_t i = 0; i < config_.routers; ++i)
    result.push_back({role::router, i});
  return result;
}

user_actor cluster::add_user(std::uint32_t index, const key_pair& key, std::uint64_t nonce,
                             std::uint32_t router_index) {
  const auto handle = keep(system_.spawn(
    user, user_config{.self = {role::user, index},
                      .context = context_,
                      .key = key,
                      .router = {role::router, router_index},
                      .worker = workers_[index % workers_.size()],
                      .nonce = nonce}));
  attach(role::user, index, handle);
  return handle;
}

void cluster::stop() {
  if (roles_.empty() && owners_.empty())
    return;
  const auto end = [&](std::vector<caf::actor>& handles) {
    for (const auto& handle : handles)
      caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
    if (config_.threads) {
      caf::scoped_actor self{system_};
      self->wait_for(handles);
    }
    handles.clear();
  };
  end(roles_);
  workers_.clear();
  gateway_archive_ = archive_actor{};
  end(owners_);  // what they had gathered is written before the last reference to a store goes
  net_->close();
}

}  // namespace datagen
