// Who signs two vertices for one round is brought before Heavy by whoever sees it
// (consensus.md 2.11).

#include "tests/actors/chain/support.hpp"

#include "protocol/consensus/vertex.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

TEST_CASE(
  "evidence: two vertices of one author for one round cost it its stake, once, although every "
  "author "
  "brings the proof") {
  virtual_cluster net{{.validators = 4}};
  heavy_log log{net, 96};  // hears author 0
  net.drop(role::heavy_author, 3);
  const auto members = heavy_committee(net.net_cluster->chain());
  const auto genesis = consensus::genesis_refs(members);
  for (const std::uint64_t time : {1, 2}) {
    consensus::vertex v{.chain = members.chain, .round = 1, .author = 3, .timestamp_ms = time};
    v.ancestors = {genesis[3], genesis[0], genesis[1], genesis[2]};
    const auto twin =
      consensus::sign_vertex(std::move(v), development_key(development_kind::author, 3));
    for (std::uint32_t to = 0; to < 3; ++to)
      net.net->send(peer{role::heavy_author, 3}, {role::heavy_author, to},
                    v1::vertex_gossip{blob{encode_vertex(*twin)}});
  }
  net.sim.run_for(15'000);
  CHECK(log.count<happened::author_slashed>() == 1);
  log.each<happened::author_slashed>([](const auto& x) { CHECK(x.author == author_id{3}); });
}
