#pragma once
// Signs the money moves that a scenario's parties make, each with the next nonce of its account, and
// brings them to every Heavy author.

#include "tools/scenario/living_authors.hpp"

namespace datagen::scenario {

class teller {
public:
  using key_ring = std::function<protocol::key_pair(const party&)>;
  /// @param keys what each party signs with
  teller(deterministic_system& sim, const std::shared_ptr<local_transport>& net, const script& what,
         key_ring keys);
  ~teller();
  teller(const teller&) = delete;
  teller& operator=(const teller&) = delete;

  void act(const living_authors& heavy, const protocol::genesis& chain, const act::move_money& x);
  void act(const living_authors& heavy, const protocol::genesis& chain, const act::join& x);
  /// What Heavy refused, and why.
  const std::vector<std::string>& refused() const { return book_->refused; }

private:
  void send(const living_authors& heavy, const protocol::genesis& chain, const party& who,
            protocol::ledger::transaction_body body);

  std::shared_ptr<local_transport> net_;
  const script& script_;
  key_ring keys_;
  caf::actor ear_;
  struct book {
    std::map<party, std::uint64_t> nonces;       ///< Last used; none after a refusal.
    std::map<protocol::digest, party> signed_by;
    std::vector<std::string> refused;
  };
  std::shared_ptr<book> book_;
};

/// A party's key on a development chain.
protocol::key_pair key_of(const party& x);

}  // namespace datagen::scenario
