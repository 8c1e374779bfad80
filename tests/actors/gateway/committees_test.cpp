// Committees of both chains as the gateway follows them, and what it tells of them.

#include "tests/actors/gateway/disk.hpp"
#include "tests/actors/gateway/epochs.hpp"

#include "actors/gateway/checkpoint_form.hpp"

using namespace gateway_test;

namespace {

web::json::object committees(world& w) { return json_of(got(w.get("/v1/committees"))); }
std::int64_t epoch_of(world& w, const char* chain) {
  return committees(w).at(chain).at("now").at("epoch").as_int64();
}
std::int64_t certified(world& w, const char* chain) {
  return json_of(got(w.get("/v1/status"))).at(chain).at("certified").as_int64();
}
trusted_checkpoint checkpoint(world& w, std::map<std::string, std::string> query = {}) {
  const auto answer = got(w.get("/v1/checkpoint", std::move(query)));
  REQUIRE_MESSAGE(answer.status == 200, answer.body);
  const auto read = web::checkpoint_from(web::json::parse(answer.body));
  REQUIRE_MESSAGE(read.content, read.wrong);
  return *read.content;
}

}  // namespace

TEST_CASE("committees: at first genesis' ones serve, and nobody is to follow") {
  world w;
  w.begin();
  for (const auto* chain : {"heavy", "fast"}) {
    const auto all = committees(w);
    const auto& line = all.at(chain);
    CHECK(line.at("now").at("epoch").as_int64() == 0);
    CHECK(line.at("now").at("seated_in").is_null());
    CHECK(line.at("now").at("quorum").as_int64() == 2);
    CHECK(line.at("now").at("members").as_array().size() == 2);
    CHECK(line.at("next").is_null());
    CHECK(line.at("past").as_array().empty());
  }
  const auto all = committees(w);
  const auto& author = all.at("heavy").at("now").at("members").as_array().at(1);
  CHECK(author.at("id").as_int64() == 1);
  CHECK(author.at("key").as_string() == to_hex(key_of("author", 1).identity));
  CHECK(all.at("fast").at("now").at("members").as_array().at(0).at("name").as_string() == "v0");
}

TEST_CASE("committees: an election, its dealings, the coin and the seat are told as they happen") {
  world w;
  w.begin();
  heavy_line heavy{w};
  const auto next = members_of(*w.origin, true, 1);
  heavy.say({happened::committee_elected{next}});
  auto line = committees(w).at("heavy");
  CHECK(line.at("next").at("epoch").as_int64() == 1);
  CHECK(line.at("next").at("state").as_string() == "elected");
  CHECK(line.at("next").at("elected_in").as_int64() == 2);
  heavy.say({happened::coin_dealt{next.chain, 1, {.dealer = 1}},
             happened::coin_dealt{next.chain, 1, {.dealer = 9}},    // no member
             happened::coin_dealt{next.chain, 2, {.dealer = 0}}});  // another ceremony
  line = committees(w).at("heavy");
  CHECK(line.at("next").at("dealt").as_array() == web::json::array{1});
  heavy.say({happened::committee_ready{next}});
  CHECK(committees(w).at("heavy").at("next").at("state").as_string() == "ready");
  heavy.hand_over();
  line = committees(w).at("heavy");
  CHECK(line.at("now").at("epoch").as_int64() == 1);
  CHECK(line.at("now").at("first_height").as_int64() == 6);
  CHECK(line.at("now").at("seated_in").as_int64() == 5);
  CHECK(line.at("next").is_null());
  REQUIRE(line.at("past").as_array().size() == 1);
  CHECK(line.at("past").as_array()[0].at("epoch").as_int64() == 0);
  CHECK(committees(w).at("fast").at("now").at("epoch").as_int64() == 0);
}

TEST_CASE("committees: a certificate counts under the roster of its epoch, and no other") {
  world w;
  w.begin();
  heavy_line heavy{w};
  heavy.hand_over();
  const auto later = heavy.next({happened::emitted{1, dg(1)}});
  w.say({role::heavy_author, 0}, heavy.block_of(later));
  auto forged = later.content.proof;
  forged.statement.epoch = 0;  // signed by those who left office
  w.say({role::heavy_author, 0}, v1::block_certified{certified_by(true, forged.statement)});
  CHECK(certified(w, "heavy") == 2);
  forged = later.content.proof;
  forged.signatures[0].second =
    sign(key_of("author", 0), consensus::signing_bytes(forged.statement));
  w.say({role::heavy_author, 0}, v1::block_certified{forged});
  CHECK(certified(w, "heavy") == 2);
  w.say({role::heavy_author, 0}, v1::block_certified{later.content.proof});
  CHECK(certified(w, "heavy") == 3);
}

TEST_CASE("committees: a certificate that comes before its committee is known waits for it") {
  world w;
  w.begin();
  heavy_line heavy{w};
  const fast_block block{*w.origin, 1, 1};
  w.say({role::fast_author, 0}, block.news);
  w.say({role::fast_author, 0}, v1::block_certified{block.proof});
  CHECK(certified(w, "fast") == 0);
  heavy.seat_fast(1, 0);
  CHECK(epoch_of(w, "fast") == 1);
  CHECK(certified(w, "fast") == 1);
  const auto now = committees(w).at("fast").at("now");
  CHECK(now.at("first_height").as_int64() == 1);
  CHECK(now.at("seated_in").as_int64() == 2);
}

