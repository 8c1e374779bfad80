#pragma once
// Everything that was ever signed, as one DAG nobody inside the simulation can see: the place where
// statements about all possible views are checked, and what an omniscient adversary looks at.

#include "tests/simulation/options.hpp"

#include "protocol/consensus/committer.hpp"

#include <random>
#include <unordered_set>

namespace datagen::simulation {

class world {
public:
  world(std::size_t authors, const engine_params& params)
      : params_(without_collection(params)), graph_(authors, params_) {}

  /// Adds a valid vertex whose ancestors are here. @returns the rule of S6 it breaks, or "".
  std::string add(const vertex_ptr& v);
  bool knows(const digest& id) const { return known_.contains(id); }
  const dag& graph() const { return graph_; }
  std::size_t twins() const { return twins_; }
  /// Every vertex, in an order that respects ancestry but is otherwise drawn from `random`.
  std::vector<vertex_ptr> shuffled(std::mt19937_64& random) const;

private:
  static engine_params without_collection(engine_params p) {
    p.gc_depth = 1'000'000;
    return p;
  }
  struct slot_evidence {
    std::set<author_index> blamers;
    std::set<vertex_ref> certified;
  };
  std::string judge(const node& v);
  std::string judge(const slot_evidence& slot) const;

  engine_params params_;
  dag graph_;
  std::unordered_set<digest> known_;
  std::vector<vertex_ptr> all_;
  std::map<std::pair<round_number, author_index>, slot_evidence> slots_;
  std::size_t twins_ = 0;
};

}  // namespace datagen::simulation
