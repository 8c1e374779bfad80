#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "registry.hpp"

namespace datagen::kernels {

/// `pipeline`: several kernels as one job. Each stage works on what the stage before it wrote, so
/// that intermediate data never leaves the machine, and the whole is audited as one result.
///
/// Params: `N=kernel` names stage N, 1 to 8 without gaps; `N.key=value` are its own parameters:
/// "1=sim.nbody\n1.steps=100\n2=merkle.root".
/// Input, little-endian: "DPL1", u32 stages, for each stage u64 bytes of its head and u64 bytes of
/// its tail; then heads and tails, stage by stage. A stage's input is its head, the output of the
/// stage before (nothing for the first), its tail: so a header or a model can be put around it.
/// Output: the last stage's.
/// Units: the stages', each known when its input is. A stage that refuses its input, or needs more
/// than the job has left, ends the job; the stages before it were work and are paid.
inline constexpr std::string_view pipeline_kernel = "pipeline";
inline constexpr std::size_t pipeline_stages_max = 8;

struct pipeline_stage {
  std::string kernel;
  std::string params;  ///< canonical bytes of that kernel's own parameters
  std::span<const std::uint8_t> head = {};
  std::span<const std::uint8_t> tail = {};
};

/// The stages that parameters name, without heads and tails.
failure read_stages(std::string_view params, std::vector<pipeline_stage>& stages);
/// The stages of a job; heads and tails lie in `input`.
failure read_pipeline(std::string_view params, std::span<const std::uint8_t> input,
                      std::vector<pipeline_stage>& stages);

/// The input bytes that hold these heads and tails. @pre at most 8 stages
std::vector<std::uint8_t> pipeline_input(std::span<const pipeline_stage> stages);

/// The kernel's entry in `registry::kernels`.
kernel_info pipeline_info();

/// What is known before it runs: form, names, and everything the first stage says about its input.
/// `units` are those of the first stage, the least that the job needs.
job_result pipeline_units(const registry& kernels, const job_request& job);

/// Runs all stages. Where one ends the job, status and message are its own, and `units` are those
/// of the stages before it, which every honest machine has done alike.
job_result run_pipeline(const registry& kernels, const job_request& job);

}  // namespace datagen::kernels
