// Who signs two vertices for one round is brought before Heavy by whoever sees it
// (consensus.md 2.11).

#include "tests/actors/chain/support.hpp"

#include "protocol/consensus/vertex.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// Lets `author` of a committee say two things in round 1 to the first three of it.
void equivocate(virtual_cluster& net, const consensus::committee& members, role kind,
                const key_pair& author) {
  const auto genesis = consensus::genesis_refs(members);
  for (const std::uint64_t time : {1, 2}) {
    consensus::vertex v{.chain = members.chain, .round = 1, .author = 3, .timestamp_ms = time};
    v.ancestors = {genesis[3], genesis[0], genesis[1], genesis[2]};
    const auto twin = consensus::sign_vertex(std::move(v), author);
    for (std::uint32_t to = 0; to < 3; ++to)
      net.net->send(peer{kind, 3}, {kind, to}, v1::vertex_gossip{blob{encode_vertex(*twin)}});
  }
}

}  // namespace

TEST_CASE(
  "evidence: two vertices of one author for one round cost it its stake, once, although every "
  "author "
  "brings the proof") {
  virtual_cluster net{{.validators = 4}};
  heavy_log log{net, 96};  // hears author 0
  net.drop(role::heavy_author, 3);
  equivocate(net, heavy_committee(net.net_cluster->chain()), role::heavy_author,
             development_key(development_kind::author, 3));
  net.sim.run_for(15'000);
  CHECK(log.count<happened::author_slashed>() == 1);
  log.each<happened::author_slashed>([](const auto& x) { CHECK(x.author == author_id{3}); });
}

TEST_CASE("evidence: who equivocates on the Fast Chain while Heavy cannot be reached pays afterwards") {
  virtual_cluster net{{.validators = 4}};
  heavy_log log{net, 96};
  net.drop(role::validator, 3);
  for (std::uint32_t i = 0; i < 4; ++i)
    net.net->cut({role::heavy_author, i});
  equivocate(net, fast_committee(net.net_cluster->chain()), role::fast_author,
             development_key(development_kind::validator, 3));
  net.sim.run_for(10'000);
  CHECK(log.count<happened::slashed>() == 0);
  for (std::uint32_t i = 0; i < 4; ++i)
    net.net->mend({role::heavy_author, i});
  net.sim.run_for(30'000);
  CHECK(log.count<happened::slashed>() == 1);
  log.each<happened::slashed>([](const auto& x) {
    CHECK(x.validator == validator_id{3});
    CHECK(x.reason == "twins");
  });
}
