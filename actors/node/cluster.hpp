#pragma once
// The roles that live in one process, every component real: the whole network in `datagen up`, with
// threads and disks, and in tests, with one thread and virtual time; one host's share in `datagen
// node`.

#include "actors/adversary/bent_wire.hpp"
#include "actors/adversary/bent_worker.hpp"
#include "actors/adversary/twins.hpp"
#include "actors/block_author.hpp"
#include "actors/kernel_worker.hpp"
#include "actors/local_transport.hpp"
#include "actors/node/places.hpp"
#include "actors/storage/store.hpp"

namespace datagen {

/// The identities that live in one process, by their ids, with their secrets.
struct hosted_identities {
  std::map<std::uint32_t, protocol::key_pair> authors;  ///< Candidates of the Heavy Chain.
  std::map<std::uint32_t, protocol::key_pair> validators;
  std::map<std::uint32_t, protocol::coin_scalar> heavy_coin;  ///< Shares of the first coins.
  std::map<std::uint32_t, protocol::coin_scalar> fast_coin;
  std::set<std::uint32_t> routers;
  bool gateway = false;  ///< Whoever spawns it needs its archive.
};

struct cluster_config {
  protocol::genesis chain;
  hosted_identities hosted;
  std::string data_dir;                   ///< Empty: databases in memory.
  bool threads = true;                    ///< False under the deterministic scheduler.
  std::uint32_t routers = 1;              ///< Of the network: whom checkers may ask for inputs.
  /// Under the deterministic scheduler, where a disk takes no time: what a commit takes there.
  std::chrono::microseconds commit_takes{0};
  std::shared_ptr<const kernels::registry> kernels;  ///< Null: loaded at the start.
  std::uint32_t kernel_lanes = 2;         ///< Jobs at a time on each device of this host.
  std::uint32_t kernel_threads = 0;       ///< Of one job; 0 = one per processor.
  std::uint32_t kernel_batch = 64;        ///< Small jobs that a lane takes at once; 1 = one by one.
  std::vector<far_lane_config> lenders;   ///< Kernel workers on other hosts; `system` has inside links.
  /// What parties do otherwise than their roles: validators, Heavy authors, routers and users by
  /// their address. Refused unless the chain is a development chain.
  std::map<peer, std::vector<behaviour>> conduct;
  /// In place of Ed25519 and of P-256, for a simulation whose key pairs sign otherwise; null: real.
  /// Refused unless the chain is a development chain. No file, flag or message comes here.
  std::shared_ptr<const protocol::signature_checker> signatures;
  std::shared_ptr<const protocol::coin_checker> coins;
  std::size_t kept_blocks = kept_blocks_default;  ///< Each author holds in memory, of its chain.
  std::uint64_t min_round_ms = 0;         ///< Of both chains; 0 = as the parameters say.
  std::uint32_t pace = 1;                 ///< As in `local_transport`: idle chains keep up with the calendar.
  std::function<protocol::digest()> entropy;
  std::shared_ptr<stage_watch> stages;    ///< Told how far each job is; may be null.
  /// Sees the gateway's database before its archive takes it over; a sentence stops the start.
  std::function<std::string(storage::store&)> read_gateway_store;
  /// Told that a database takes no more writes: its name in `totals`, and why. Its roles sign nothing
  /// more; whoever runs the host ends it. From any thread; may be unset.
  std::function<void(const std::string&, const std::string&)> database_died;
  std::string vfs;  ///< As in `storage::store_config`.
};

/// Wires the roles. Handles are valid until `stop`.
class cluster {
public:
  /// @param net must outlive the cluster; `where` is filled with the roles' points by the caller.
  cluster(caf::actor_system& system, std::shared_ptr<local_transport> net, cluster_config config);
  ~cluster();
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;

