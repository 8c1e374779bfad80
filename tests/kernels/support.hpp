#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/random_source.hpp"
#include "kernels/registry.hpp"

/// Shared by the kernel tests: one loaded registry, random bytes with a printed seed, hex.
namespace datagen::kernels::testing {

using bytes = std::vector<std::uint8_t>;

/// The registry of this build; the test fails with the loader's sentence when it is not usable.
const registry& loaded();

/// Runs a job on the CPU module.
job_result run_cpu(std::string_view kernel, std::string_view params,
                   std::span<const std::uint8_t> input, std::uint32_t threads = 2,
                   bool portable = false);

/// A file of the repository: below $DATAGEN_SOURCE_DIR when set, else where the tests were built.
bytes source_file(std::string_view path);

/// True when a CUDA device can be used, so that equality with it can be tested.
bool has_cuda();

/// Runs the same job on CUDA. @pre has_cuda()
job_result run_cuda(std::string_view kernel, std::string_view params,
                    std::span<const std::uint8_t> input);

/// Plain SHA-256 (FIPS 180-4), written apart from the kernels'.
bytes sha256(std::span<const std::uint8_t> data);

std::string hex(std::span<const std::uint8_t> data);
bytes from_hex(std::string_view text);
inline bytes from_text(std::string_view text) { return {text.begin(), text.end()}; }

/// $DATAGEN_TEST_SEED or the fixed default; CAPTURE it so that a failure prints it.
std::uint64_t test_seed();

}  // namespace datagen::kernels::testing
