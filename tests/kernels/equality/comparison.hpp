#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/registry.hpp"
#include "random_jobs.hpp"

namespace datagen::equality {

/// A kernel module by name, wherever it is loaded: the oracle lives in a registry of its own.
class module_runner {
 public:
  module_runner(const kernels::registry& usual, const kernels::registry& oracle, std::string name);

  const std::string& name() const { return name_; }
  /// Empty, or why jobs cannot run on this module here.
  const std::string& error() const { return error_; }
  kernels::job_result run(std::string_view kernel, const random_job& job,
                          std::uint32_t threads) const;

 private:
  const kernels::registry* registry_;
  std::string name_;
  std::string error_;
};

/// What the same jobs gave on a module and on the reference.
struct comparison {
  std::string kernel, reference, module;
  std::uint64_t inputs = 0;
  std::uint64_t refused = 0;     ///< inputs that the reference refused; counted in `inputs` too
  std::uint64_t mismatches = 0;  ///< another status, message, unit count or output byte
  std::string outputs_root;      ///< Merkle root over status and output of every input, in hex
  double seconds = 0;            ///< spent in the module, over all workers
};

struct comparison_settings {
  std::uint64_t seed = 1;
  std::uint64_t first = 0;   ///< index of the first job
  std::uint64_t inputs = 1000;
  std::uint32_t workers = 1; ///< jobs at once
};

/// Runs the family's jobs on every module; the first is the reference, whose own row comes first.
/// Each mismatch is a line on stderr with the arguments that repeat it.
std::vector<comparison> compare(const job_family& family,
                                const std::vector<module_runner>& modules,
                                const comparison_settings& settings);

}  // namespace datagen::equality
