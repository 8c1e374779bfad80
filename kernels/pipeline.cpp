#include "pipeline.hpp"

#include <algorithm>

#include "params.hpp"

namespace datagen::kernels {
namespace {

using bytes = std::vector<std::uint8_t>;

constexpr std::string_view magic = "DPL1";
constexpr std::size_t header_bytes = 8, entry_bytes = 16;

std::string text(std::size_t x) { return std::to_string(x); }

/// "3" or "3.steps": the stage a key belongs to, 0 for none.
std::size_t stage_of(std::string_view key) {
  const bool numbered = !key.empty() && key[0] >= '1' && key[0] <= '8';
  return numbered && (key.size() == 1 || key[1] == '.') ? static_cast<std::size_t>(key[0] - '0')
                                                        : 0;
}

failure add(std::string_view key, std::string_view value, std::vector<pipeline_stage>& stages) {
  const auto stage = stage_of(key);
  if (stage == 0)
    return bad_params("parameter '" + std::string(key) +
                      "' belongs to no stage, expected 1=KERNEL, 1.KEY=VALUE, 2=KERNEL, up to 8");
  if (key.size() > 1) {
    if (stage != stages.size())
      return bad_params("parameter '" + std::string(key) +
                        "' belongs to a stage without a kernel: add " + text(stage) + "=KERNEL");
    auto& params = stages.back().params;
    params += (params.empty() ? "" : "\n") + std::string(key.substr(2)) + "=" + std::string(value);
    return {};
  }
  if (stage != stages.size() + 1)
    return bad_params("stage " + text(stage) + " is named and stage " + text(stages.size() + 1) +
                      " is not: stages count from 1 without gaps");
  if (value == pipeline_kernel)
    return bad_params("stage " + text(stage) + " is a pipeline: stages are single kernels");
  stages.push_back({std::string(value), {}});
  return {};
}

std::uint64_t number_at(std::span<const std::uint8_t> input, std::size_t at, std::size_t size) {
  std::uint64_t result = 0;
  for (std::size_t i = size; i-- > 0;) result = result << 8 | input[at + i];
  return result;
}

void put_number(bytes& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

failure read_input(std::span<const std::uint8_t> input, std::vector<pipeline_stage>& stages) {
  const auto table = header_bytes + stages.size() * entry_bytes;
  if (input.size() < header_bytes || !std::equal(magic.begin(), magic.end(), input.begin()))
    return bad_input("the input does not begin with \"DPL1\" and the number of stages");
  if (const auto count = number_at(input, 4, 4); count != stages.size() || input.size() < table)
    return bad_input("the input is for " + text(count) + " stages, the parameters name " +
                     text(stages.size()));
  auto rest = input.subspan(table);
  const auto take = [&](std::size_t at, std::span<const std::uint8_t>& part) {
    const auto size = number_at(input, at, 8);
    if (size > rest.size()) return false;
    part = rest.first(size);
    rest = rest.subspan(size);
    return true;
  };
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto entry = header_bytes + i * entry_bytes;
    if (!take(entry, stages[i].head) || !take(entry + 8, stages[i].tail))
      return bad_input("the bytes of stage " + text(i + 1) + " end behind the input");
  }
  if (!rest.empty())
    return bad_input(text(rest.size()) + " bytes of the input belong to no stage");
  return {};
}

std::string title_of(std::size_t i, const pipeline_stage& stage) {
  return "stage " + text(i + 1) + " (" + stage.kernel + "): ";
}

/// Head, `before` and tail in one piece, copied only where there is more than one.
std::span<const std::uint8_t> join(const pipeline_stage& stage,
                                   std::span<const std::uint8_t> before, bytes& room) {
  if (before.empty() && stage.tail.empty()) return stage.head;
  if (stage.head.empty() && stage.tail.empty()) return before;
  room.clear();
  for (const auto part : {stage.head, before, stage.tail})
    room.insert(room.end(), part.begin(), part.end());
  return room;
}

job_request request_of(const registry& kernels, const pipeline_stage& stage,
                       std::span<const std::uint8_t> input, const job_request& job) {
  auto result = job;
  result.kernel = stage.kernel;
  result.params = stage.params;
  result.input = input;
  if (!kernels.knows(stage.kernel, job.backend)) {  // some kernels have no GPU version
    result.backend = "cpu";
    result.device = 0;
  }
  return result;
}

/// Every stage counts the same: how long the later ones take is not known.
void report_as_stage(job_request& request, const job_request& job, std::size_t stage,
                     std::size_t stages) {
  if (!job.progress) return;
  request.progress = [&job, stage, stages](std::uint64_t done, std::uint64_t total) {
    constexpr std::uint64_t steps = 1000;
    const auto part = total == 0 ? 0 : done * steps / total;
    job.progress(stage * steps + part, stages * steps);
  };
}

/// One stage, if it fits into what is left of the work that was bought.
job_result run_stage(const registry& kernels, const job_request& request, std::uint64_t left) {
  auto declared = kernels.units(request);
  if (!declared.ok()) return declared;
  if (declared.units > left)
    return {DATAGEN_UNITS_EXCEEDED,
            "needs " + std::to_string(declared.units) + " units, " + std::to_string(left) +
                " are left of those bought",
            0,
            {}};
  return kernels.run(request);
}

}  // namespace

failure read_stages(std::string_view params, std::vector<pipeline_stage>& stages) {
  stages.clear();
  std::vector<std::pair<std::string_view, std::string_view>> lines;
  if (auto bad = split_params(params, lines)) return bad;
  for (const auto& [key, value] : lines)
    if (auto bad = add(key, value, stages)) return bad;
  if (stages.empty()) return bad_params("a pipeline has at least one stage: 1=KERNEL");
  return {};
}

failure read_pipeline(std::string_view params, std::span<const std::uint8_t> input,
                      std::vector<pipeline_stage>& stages) {
  if (auto bad = read_stages(params, stages)) return bad;
  return read_input(input, stages);
}

bytes pipeline_input(std::span<const pipeline_stage> stages) {
  bytes out(magic.begin(), magic.end());
  put_number(out, stages.size(), 4);
  for (const auto& stage : stages) {
    put_number(out, stage.head.size(), 8);
    put_number(out, stage.tail.size(), 8);
  }
  for (const auto& stage : stages)
    for (const auto part : {stage.head, stage.tail}) out.insert(out.end(), part.begin(), part.end());
  return out;
}

kernel_info pipeline_info() {
  return {std::string(pipeline_kernel),
          0,
          "up to 8 kernels, each on the output of the one before",
          {{"stages", pipeline_stages_max, "kernels"}, {"parameters", params_bytes_max, "bytes"}}};
}

job_result pipeline_units(const registry& kernels, const job_request& job) {
  std::vector<pipeline_stage> stages;
  if (auto bad = read_pipeline(job.params, job.input, stages))
    return {bad.status, bad.sentence, 0, {}};
  for (std::size_t i = 0; i < stages.size(); ++i)
    if (!kernels.knows(stages[i].kernel, "cpu"))
      return {DATAGEN_UNKNOWN_KERNEL, title_of(i, stages[i]) + "there is no such kernel", 0, {}};
  bytes room;
  auto result = kernels.units(request_of(kernels, stages[0], join(stages[0], {}, room), job));
  if (!result.ok()) result.message = title_of(0, stages[0]) + result.message;
  return result;
}

job_result run_pipeline(const registry& kernels, const job_request& job) {
  if (auto declared = pipeline_units(kernels, job); !declared.ok()) return declared;
  std::vector<pipeline_stage> stages;
  if (auto bad = read_pipeline(job.params, job.input, stages))
    return {bad.status, bad.sentence, 0, {}};
  job_result result;
  bytes room;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    auto request = request_of(kernels, stages[i], join(stages[i], result.output, room), job);
    report_as_stage(request, job, i, stages.size());
    auto stage = run_stage(kernels, request, job.units_max - result.units);
    if (!stage.ok())
      return {stage.exit_status, title_of(i, stages[i]) + stage.message, result.units, {}};
    result.units += stage.units;
    result.output = std::move(stage.output);
  }
  return result;
}

}  // namespace datagen::kernels
