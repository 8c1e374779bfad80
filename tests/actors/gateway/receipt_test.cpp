// How a portable receipt grows: promised, ordered, settled, audited, and all of it after a restart.

#include "tests/actors/gateway/disk.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/fast/events.hpp"
#include "protocol/receipt/portable.hpp"

using namespace gateway_test;

namespace {

template <class Keys>
consensus::certificate signed_by_all(const consensus::finality_statement& x, Keys key) {
  consensus::certificate result{x, {}};
  for (std::uint16_t i = 0; i < 2; ++i)
    result.signatures.emplace_back(i, sign(key(i), consensus::signing_bytes(x)));
  return result;
}

/// A job in its checkpoint with two neighbours, and what the chains say of it.
struct story {
  world& w;
  ticket order = ticket_for(*w.origin, 1, world::view_of("some input"));
  std::string id = to_hex(job_id_of(order));
  ledger::tx::checkpoint_content content{
    .sequence = 1, .fast_height = 2, .timestamp_ms = start_ms, .leaves = 3};
  v1::block_news checkpoint_block;
  digest feed = ledger::extend_feed({}, w.first.events);

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
    v1::block_news one{.height = 1, .block = hash("fast", 1), .timestamp_ms = start_ms + 1};
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
    const auto committee = fast_committee(*w.origin);
    w.say({role::fast_author, 0},
          v1::block_certified{signed_by_all(
            {committee.chain, 0, 2, checkpoint_block.block, checkpoint_block.state_root,
             consensus::committee_digest(committee.authors)},
            [](std::uint32_t i) { return key_of("validator", i); })});
  }
  void say_on_heavy(std::uint64_t height, ledger::event what) {
    const ledger::block_events block{.height = height, .live_ms = 100 * height, .events = {what}};
    feed = ledger::extend_feed(feed, block);
    v1::block_news news{.height = height,
                        .block = hash("block", height),
                        .timestamp_ms = start_ms + 100 * height,
                        .state_root = merkle_leaf(feed.view())};
    news.events.push_back(encode(what));
    w.say({role::heavy_author, 0}, news);
    const auto proof =
      signed_by_all({heavy_chain_id(*w.origin), 0, height, news.block, news.state_root,
                     consensus::committee_digest(w.origin->heavy_authors)},
                    [](std::uint32_t i) { return key_of("author", i); });
    w.say({role::heavy_author, 0}, v1::heavy_news{{{block}, proof, 1, {}}});
  }
  void settle() { say_on_heavy(2, happened::checkpoint_settled{content}); }
  void audit() {
    say_on_heavy(3, happened::audit_settled{job_id_of(order), 0, {0}, "pass", "h1", {}, true});
  }
  portable_report report(world& where) const {
    const auto paper = got(where.get("/v1/jobs/" + id + "/receipt"));
    REQUIRE(paper.status == 200);
    const auto receipt = decode_portable(world::view_of(paper.body));
    REQUIRE(receipt);
    auto result = check_portable(*where.origin, *receipt, signature_checker{});
    CHECK_MESSAGE(result.code == portable_check::ok, result.reason);
    return result;
  }
};

}  // namespace

TEST_CASE("receipt: it proves one stage more with every word of the chains") {
  world w;
  w.begin();
  story x{w};
  x.submit();
  CHECK(x.report(w).stage == portable_stage::promised);
  x.order_leaves();
  x.certify_checkpoint();
  CHECK(x.report(w).stage == portable_stage::ordered);
  x.settle();
  CHECK(x.report(w).stage == portable_stage::settled);
  CHECK_FALSE(x.report(w).audit);
  x.audit();
  REQUIRE(x.report(w).audit);
  CHECK(x.report(w).audit->outcome == "pass");
}

TEST_CASE("receipt: Heavy may be heard before Fast's certificate") {
  world w;
  w.begin();
  story x{w};
  x.submit();
  w.net->pause(role::fast_author);
  x.order_leaves();
  x.certify_checkpoint();
  x.settle();
  CHECK(x.report(w).stage == portable_stage::promised);
  w.net->resume(role::fast_author);
  w.settle();
  CHECK(x.report(w).stage == portable_stage::settled);
}

TEST_CASE("receipt: a checkpoint whose first leaves were not heard is not proven") {
  world w;
  w.begin();
  story x{w};
  x.submit();
  x.order_leaves(1);
  x.certify_checkpoint();
  x.settle();
  CHECK(x.report(w).stage == portable_stage::promised);
}

TEST_CASE("receipt: what it proves and the job's story survive a restart") {
  temporary_disk disk;
  {
    stored_world before{disk, 100};
    before.w.begin();
    story x{before.w};
    x.submit();
    x.order_leaves();
    x.certify_checkpoint();
    x.settle();
    x.audit();
    before.w.pass(1'500);
  }
  stored_world after{disk, 100};
  story x{after.w};
  after.w.say({role::heavy_author, 0}, v1::heavy_news{after.w.first.certified});
  const auto report = x.report(after.w);
  CHECK(report.stage == portable_stage::settled);
  REQUIRE(report.audit);
  const auto job = json_of(got(after.w.get("/v1/jobs/" + x.id)));
  CHECK(job.at("state").as_string() == "audited");
}

TEST_CASE("receipt: a restart between a leaf's block and its certificate loses no place") {
  temporary_disk disk;
  v1::block_news block;
  {
    stored_world before{disk, 100};
    before.w.begin();
    story x{before.w};
    x.submit();
    x.order_leaves();
    before.w.pass(1'500);
    block = x.checkpoint_block;
  }
  stored_world after{disk, 100};
  story x{after.w};
  x.checkpoint_block = block;
  x.certify_checkpoint();
  CHECK(x.report(after.w).stage == portable_stage::ordered);
}
