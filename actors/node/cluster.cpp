#include "actors/node/cluster.hpp"

#include "actors/archive.hpp"
#include "actors/coin_cache.hpp"
#include "actors/router.hpp"
#include "actors/signature_cache.hpp"
#include "actors/user.hpp"

#include <caf/scoped_actor.hpp>

#include <filesystem>

namespace datagen {

using namespace protocol;

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

void cluster::hold(identity& of, const peer& address, const caf::actor& handle, const copy& which) {
  of.roles.push_back(handle);
  of.addresses.push_back(address);
  if (which.of)
    which.of->attach(which.number, address, handle);
  else
    net_->attach(address, handle);
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
                                     .batch = {.jobs_max = config_.kernel_batch},
                                     .own_threads = config_.threads,
                                     .lenders = config_.lenders,
                                     .counts = kernel_counts_};
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
    keep(shared_, edge, system_.spawn(router, router_config{edge, context_of(edge, {}, {})}), {});
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

bool cluster::runs_twice(const peer& party) const {
  const auto found = config_.conduct.find(party);
  return found != config_.conduct.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [](const behaviour& x) { return x.what == conduct::twin; });
}

role_context cluster::context_of(const peer& party, const key_pair& key, const copy& which) const {
  auto result = context_;
  if (which.of)
    result.net = which.of->side_of(which.number, result.net);
  if (const auto found = config_.conduct.find(party); found != config_.conduct.end())
    for (const auto& x : found->second)
      result.net = bend(system_, result.net, {party, key, heavy_chain_id(*context_.chain)}, x);
  return result;
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
                                              .context = context_of(self, key, {}),
                                              .key = key,
                                              .router = {role::router, router_index},
                                              .worker = worker_,
                                              .nonce = nonce,
                                              .offers_canaries = offers_canaries}),
              {});
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
