// Several kernels as one job: against the same kernels run one by one.
#include "kernels/pipeline.hpp"

#include <algorithm>

#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

void put(bytes& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

bytes messages(std::uint32_t count, std::uint32_t length, std::uint64_t seed) {
  bytes out = from_text("DHS1");
  put(out, count, 4);
  put(out, length, 4);
  put(out, 0, 4);
  random_source random(seed);
  for (std::uint32_t i = 0; i < count * length; ++i)
    out.push_back(static_cast<std::uint8_t>(random.next()));
  return out;
}

bytes keys_header(std::uint64_t count) {
  bytes out = from_text("DSU1");
  put(out, 0, 4);
  put(out, count, 8);
  return out;
}

/// Hash 256 messages, sort the digests as numbers, and take the root over the sorted ones.
struct hashed_and_sorted {
  bytes input = messages(256, 40, test_seed());
  bytes header = keys_header(256 * 4);
  std::string params = "1=sha256.batch\n2=sort.u64\n3=merkle.root\n3.chunk=1024";
  std::vector<pipeline_stage> stages{{"sha256.batch", "", input, {}},
                                     {"sort.u64", "", header, {}},
                                     {"merkle.root", "", {}, {}}};
  bytes job = pipeline_input(stages);

  std::vector<job_result> by_hand() const {
    std::vector<job_result> result{run_cpu("sha256.batch", "", input)};
    auto keys = header;
    keys.insert(keys.end(), result[0].output.begin(), result[0].output.end());
    result.push_back(run_cpu("sort.u64", "", keys));
    result.push_back(run_cpu("merkle.root", "chunk=1024", result[1].output));
    for (const auto& x : result) REQUIRE_MESSAGE(x.ok(), x.message);
    return result;
  }
};

job_result refused(std::string_view params, std::span<const std::uint8_t> input) {
  const auto result = run_cpu("pipeline", params, input);
  CHECK(result.units == 0);
  CHECK(result.output.empty());
  CHECK(result.comparable());
  return result;
}

}  // namespace

TEST_CASE("pipeline: three kernels in one job give what they give one by one, and cost the same") {
  const auto seed = test_seed();
  CAPTURE(seed);
  const hashed_and_sorted x;
  const auto apart = x.by_hand();
  for (const std::uint32_t threads : {1u, 2u, 16u}) {
    const auto whole = run_cpu("pipeline", x.params, x.job, threads);
    REQUIRE_MESSAGE(whole.ok(), whole.message);
    CHECK(whole.output == apart[2].output);
    CHECK(whole.units == apart[0].units + apart[1].units + apart[2].units);
  }
}

TEST_CASE("pipeline: what is known beforehand are the first stage's units") {
  const hashed_and_sorted x;
  const auto declared = loaded().units({.kernel = "pipeline", .params = x.params, .input = x.job});
  REQUIRE_MESSAGE(declared.ok(), declared.message);
  CHECK(declared.units == x.by_hand()[0].units);
  CHECK(loaded().check({.kernel = "pipeline", .params = x.params, .input = x.job}).ok());
}

TEST_CASE("pipeline: a stage that needs more than is left ends it, and the stages before count") {
  const hashed_and_sorted x;
  const auto apart = x.by_hand();
  const auto run = [&](std::uint64_t units_max) {
    return loaded().run(
        {.kernel = "pipeline", .params = x.params, .input = x.job, .units_max = units_max});
  };
  const auto two = apart[0].units + apart[1].units;
  const auto all = two + apart[2].units;
  CHECK(run(all).ok());
  const auto short_by_one = run(all - 1);
  CHECK(short_by_one.exit_status == DATAGEN_UNITS_EXCEEDED);
  CHECK(short_by_one.units == two);
  CHECK(short_by_one.output.empty());
  CHECK(short_by_one.message.find("stage 3 (merkle.root)") != std::string::npos);
  CHECK(run(two - 1).units == apart[0].units);
  CHECK(run(0).units == 0);
}

