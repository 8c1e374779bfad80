// What is left of a scenario when everything that its failure does not need is gone.
#include "tools/scenario/shrink.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::scenario;

namespace {

const char* const large = R"([run]
stop = "1m"
[cluster]
validators = 9
users = 3
behaviour = {v8 = "withhold", v2 = "lie-on-result"}
[[workload]]
user = "u0"
[[workload]]
user = "u1"
every = "500ms"
[story]
steps = '''
at 5s   kill v3; restart v3 after 2s
at 10s  slow v1 by 1s   # this one matters
at 20s  cut v4 for 1s
always  supply is conserved
finally every job is answered
'''
)";

script read(const std::string& text) {
  const auto result = read_script(text);
  REQUIRE(std::holds_alternative<script>(result));
  return std::get<script>(result);
}

}  // namespace

TEST_CASE("scenario shrink: what the failure needs stays, everything else goes") {
  const auto fails = [](const script& x) {
    const bool slow = std::any_of(x.steps.begin(), x.steps.end(), [](const step& s) {
      return std::holds_alternative<act::slow>(s.what);
    });
    return slow && x.conduct.count({'v', 2}) != 0 && x.validators >= 5 && x.load.size() == 1;
  };
  const auto with_one = [&fails](const script& x) {
    auto y = x;
    if (y.load.size() == 2)
      y.load.pop_back();
    return fails(y);
  };
  const auto small = shrink(large, with_one);
  const auto x = read(small.text);
  CHECK(x.steps.size() == 1);
  CHECK(x.steps[0].text == "at 10s  slow v1 by 1s");
  CHECK(x.conduct.size() == 1);
  CHECK(x.validators == 5);
  CHECK(x.users == 1 + (x.load[0].user));
  CHECK(x.load.size() == 1);
  CHECK(x.load[0].every_ms >= 60'000);
  CHECK(x.expected.size() == 2);
  CHECK(small.steps >= 8);
}

TEST_CASE("scenario shrink: where everything is needed, it is given back as it was") {
  const auto all = read(large);
  const auto small = shrink(large, [&](const script& x) {
    return x.steps.size() == all.steps.size() && x.conduct.size() == 2 && x.validators == 9 &&
           x.users == 3 && x.load.size() == 2 && x.load[0].every_ms == 1'000 &&
           x.load[1].every_ms == 500;
  });
  CHECK(small.text == large);
  CHECK(small.steps == 0);
}

TEST_CASE("scenario shrink: no more runs than allowed") {
  const auto small = shrink(large, [](const script&) { return true; }, 3);
  CHECK(small.runs == 3);
  CHECK(small.steps == 3);
}