TEST_CASE("committees: only certified news seat one") {
  world w;
  w.begin();
  heavy_line heavy{w};
  auto forged = heavy.next({}, true);
  forged.content.proof.signatures.pop_back();
  w.say({role::heavy_author, 0}, forged);
  CHECK(epoch_of(w, "heavy") == 0);
  heavy_line honest{w};
  auto other = honest.next({}, true);
  other.content.next->ids = {1, 0};  // not whom the certificate names
  w.say({role::heavy_author, 0}, other);
  CHECK(epoch_of(w, "heavy") == 0);
}

TEST_CASE("committees: blocks of a committee that was replaced before they settled are void") {
  temporary_disk disk;
  {
    stored_world stored{disk, 100};
    auto& w = stored.w;
    w.begin();
    heavy_line heavy{w};
    for (std::uint64_t height = 1; height <= 3; ++height)
      w.say({role::fast_author, 0}, fast_block{*w.origin, 0, height}.news);
    w.pass(1'500);  // they are in the archive
    heavy.seat_fast(1, 1);
    fast_block second{*w.origin, 1, 2};
    second.news.previous = fast_block{*w.origin, 0, 1}.news.block;
    w.say({role::fast_author, 0}, v1::block_news{.height = 3, .epoch = 0, .block = hash("late")});
    w.say({role::fast_author, 0}, second.news);
    const auto block = json_of(got(w.get("/v1/chains/fast/blocks/2")));
    CHECK(block.at("epoch").as_int64() == 1);
    CHECK(block.at("digest").as_string() == to_hex(second.news.block));
    CHECK(json_of(got(w.get("/v1/status"))).at("fast").at("height").as_int64() == 2);
    const fast_block old{*w.origin, 0, 2};
    w.say({role::fast_author, 0}, v1::block_certified{old.proof});  // too late to count
    CHECK(certified(w, "fast") == 0);
    w.say({role::fast_author, 0}, v1::block_certified{second.proof});
    CHECK(certified(w, "fast") == 2);
    w.pass(1'500);
    const auto metrics = got(w.get("/metrics")).body;
    CHECK(metrics.find("datagen_gateway_archive_failures_total 0") != std::string::npos);
    CHECK(metrics.find("datagen_gateway_diverged_total 0") != std::string::npos);
  }
  stored_world after{disk, 100};
  CHECK(epoch_of(after.w, "fast") == 1);
  CHECK(json_of(got(after.w.get("/v1/chains/fast/blocks/2"))).at("epoch").as_int64() == 1);
  CHECK(certified(after.w, "fast") == 2);
}

TEST_CASE("checkpoint: of the newest certified block, of an epoch that ended, and of no other") {
  temporary_disk disk;
  {
    stored_world stored{disk, 100};
    auto& w = stored.w;
    CHECK(got(w.get("/v1/checkpoint")).status == 404);
    w.begin();
    CHECK(checkpoint(w) == trusted_checkpoint{heavy_roster(*w.origin), 1, hash("block", 1)});
    heavy_line heavy{w};
    heavy.hand_over();
    CHECK(checkpoint(w).height == 2);  // epoch 1 has certified nothing yet
    heavy.say({happened::emitted{1, dg(1)}});
    const trusted_checkpoint first{heavy_roster(*w.origin), 2, hash("block", std::uint64_t{2})};
    const trusted_checkpoint second{members_of(*w.origin, true, 1), 3,
                                    hash("block", std::uint64_t{3})};
    CHECK(checkpoint(w) == second);
    CHECK(checkpoint(w, {{"epoch", "0"}}) == first);
    CHECK(checkpoint(w, {{"epoch", "1"}}) == second);
    const auto none = got(w.get("/v1/checkpoint", {{"epoch", "2"}}));
    CHECK(none.status == 404);
    CHECK(detail_of(none) ==
          "no certified block of Heavy epoch 2 is known here; the newest epoch is 1");
    CHECK(got(w.get("/v1/checkpoint", {{"epoch", "x"}})).status == 400);
    w.pass(1'500);
  }
  stored_world after{disk, 100};
  CHECK(checkpoint(after.w).authors.epoch == 1);
  CHECK(checkpoint(after.w, {{"epoch", "0"}}).height == 2);
}

TEST_CASE("checkpoint form: a readable field that the canonical bytes deny is refused by name") {
  world w;
  w.begin();
  const auto honest = json_of(got(w.get("/v1/checkpoint")));
  for (const auto& member : honest) {
    CAPTURE(std::string{member.key()});
    auto changed = honest;
    changed[member.key()] = "something else";
    CHECK_FALSE(web::checkpoint_from(changed).content);
    changed.erase(member.key());
    CHECK_FALSE(web::checkpoint_from(changed).content);
  }
  CHECK_FALSE(web::checkpoint_from(web::json::array{}).content);
}