TEST_CASE("pipeline: a stage that refuses its input ends it with its own words") {
  const auto input = messages(4, 10, 1);
  const std::vector<pipeline_stage> stages{{"sha256.batch", "", input, {}},
                                           {"sort.u64", "", {}, {}}};  // its header is missing
  const auto ended = run_cpu("pipeline", "1=sha256.batch\n2=sort.u64", pipeline_input(stages));
  CHECK(ended.exit_status == DATAGEN_BAD_INPUT);
  CHECK(ended.units == run_cpu("sha256.batch", "", input).units);
  CHECK(ended.message.find("stage 2 (sort.u64)") != std::string::npos);
}

TEST_CASE("pipeline: heads and tails lie around the output of the stage before") {
  const auto head = from_text("before|"), tail = from_text("|after"), first = from_text("first");
  const std::vector<pipeline_stage> stages{{"merkle.root", "", first, tail},
                                           {"merkle.root", "", head, tail}};
  const auto whole = run_cpu("pipeline", "1=merkle.root\n2=merkle.root", pipeline_input(stages));
  REQUIRE_MESSAGE(whole.ok(), whole.message);
  const auto root_of = [](std::initializer_list<bytes> parts) {
    bytes all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return run_cpu("merkle.root", "", all).output.copy();
  };
  CHECK(whole.output == root_of({head, root_of({first, tail}), tail}));
}

TEST_CASE("pipeline: parameters that name no proper stages are refused with the reason") {
  const bytes nothing = pipeline_input({});
  const auto says = [&](std::string_view params, std::string_view words) {
    CAPTURE(std::string(params));
    const auto x = refused(params, nothing);
    CHECK(x.exit_status == DATAGEN_BAD_PARAMS);
    CHECK_MESSAGE(x.message.find(words) != std::string::npos, x.message);
  };
  says("", "at least one stage");
  says("2=merkle.root", "stage 1 is not");
  says("1=merkle.root\n3=merkle.root", "stage 2 is not");
  says("1.chunk=1024", "without a kernel");
  says("1=merkle.root\n2.chunk=1024", "without a kernel");
  says("9=merkle.root", "belongs to no stage");
  says("1=merkle.root\nk=3", "belongs to no stage");
  says("1=pipeline", "single kernels");
  const std::vector<pipeline_stage> two(2);
  CHECK(run_cpu("pipeline", "1=merkle.root\n2=no.such", pipeline_input(two)).exit_status ==
        DATAGEN_UNKNOWN_KERNEL);
}

TEST_CASE("pipeline: input whose table does not fit is refused, whatever its sizes say") {
  const bytes abc = from_text("abc");
  const std::vector<pipeline_stage> stages{{"merkle.root", "", abc, {}}};
  const auto good = pipeline_input(stages);
  REQUIRE(run_cpu("pipeline", "1=merkle.root", good).ok());
  const auto refuse = [&](const bytes& input) {
    CHECK(refused("1=merkle.root", input).exit_status == DATAGEN_BAD_INPUT);
  };
  for (std::size_t size = 0; size < good.size(); ++size)
    refuse(bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
  auto longer = good;
  longer.push_back(0);
  refuse(longer);
  for (std::size_t at = 0; at < 24; ++at) {
    auto changed = good;
    changed[at] ^= 0x81;
    refuse(changed);
  }
}

TEST_CASE("pipeline: progress counts up over the stages to the end") {
  const hashed_and_sorted x;
  std::vector<std::uint64_t> seen;
  std::uint64_t whole = 0;
  const auto done = loaded().run({.kernel = "pipeline",
                                  .params = x.params,
                                  .input = x.job,
                                  .progress = [&](std::uint64_t step, std::uint64_t total) {
                                    seen.push_back(step);
                                    whole = total;
                                  }});
  REQUIRE(done.ok());
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK((seen.empty() || seen.back() <= whole));
}
