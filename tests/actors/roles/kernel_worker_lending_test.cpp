// Devices that hosts of one operator lend each other: two actor systems, real sockets, real
// kernels.
#include "tests/support/lending_hosts.hpp"
#include "tests/support/places.hpp"
#include "tests/support/scratch.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
using namespace datagen::tests;

namespace {

/// Offers one processor, and does with jobs whatever a test wants.
kernel_lender_actor::behavior_type odd_lender(
  kernel_lender_actor::pointer self, std::uint32_t version, int offers,
  std::function<caf::result<v1::kernel_done>(kernel_lender_actor::pointer)> run,
  std::function<void()> cancel) {
  auto left = std::make_shared<int>(offers);
  return {[self, run](const v1::kernel_run&) { return run(self); },
          [cancel](const v1::kernel_cancel&) { cancel(); },
          [](const v1::kernel_status_query&) { return v1::kernel_status{}; },
          [self, version, left](const v1::kernel_offer_query&) -> caf::result<v1::kernel_offer> {
            if ((*left)-- <= 0)
              return self->make_response_promise<v1::kernel_offer>();  // never kept
            return v1::kernel_offer{{{.backend = "cpu",
                                      .index = 0,
                                      .name = "odd",
                                      .lanes = 1,
                                      .kernels = {{"mc.philox", version}},
                                      .failure = {}}}};
          }};
}
caf::result<v1::kernel_done> never(kernel_lender_actor::pointer self) {
  return self->make_response_promise<v1::kernel_done>();
}

}  // namespace

TEST_CASE(
  "lending: a host that leaves its own devices alone computes on another one, the same bytes") {
  host far;
  far.run_worker({});
  borrower near{far.publish(), 0};
  near.wait_for_devices();
  host alone;
  worker_client here{alone.system, alone.run_worker({})};
  for (std::uint64_t i = 1; i <= 5; ++i) {
    const auto done = near.run(quick(i));
    REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
    const auto same = here.run(quick(i));
    CHECK(done.output.view().size() > 0);
    CHECK(std::ranges::equal(done.output.view(), same.output.view()));
    CHECK(done.units == same.units);
  }
}

TEST_CASE(
  "lending: the job of a host that goes away is run again here and answered once, and one that "
  "comes "
  "back is used again") {
  auto far = std::make_unique<host>();
  far->run_worker({});
  const auto port = far->publish();
  borrower near{port, 1};
  near.wait_for_devices();
  auto first = near.order(slow(1));
  near.wait_until([](const auto& x) { return x.devices[0].running == 1; });
  auto second = near.order(slow(2));
  near.wait_until([](const auto& x) { return borrower::running_far(x) == 1; });
  far.reset();
  near.wait_until([](const auto& x) { return x.waiting == 1 && borrower::running_far(x) == 0; });
  near.cancel(1);
  int answers = 0;
  const auto expect_cancelled = [&](v1::kernel_done& x) {
    ++answers;
    CHECK(x.code == ec::cancelled);
  };
  const auto fail = [&](const caf::error& e) { FAIL(near.system.render(e)); };
  first.receive(expect_cancelled, fail);
  near.wait_until([](const auto& x) { return x.waiting == 0 && x.devices[0].running == 1; });
  far = std::make_unique<host>();
  far->run_worker({});
  far->publish(port);
  auto third = near.order(slow(3));
  near.wait_until([](const auto& x) { return borrower::running_far(x) == 1; });
  near.cancel(2);
  second.receive(expect_cancelled, fail);
  near.cancel(3);
  third.receive(expect_cancelled, fail);
  CHECK(answers == 3);
  CHECK(near.status().bytes == 0);
}

