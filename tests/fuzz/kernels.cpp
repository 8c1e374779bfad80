// Jobs of strangers: parameters and input of every kernel, and of pipelines. What `check` lets
// through has its units, and runs where they are few; what it refuses, it refuses with a sentence.
// Input: kernel, length of the parameters (one byte), parameters, input.

#include "tests/fuzz/target.hpp"

#include "kernels/pipeline.hpp"
#include "tests/support/places.hpp"

#include <algorithm>
#include <fstream>

namespace datagen::fuzz {

namespace {

constexpr std::uint64_t units_max = 400;  ///< Sanitizers make of each about 20 microseconds.

datagen_bytes raw(byte_view x) { return {x.data(), x.size()}; }

/// A result's bytes, given back when it goes.
struct outcome {
  std::int32_t status = 0;
  datagen_output output{};
  outcome() = default;
  outcome(outcome&&) = delete;
  ~outcome() {
    if (output.owner)
      datagen_backend_get()->release(&output);
  }
};

void run(const datagen_kernel& kernel, byte_view params, byte_view input, outcome& result) {
  const datagen_job job{.params = raw(params), .input = raw(input), .threads = 1};
  datagen_message message{};
  result.status = kernel.run(&job, &result.output, &message);
}

void check_job(const datagen_kernel& kernel, byte_view params, byte_view input) {
  datagen_message message{};
  std::uint64_t units = 0;
  const auto status = kernel.check(raw(params), raw(input), &message);
  require(status < 64, "a check says nothing about this machine");
  require(kernel.units(raw(params), raw(input), &units, &message) == status,
          "units refuse what the check refuses");
  require(status == DATAGEN_OK || message.text[0] != '\0', "a refusal has a sentence");
  if (status != DATAGEN_OK)
    return;
  require(units > 0, "work that is let through is paid");
  if (units > units_max)
    return;
  outcome first, second;
  run(kernel, params, input, first);
  require(first.status == DATAGEN_OK && first.output.units == units, "what is let through runs");
  run(kernel, params, input, second);
  require(std::equal(first.output.data, first.output.data + first.output.size, second.output.data,
                     second.output.data + second.output.size),
          "the same job has the same output");
}

void check_pipeline(byte_view params, byte_view input) {
  std::vector<kernels::pipeline_stage> stages;
  if (const auto bad = kernels::read_pipeline(as_text(params), input, stages)) {
    require(!bad.sentence.empty(), "a refusal has a sentence");
    return;
  }
  require(std::ranges::equal(kernels::pipeline_input(stages), input),
          "a pipeline's input is what its stages make");
}

bytes job(std::size_t kernel, std::string_view params, byte_view input) {
  bytes result{static_cast<std::uint8_t>(params.size())};
  result.insert(result.end(), params.begin(), params.end());
  result.insert(result.end(), input.begin(), input.end());
  return chosen(kernel, result);
}

struct known_answer {
  const char* kernel;
  const char* params;
  const char* input;
  const char* output;
};
constexpr known_answer answers[] = {
#include "kernels/known_answers.inc"
};

}  // namespace

void check(byte_view data) {
  const auto& backend = *datagen_backend_get();
  const auto [which, rest] = choose(data, backend.kernel_count + 1);
  if (rest.empty())
    return;
  const auto params = rest.subspan(1, std::min<std::size_t>(rest[0], rest.size() - 1));
  const auto input = rest.subspan(1 + params.size());
  if (which == backend.kernel_count)
    check_pipeline(params, input);
  else
    check_job(backend.kernels[which], params, input);
}

std::vector<bytes> seeds() {
  const auto& backend = *datagen_backend_get();
  std::vector<bytes> result;
  for (const auto& answer : answers)
    for (std::size_t i = 0; i < backend.kernel_count; ++i)
      if (std::string_view{backend.kernels[i].id} == answer.kernel)
        result.push_back(job(i, answer.params, *protocol::from_hex(answer.input)));
  const bytes head{1, 2, 3}, tail{4};
  const kernels::pipeline_stage stages[] = {{"sha256.batch", {}, head, {}},
                                            {"merkle.root", {}, {}, tail}};
  result.push_back(job(backend.kernel_count, "1=sha256.batch\n2=merkle.root\n2.chunk=1024",
                       kernels::pipeline_input(stages)));
  return result;
}

}  // namespace datagen::fuzz