  /// Opens databases, restores, spawns. @returns an empty string, or a sentence why not.
  std::string start();
  /// Ends all roles; returns when their databases are closed.
  void stop();
  /// Opens, restores and runs one more identity: an author by its id among Heavy's candidates, a
  /// validator by its id. @returns an empty string, or a sentence why not.
  std::string host_author(std::uint32_t index, const protocol::key_pair& key);
  std::string host_validator(std::uint32_t index, const protocol::key_pair& key);
  /// Ends the identity of `kind` heavy_author or validator; it may be hosted again.
  void drop(role kind, std::uint32_t index);

  /// A user of the network with its own key, attached as {user, index}.
  user_actor add_user(std::uint32_t index, const protocol::key_pair& key, std::uint64_t nonce = 0,
                      std::uint32_t router_index = 0, bool offers_canaries = false);
  const role_context& context() const { return context_; }
  const kernels::registry& kernels() const { return *kernels_; }
  /// What the kernel worker counts; never null.
  std::shared_ptr<const kernel_counts> kernel_work() const { return kernel_counts_; }
  const protocol::genesis& chain() const { return *context_.chain; }
  std::vector<peer> routers() const;  ///< Of the network.
  archive_actor gateway_archive() const { return gateway_archive_; }
  /// What the author `self` that is hosted here does for its chain; null where there is none.
  std::shared_ptr<const chain_service> service_of(const peer& self) const;
  /// What each database has written, by file name without ".db"; they count on until `stop`.
  const std::map<std::string, std::shared_ptr<storage::store_totals>>& totals() const {
    return totals_;
  }

private:
  /// Actors that come and go together.
  struct identity {
    std::vector<caf::actor> roles;   ///< Ended first; then their owners of disks and devices.
    std::vector<caf::actor> owners;
    std::vector<peer> addresses;
    std::shared_ptr<const chain_service> service;  ///< Of the first copy.
    std::shared_ptr<twins> both;  ///< Where it runs twice.
  };
  /// One of the copies of an identity; there are two of twins, else one.
  struct copy {
    std::size_t number = 0;
    std::shared_ptr<twins> of;
    std::string file(std::string name) const { return number == 0 ? name : name + "-twin"; }
  };

  std::string open_gateway_archive();
  std::shared_ptr<storage::store> open(const std::string& file, std::string& why);
  block_author_config author_config(const peer& self, const role_context& context,
                                    const protocol::key_pair& key) const;
  /// The network as `party` sees it, which is bent where its conduct is.
  role_context context_of(const peer& party, const protocol::key_pair& key,
                           const copy& which) const;
  bool runs_twice(const peer& party) const;
  bool keeps_shares(const peer& author) const;
  std::string host(role kind, std::uint32_t index, const protocol::key_pair& key);
  std::string host_author(std::uint32_t index, const protocol::key_pair& key, const copy& which);
  std::string host_validator(std::uint32_t index, const protocol::key_pair& key, const copy& which);
  kernel_worker_actor worker_of(identity& of, std::uint32_t validator, bool checks);
  archive_actor spawn_archive(identity& of, std::shared_ptr<storage::store> store);
  void hold(identity& of, const peer& address, const caf::actor& handle, const copy& which);
  template <class Handle>
  Handle keep(identity& of, const peer& address, Handle handle, const copy& which) {
    hold(of, address, caf::actor_cast<caf::actor>(handle), which);
    return handle;
  }
  void end(std::vector<caf::actor>& handles);

  caf::actor_system& system_;
  std::shared_ptr<local_transport> net_;
  cluster_config config_;
  role_context context_;
  std::shared_ptr<const kernels::registry> kernels_;
  std::shared_ptr<kernel_counts> kernel_counts_ = std::make_shared<kernel_counts>();
  kernel_worker_actor worker_;  ///< Of all roles here: they share the devices.
  std::shared_ptr<told_lies> lies_ = std::make_shared<told_lies>();
  std::map<std::pair<role, std::uint32_t>, identity> identities_;
  identity shared_;  ///< Routers, users, kernels, the gateway's archive.
  archive_actor gateway_archive_;
  std::map<std::string, std::shared_ptr<storage::store_totals>> totals_;
};

}  // namespace datagen
