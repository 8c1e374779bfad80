#pragma once
// A job whose receipt grows as the chains speak of it, in whatever epochs they are.

#include "tests/actors/gateway/epochs.hpp"

#include "protocol/fast/events.hpp"

namespace gateway_test {

/// A job in its checkpoint with two neighbours, and what the chains say of it.
struct story {
  world& w;
  ticket order = ticket_for(*w.origin, 1, world::view_of("some input"));
  std::string id = to_hex(job_id_of(order));
  ledger::tx::checkpoint_content content{
    .sequence = 1, .fast_height = 2, .timestamp_ms = start_ms, .leaves = 3};
  v1::block_news checkpoint_block;
  heavy_line heavy{w};
  std::uint32_t fast_epoch = 0;  ///< Whose blocks these are.

  explicit story(world& net) : w(net) {}

  void submit() {
    const std::string input = "some input";
    w.write("PUT", "/v1/inputs/" + to_hex(order.input), input);
    REQUIRE(got(w.write("POST", "/v1/jobs", w.job_body(order))).status == 202);
  }
  leaf own_leaf() const {
    const result_header result{order.kernel, order.parameters,
                               order.input,  exit_status::ok,
                               10,           result_root(world::view_of("some input"))};
    return make_leaf(order, 10,
                     commitment_of(hash("salt", order.sequence), job_id_of(order), 0,
                                   order.validator, digest_of(result)));
  }
  void order_leaves(std::uint32_t first_index = 0) {
    std::vector<digest> hashes;
    v1::block_news one{
      .height = 1, .epoch = fast_epoch, .block = hash("fast", 1), .timestamp_ms = start_ms + 1};
    for (std::uint32_t i = 0; i < 3; ++i) {
      leaf x = own_leaf();
      if (i != 1)
        x.job = hash("neighbour", i);
      hashes.push_back(leaf_hash(x));
      if (i >= first_index)
        one.events.push_back(encode(fast::event{fast::happened::leaf_ordered{x, true, 1, 1, i}}));
    }
    content.leaf_root = merkle_root(hashes);
    const std::vector<digest> sections{merkle_leaf(digest_of(content).view()), hash("other")};
    v1::block_news two{.height = 2,
                       .epoch = fast_epoch,
                       .block = hash("fast", 2),
                       .timestamp_ms = start_ms + 2,
                       .state_root = merkle_root(sections),
                       .sections = 2,
                       .path = merkle_path(sections, 0)};
    two.events.push_back(encode(fast::event{fast::happened::checkpoint_made{content}}));
    w.say({role::fast_author, 0}, one);
    w.say({role::fast_author, 0}, two);
    checkpoint_block = two;
  }
  void certify_checkpoint() {
    const auto members = members_of(*w.origin, false, fast_epoch);
    w.say({role::fast_author, 0}, v1::block_certified{certified_by(
                                    false, {members.chain, fast_epoch, 2, checkpoint_block.block,
                                            checkpoint_block.state_root, digest_of(members)})});
  }
  void settle() { heavy.say({happened::checkpoint_settled{content}}); }
  void audit() {
    heavy.say({happened::audit_settled{job_id_of(order), 0, {0}, "pass", "h1", {}, true}});
  }
  portable_report report(world& where, const trusted_checkpoint* anchor = nullptr) const {
    const auto paper = got(where.get("/v1/jobs/" + id + "/receipt"));
    REQUIRE(paper.status == 200);
    const auto receipt = decode_portable(world::view_of(paper.body));
    REQUIRE(receipt);
    auto result = check_portable(*where.origin, *receipt, signature_checker{}, anchor);
    CHECK_MESSAGE(result.code == portable_check::ok, result.reason);
    return result;
  }
};

}  // namespace gateway_test
