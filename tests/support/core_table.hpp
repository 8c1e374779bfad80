#pragma once
// One engine of four, the other three played by the test.

#include "protocol/consensus/core.hpp"
#include "tests/support/mock_coin.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace datagen::test_support {

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

struct core_table {
  std::vector<key_pair> keys;
  committee members;
  engine_params params = fast_params(4);
  std::unique_ptr<core> engine;  ///< Author 0.
  std::uint64_t now = 1000;
  std::vector<any_effect> last;

  core_table() {
    for (std::uint8_t i = 1; i <= 4; ++i) {
      secret_key secret;
      secret.value.fill(i);
      keys.push_back(key_pair::from_secret(secret));
      members.authors.push_back(keys.back().identity);
    }
    boot();
  }
  void boot() {
    engine = std::make_unique<core>(
      core_config{members, params, 0, keys[0], std::make_shared<mock_coin>()});
  }
  std::vector<any_effect>& tell(const any_event& e) {
    return last = engine->handle(e, {now, 5000 + now});
  }
  template <class Effect>
  std::vector<Effect> all() const {
    std::vector<Effect> result;
    for (const auto& e : last)
      if (const auto* found = std::get_if<Effect>(&e))
        result.push_back(*found);
    return result;
  }
  template <class Effect>
  std::optional<Effect> one() const {
    const auto found = all<Effect>();
    return found.size() == 1 ? std::optional{found[0]} : std::nullopt;
  }
  vertex_ptr make(author_index author, round_number round, std::vector<vertex_ref> links,
                  std::vector<bytes> transactions = {}) const {
    vertex v;
    v.round = round;
    v.author = author;
    v.ancestors = std::move(links);
    v.transactions = std::move(transactions);
    return sign_vertex(std::move(v), keys[author]);
  }
  std::vector<vertex_ref> genesis(author_index first) const {
    auto refs = genesis_refs(members);
    std::swap(refs[0], refs[first]);
    return refs;
  }
  void receive(const vertex_ptr& v) { tell(event::vertices_verified{v->ref.author, {v}}); }
  /// Makes the pending own vertex durable; @returns it.
  vertex_ptr persist(const effect::persist& record) {
    tell(event::persisted{record.sequence});
    return record.own;
  }
  /// Rounds 1 to `rounds` of everyone; the engine's own included. `look` is called after each
  /// event.
  /// @returns the last round's refs.
  std::vector<vertex_ref> play(
    round_number rounds, const std::function<void()>& look = [] {}) {
    tell(event::start{});
    look();
    std::vector<vertex_ref> below = genesis_refs(members);
    for (round_number round = 1; round <= rounds; ++round) {
      if (round > 1) {
        now += 100'000;
        tell(event::tick{});
        look();
      }
      const auto record = one<effect::persist>();
      REQUIRE(record);
      std::vector<vertex_ref> here{persist(*record)->ref};
      look();
      for (author_index a = 1; a < 4; ++a) {
        auto links = below;
        std::swap(links[0], links[a]);
        const auto v = make(a, round, links);
        here.push_back(v->ref);
        receive(v);
        look();
      }
      below = here;
    }
    return below;
  }
};

/// Plays `rounds` rounds in which every own vertex carries one transaction, its round.
inline void play_with_payload(core_table& t, round_number rounds) {
  t.tell(event::transactions_waiting{});
  t.tell(event::start{});
  auto below = genesis_refs(t.members);
  for (round_number round = 1; round <= rounds; ++round) {
    if (round > 1) {
      t.now += 1000;
      t.tell(event::transactions_waiting{});
    }
    REQUIRE(t.one<effect::want_payload>());
    t.tell(event::payload{{bytes{static_cast<std::uint8_t>(round)}}, false});
    REQUIRE(t.one<effect::persist>());
    std::vector<vertex_ref> here{t.persist(*t.one<effect::persist>())->ref};
    for (author_index a = 1; a < 4; ++a) {
      auto links = below;
      std::swap(links[0], links[a]);
      here.push_back(t.make(a, round, links)->ref);
      t.receive(t.make(a, round, links));
    }
    below = here;
  }
}

inline std::vector<bytes> given_back(const core_table& t) {
  std::vector<bytes> result;
  for (const auto& e : t.all<effect::requeue>())
    result.insert(result.end(), e.transactions.begin(), e.transactions.end());
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace datagen::test_support
