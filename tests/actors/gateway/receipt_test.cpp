// How a portable receipt grows: promised, ordered, settled, audited, and all of it after a restart.

#include "tests/actors/gateway/disk.hpp"
#include "tests/actors/gateway/story.hpp"

#include "actors/gateway/checkpoint_form.hpp"

using namespace gateway_test;

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

TEST_CASE("receipt: it leads from genesis over hand-overs of Heavy to a Fast committee of epoch 1") {
  temporary_disk disk;
  std::optional<trusted_checkpoint> anchor;
  {
    stored_world before{disk, 100};
    before.w.begin();
    story x{before.w};
    x.fast_epoch = 1;
    x.submit();
    x.heavy.hand_over();
    x.heavy.seat_fast(1, 0);
    x.order_leaves();
    x.certify_checkpoint();
    CHECK(x.report(before.w).stage == portable_stage::ordered);
    x.heavy.hand_over();
    x.settle();
    x.audit();
    CHECK(x.report(before.w).stage == portable_stage::settled);
    const auto answer = got(before.w.get("/v1/checkpoint"));
    anchor = web::checkpoint_from(web::json::parse(answer.body)).content;
    before.w.pass(1'500);
  }
  stored_world after{disk, 100};
  const story x{after.w};
  const auto report = x.report(after.w);
  CHECK(report.stage == portable_stage::settled);
  CHECK(report.trust == "valid from genesis, not proven recent");
  REQUIRE(report.audit);
  REQUIRE(anchor);
  CHECK(anchor->authors.epoch == 2);
  CHECK(x.report(after.w, &*anchor).trust.starts_with("valid from genesis and in line with"));
  const auto paper = got(after.w.get("/v1/jobs/" + x.id + "/receipt"));
  CHECK(decode_portable(world::view_of(paper.body))->hand_overs.size() == 2);
}