TEST_CASE(
  "lending: a host that falls silent gives its job back and may drop it, and its late answer changes nothing") {
  host far;
  auto kept = std::make_shared<std::optional<caf::typed_response_promise<v1::kernel_done>>>();
  auto cancelled = std::make_shared<std::atomic<int>>(0);
  far.keep(far.system.spawn(
    odd_lender, 0, 3,
    [kept](kernel_lender_actor::pointer self) -> caf::result<v1::kernel_done> {
      *kept = self->make_response_promise<v1::kernel_done>();
      return **kept;
    },
    [cancelled] { ++*cancelled; }));
  borrower near{far.publish(), 1, {}, 300};
  near.wait_for_devices();
  [[maybe_unused]] auto first = near.order(slow(1));
  near.wait_until([](const auto& x) { return x.devices[0].running == 1; });
  auto second = near.order(quick(2));
  near.wait_until([](const auto& x) { return borrower::running_far(x) == 1 || x.waiting == 1; });
  near.wait_until([](const auto& x) { return x.waiting == 1; });
  near.cancel(1);
  second.receive([](v1::kernel_done& x) { CHECK(x.code == ec::ok); },
                 [&](const caf::error& e) { FAIL(near.system.render(e)); });
  while (*cancelled == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  REQUIRE(kept->has_value());
  (*kept)->deliver(v1::kernel_done{.code = ec::ok, .output = blob{bytes{1, 2, 3}}});
  near.wait_until(
    [](const auto& x) { return borrower::lent(x)->failure == "its host is out of reach"; });
  CHECK(near.run(quick(3)).output.view().size() > 3);
}

TEST_CASE("lending: a cancelled job ends on the host that computes it") {
  host far;
  worker_client at_lender{far.system, far.run_worker({})};
  borrower near{far.publish(), 0};
  near.wait_for_devices();
  auto running = near.order(slow(7));
  near.wait_until([](const auto& x) { return borrower::running_far(x) == 1; });
  while (at_lender.status().devices[0].running == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  near.cancel(7);
  running.receive([](v1::kernel_done& x) { CHECK(x.code == ec::cancelled); },
                  [&](const caf::error& e) { FAIL(near.system.render(e)); });
  const auto after = at_lender.status();
  CHECK(after.cancelled == 1);
  CHECK(after.devices[0].running == 0);
  CHECK(after.waiting == 0);
  CHECK(after.done == 0);
  CHECK(after.refused == 0);
}

TEST_CASE("lending: the jobs of a host that is gone end on the host that computes them") {
  host far;
  worker_client at_lender{far.system, far.run_worker({.lanes = 1})};
  const auto port = far.publish();
  auto gone = std::make_unique<borrower>(port, 0);
  borrower near{port, 0};
  gone->wait_for_devices();
  near.wait_for_devices();
  [[maybe_unused]] auto lost = gone->order(slow(1));
  at_lender.wait_until([](const auto& x) { return x.devices[0].running == 1; });
  [[maybe_unused]] auto waits = gone->order(slow(2));
  at_lender.wait_until([](const auto& x) { return x.waiting == 1; });
  auto served = near.order(quick(1));  // the same number as the lost one has
  at_lender.wait_until([](const auto& x) { return x.waiting == 2; });
  gone->stop();
  gone.reset();
  served.receive([](v1::kernel_done& x) { CHECK(x.code == ec::ok); },
                 [&](const caf::error& e) { FAIL(near.system.render(e)); });
  at_lender.wait_until([](const auto& x) { return x.cancelled == 2; });
  CHECK(at_lender.status().done == 1);
}

TEST_CASE("lending: what another host is too busy or too small for is computed here") {
  for (const auto why : {ec::busy, ec::too_large}) {
    host far;
    auto asked = std::make_shared<std::atomic<int>>(0);
    far.keep(
      far.system.spawn(odd_lender, 0, 1'000'000,
                       [asked, why](kernel_lender_actor::pointer) -> caf::result<v1::kernel_done> {
                         ++*asked;
                         return v1::kernel_done{.code = why, .reason = "no"};
                       },
                       [] {}));
    borrower near{far.publish(), 1};
    near.wait_for_devices();
    auto first = near.order(slow(1));
    near.wait_until([](const auto& x) { return x.devices[0].running == 1; });
    auto second = near.order(quick(2));
    while (*asked == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    near.cancel(1);
    first.receive([](v1::kernel_done&) {}, [](const caf::error&) {});
    second.receive([](v1::kernel_done& x) { CHECK(x.code == ec::ok); },
                   [&](const caf::error& e) { FAIL(near.system.render(e)); });
    CHECK(asked->load() == 1);
  }
}

TEST_CASE("lending: kernels of another version are not lent, and the refusal names the host") {
  host far;
  far.keep(far.system.spawn(odd_lender, 9, 1'000'000, never, [] {}));
  borrower near{far.publish(), 0};
  near.wait_for_devices();
  const auto refused = near.run(quick(1));
  CHECK(refused.code == ec::busy);
  CHECK(refused.reason.find("no device in reach that has mc.philox") == 0);
  host other;
  other.keep(other.system.spawn(odd_lender, 0, 1, never, [] {}));
  borrower lonely{other.publish(), 0, {}, 50, 0};
  lonely.wait_until(
    [](const auto& x) { return borrower::lent(x) && !borrower::lent(x)->failure.empty(); });
  CHECK(lonely.run(quick(1)).reason.find("its host is out of reach") != std::string::npos);
}

TEST_CASE(
  "lending: with keys a host of the operator is let in, one of another operator or none is not") {
  scratch files;
  const auto make = source_path("deploy/inside-keys");
  for (const auto* owner : {"ours", "theirs"})
    REQUIRE(
      std::system((make + " " + files.text() + "/" + owner + " near far >/dev/null").c_str()) == 0);
  host far{files.path() / "ours/far"};
  far.run_worker({});
  const auto port = far.publish();
  borrower near{port, 0, files.path() / "ours/near"};
  near.wait_for_devices();
  CHECK(near.run(quick(1)).code == ec::ok);
  {
    borrower stranger{port, 0, files.path() / "theirs/near"};
    borrower plain{port, 0};
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    CHECK(stranger.run(quick(1)).code == ec::busy);
    CHECK(plain.run(quick(1)).code == ec::busy);
  }
  near.wait_for_devices();  // CAF drops good links too when one that is bad knocks
  CHECK(near.run(quick(2)).code == ec::ok);
  CHECK_THROWS_WITH(host{files.path() / "nobody"}, doctest::Contains("deploy/inside-keys"));
}
