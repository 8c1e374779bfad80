#pragma once
// Block authors of a committee file, each with its own database: one in its own process, or several
// in one.

#include "tools/bench/authors/committee_file.hpp"

#include "actors/block_author.hpp"
#include "actors/storage/store.hpp"

namespace datagen::bench {

/// What all authors of a process share.
struct author_setup {
  chain_kind chain = chain_kind::ledger;
  role_context context;
  protocol::consensus::committee members;
  protocol::consensus::engine_params engine;
  std::vector<protocol::coin_scalar> coin_secrets;  ///< By author; publicly known ones.
};
/// Signatures and coin shares are verified once per process. @pre `x.coin` names a back end
author_setup set_up(const committee_file& x, std::shared_ptr<transport> net);
/// From here on `x` knows nothing that others have verified. @pre `coin` names a back end
void forget_the_others(author_setup& x, const std::string& coin);
/// The genesis of `x`: development accounts hold money.
protocol::genesis genesis_of(const committee_file& x);

class author_node {
public:
  /// @param database its file, or ":memory:"
  author_node(caf::actor_system& system, std::shared_ptr<local_transport> net,
              const author_setup& setup, std::uint32_t index, std::string database);
  ~author_node() { stop(); }

  /// Restores, spawns, attaches. @returns an empty string, or a sentence why not
  std::string start();
  /// Returns when the database is closed.
  void stop();
  const storage::store_totals& totals() const { return *totals_; }

private:
  std::shared_ptr<chain_service> make_service() const;

  caf::actor_system& system_;
  std::shared_ptr<local_transport> net_;
  author_setup setup_;
  peer self_;
  std::string database_;
  std::shared_ptr<storage::store_totals> totals_ = std::make_shared<storage::store_totals>();
  block_author_actor author_;
  archive_actor archive_;
};

}  // namespace datagen::bench
