#pragma once
// The invariants S1 to S12 of consensus.md 4.2, judged as things happen. The first one that breaks
// is remembered in words; nothing is decided here.

#include "tests/simulation/world.hpp"

#include "protocol/consensus/core.hpp"

namespace datagen::simulation {

/// A beacon as a state machine sees it: in which block its q-th share came, and what it is (3.4).
struct beacon_record {
  commit_index complete_at = 0;
  digest value{};
  friend bool operator==(const beacon_record&, const beacon_record&) = default;
};

class judge {
public:
  judge(const simulation_options& options, const committee& members, const world& everything)
      : options_(options), members_(members), world_(everything) {}

  bool correct(author_index a) const;
  void fail(const std::string& rule);
  void require(bool condition, const char* rule) {
    if (!condition)
      fail(rule);
  }
  const std::string& broken() const { return broken_; }

  /// What one member remembers of itself for the judge; survives its crashes.
  struct dossier {
    author_index author = 0;
    std::unordered_set<digest> durable;   ///< Digests of the vertices it has stored.
    std::map<round_number, digest> sent;  ///< Own vertices a peer may have seen.
    round_number own_round = 0;           ///< Of the last durable own vertex.
    round_number judged_round = 0;        ///< Slots up to here were compared with the others'.
    bool observer = false;                ///< Its store was lost: it must not propose (2.12).
    commit_index output = 0;              ///< Height output since the last start.
    std::vector<commit> blocks;           ///< The log; survives crashes.
    std::set<std::uint64_t> shares_due;   ///< Beacons it may give a share of.
  };
  void proposed(dossier& d, const effect::persist& e, const core_status& s);
  void sent(dossier& d, const sealed_vertex& v);
  void output(dossier& d, const effect::output& e, std::uint64_t now_ms);
  void executed(const dossier& d, commit_index index, const digest& state_root);
  void beacon(const dossier& d, std::uint64_t height, const beacon_record& found);
  void evidence(const effect::evidence& e);
  void alarmed(const dossier& d, const effect::alarm& e);
  /// After every event.
  void look(dossier& d, const core_status& s);
  /// S7: the whole world, in another order, decides what was decided.
  void replay(const std::vector<vertex_ptr>& order, const elector& coins);

  const std::vector<commit>& chain() const { return chain_; }
  const std::map<std::uint64_t, beacon_record>& beacons() const { return beacons_; }
  std::size_t evidence_found() const { return evidence_; }
  /// Transactions in blocks of the chain, up to the last one of the epoch.
  const std::set<bytes>& committed() const { return committed_transactions_; }

private:
  void extend(const effect::output& e, std::uint64_t now_ms);
  void check_time(const commit& block, std::uint64_t now_ms);
  bool clock_is_right(author_index a) const {
    return correct(a) && !options_.clock_skew_ms.contains(a);
  }
  round_number floor_before(commit_index index) const;

  const simulation_options& options_;
  const committee& members_;
  const world& world_;
  std::string broken_;
  std::vector<commit> chain_;  ///< What the first correct member to get there has output.
  std::set<vertex_ref> committed_;
  std::set<bytes> committed_transactions_;
  std::map<round_number, std::vector<vertex_ref>> decided_;  ///< Committed leaders per round.
  std::map<commit_index, digest> roots_;
  std::map<std::uint64_t, beacon_record> beacons_;
  std::size_t evidence_ = 0;
};

/// The wall clock of a correct member: a little off, never wrong.
inline std::uint64_t unix_of(std::uint64_t now_ms, author_index a) {
  return 10'000'000 + now_ms + 7 * a;
}

}  // namespace datagen::simulation
