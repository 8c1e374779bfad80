// Results that did not come, for customers of the HTTP API (protocol.md section 2, step 9).

#include "tests/actors/gateway/story.hpp"

#include "protocol/job/delivery.hpp"
#include "protocol/job/placed_leaf.hpp"

using namespace gateway_test;

namespace {

/// A job whose leaf is settled, and the word of a Fast author about it.
struct missing {
  world w{true, false};
  story tale{w};
  leaf own = tale.own_leaf();
  std::vector<digest> hashes;

  missing() {
    w.begin();
    tale.submit();
    tale.order_leaves();
    for (std::uint32_t i = 0; i < 3; ++i) {
      auto x = own;
      if (i != 1)
        x.job = hash("neighbour", i);
      hashes.push_back(leaf_hash(x));
    }
  }
  void close_epoch() {
    tale.heavy.say({happened::checkpoint_settled{
      {.sequence = 2, .fast_height = 3, .timestamp_ms = start_ms, .closes = ledger::tx::closed_epoch{}}}});
  }
  world::answer ask(const std::string& attempt = "0") {
    return w.get("/v1/jobs/" + tale.id + "/delivery-claim", {{"attempt", attempt}});
  }
  v1::leaf_place place() const {
    receipt held{.order = sign_ticket(tale.order), .content = own};
    return {own.job, 0, 1, 1, merkle_path(hashes, 1), held};
  }
  http::response answer(const v1::leaf_place& x) {
    const auto asked = ask();
    w.say({role::fast_author, 0}, x);
    return got(asked);
  }
  std::string question(const key_pair& by, const box_public& to) const {
    const auto said =
      sign(by, result_query_statement(heavy_chain_id(*w.origin), own.job, 0, to));
    return R"({"attempt":"0","to":")" + to_hex(to) + R"(","user":")" + to_hex(said) + "\"}";
  }
};

}  // namespace

TEST_CASE("R15 deliveries: once its epoch is over the gateway says what Heavy is to be told of a job whose "
          "result never came, and before that why not yet") {
  missing x;
  CHECK(code_of(x.answer(x.place())) == "not_settled");
  x.tale.settle();
  CHECK(code_of(x.answer(x.place())) == "epoch_open");
  x.close_epoch();
  const auto said = x.answer(x.place());
  REQUIRE_MESSAGE(said.status == 200, said.body);
  const auto raw = from_hex(json_of(said).at("claim").as_string());
  const auto claim = decode<ledger::tx::not_delivered>(*raw);
  REQUIRE(claim);
  CHECK(claim->held == x.place().held);
  CHECK(claim->settled == x.tale.content);
  CHECK(find_placed(claim->settled.leaf_root, claim->held.content, claim->index, 3, claim->path) ==
        std::optional{true});

  auto nowhere = x.place();
  nowhere.path.front() = hash("elsewhere");
  CHECK(code_of(x.answer(nowhere)) == "timed_out");  // no word that holds: the next author is asked
  const auto asked = x.ask();
  x.w.say({role::user, 3}, x.place());  // not an author
  CHECK_FALSE(asked->has_value());
}

TEST_CASE("R15 deliveries: a leaf that is ordered without being payable is nobody's claim") {
  missing x;
  x.hashes[1] = placed_leaf(x.own, false);
  x.tale.content.leaf_root = merkle_root(x.hashes);
  x.tale.settle();
  CHECK(code_of(x.answer(x.place())) == "not_payable");
}

TEST_CASE("R15 deliveries: an author that says nothing is told to the client, and the next one is asked") {
  missing x;
  const auto asked = x.ask();
  x.w.pass(2'500);
  CHECK(got(asked).status == 504);
  x.w.say({role::fast_author, 0}, x.place());  // too late, for nobody
  CHECK(code_of(x.answer(x.place())) == "not_settled");
  CHECK(got(x.ask("256")).status == 400);
  CHECK(got(x.w.get("/v1/jobs/nonsense/delivery-claim")).status == 404);
}

TEST_CASE("R15 deliveries: what the committee's store holds comes as it is sealed to the user, and nobody "
          "else's question is passed on") {
  missing x;
  const auto key = box_key_pair::from_secret({hash("of the moment").value});
  const auto target = "/v1/jobs/" + x.tale.id + "/stored-result";
  CHECK(code_of(got(x.w.write("POST", target, x.question(key_of("user", 1), key.published)))) ==
        "bad_signature");
  CHECK(code_of(got(x.w.write("POST", target, R"({"attempt":"0","to":"00","user":"00"})"))) ==
        "malformed");
  const auto asked = x.w.write("POST", target, x.question(user, key.published));
  CHECK_FALSE(asked->has_value());
  const auto member = box_key_pair::from_secret({hash("member").value});
  stored_result stored{.held = *x.place().held, .output = {1, 2, 3}};
  stored.result.kernel = x.tale.order.kernel;
  x.w.say({role::fast_author, 0},
          v1::result_sealed{x.own.job, 0, member.published,
                            blob{*seal_result(member, key.published, stored)}});
  const auto body = got(asked).body;
  const auto raw = world::view_of(body);
  REQUIRE(raw.size() > box_public::size);
  box_public from;
  std::copy_n(raw.begin(), box_public::size, from.value.begin());
  const auto opened = open_result(key, from, raw.subspan(box_public::size));
  REQUIRE(opened);
  CHECK(opened->output == stored.output);
}

TEST_CASE("R15 deliveries: a job's timeline tells that its result was asked for, and what came of it") {
  for (const bool brought : {true, false}) {
    missing x;
    x.tale.settle();
    x.tale.heavy.say({happened::delivery_asked{*x.place().held, 9'000}});
    x.tale.heavy.say({happened::delivery_settled{x.own.job, 0, {0}, brought}});
    const auto job = json_of(got(x.w.get("/v1/jobs/" + x.tale.id)));
    const auto& steps = job.at("timeline").as_array();
    CHECK(steps.at(steps.size() - 2).at("step").as_string() == "result_asked");
    CHECK(steps.back().at("step").as_string() == (brought ? "result_brought" : "refunded"));
  }
}
