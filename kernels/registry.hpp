#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend.h"
#include "output_bytes.hpp"

namespace datagen::kernels {

/// A bound that a kernel states about itself.
struct kernel_limit {
  std::string name;
  std::uint64_t maximum = 0;
  std::string unit;
};

struct kernel_info {
  std::string id;             ///< e.g. "merkle.root"
  std::uint32_t version = 0;  ///< 0 until the numeric profile is frozen
  std::string summary;
  std::vector<kernel_limit> limits;
};

struct device_info {
  std::string backend;      ///< "cpu" or "cuda": what a job may ask for
  std::string module;       ///< the module behind it: "cpu-v3", "cpu-v4" or "cuda"
  std::uint32_t index = 0;  ///< counts from 0 within the back end
  std::string name;
  std::uint64_t memory_bytes = 0;
};

/// One job. The spans must stay valid during the call; nothing is kept afterwards.
struct job_request {
  std::string_view kernel;  ///< kernel id
  std::string_view params;  ///< canonical bytes, see params.hpp
  std::span<const std::uint8_t> input;
  /// Empty: the first of cuda, cpu that has a device. "cpu": the best module for this processor;
  /// "cpu-v3" and "cpu-v4" name one, for equality tests.
  std::string_view backend = {};
  std::uint32_t device = 0;        ///< index within the back end
  std::uint32_t threads = 0;       ///< CPU only; 0 = one per available processor
  bool portable = false;           ///< no processor-specific inner loops; same bytes, slower
  std::uint64_t units_max = ~0ULL;  ///< work bought; ends a pipeline before a stage that needs more
  const std::atomic<std::uint32_t>* cancel = nullptr;  ///< non-zero stops the job soon
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

struct job_result {
  std::int32_t exit_status = DATAGEN_OK;  ///< datagen_status
  std::string message;                    ///< one sentence when exit_status is not DATAGEN_OK
  /// Declared work. 0 unless DATAGEN_OK, but for a pipeline that ended after some of its stages.
  std::uint64_t units = 0;
  output_bytes output;                    ///< empty unless DATAGEN_OK

  bool ok() const { return exit_status == DATAGEN_OK; }
  /// True when every honest machine gets this same answer, so that checkers may compare it.
  bool comparable() const { return exit_status < 64; }
};

/// The kernel modules of this host. Immutable once loaded, so any thread may use it; modules stay
/// loaded until the process ends. run() blocks for as long as the job takes: give it an owner.
class registry {
 public:
  /// Where modules are looked for: $DATAGEN_KERNELS_DIR alone when set, else beside the running
  /// executable, in kernels/ and ../kernels/ next to it, and in ../lib/datagen/.
  static std::vector<std::filesystem::path> module_directories();

  /// Loads the CPU modules that this processor can run (`datagen_kernels_cpu_v4.so`,
  /// `datagen_kernels_cpu_v3.so`; one is enough) and, where it is there, `datagen_kernels_cuda.so`.
  static registry load(const std::vector<std::filesystem::path>& directories =
                           module_directories());

  /// Loads `datagen_kernels_cpu_baseline.so` alone: plain loops in plain x86-64, with which tests
  /// compare the others. load() never finds it, so no job can run on it.
  static registry load_oracle(const std::vector<std::filesystem::path>& directories =
                                  module_directories());

  /// Empty when a CPU module is ready, else one line saying why no job can run.
  const std::string& error() const { return error_; }
  bool ok() const { return error_.empty(); }
  /// Lines about what is missing but not needed, such as the CUDA module.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Kernels of the CPU modules, which every validator must have, ordered by id.
  std::vector<kernel_info> kernels() const;
  /// Usable devices, CUDA first. The CPU is one device, however many modules know it.
  std::vector<device_info> devices() const;
  /// Names of the loaded modules that have a device, e.g. "cuda", "cpu-v4", "cpu-v3".
  std::vector<std::string> modules() const;

  /// Can a back end run this kernel, or the first one that has a device?
  bool knows(std::string_view kernel, std::string_view backend = {}) const;
  /// Everything run() would refuse about the job, without doing the work.
  job_result check(const job_request& job) const;
  /// Fills `units`: a pure function of kernel, params and input, known before the job runs. Of a
  /// pipeline, those of its first stage.
  job_result units(const job_request& job) const;
  /// Runs the job on the calling thread and its helpers.
  job_result run(const job_request& job) const;

 private:
  void load_cpu_modules(const std::vector<std::filesystem::path>& directories);
  void load_cuda_module(const std::vector<std::filesystem::path>& directories);
  const datagen_backend* backend_for(std::string_view name) const;
  const datagen_kernel* find(const job_request& job, const datagen_backend*& backend,
                             job_result& refused) const;

  std::vector<const datagen_backend*> backends_;  // cuda, then the CPU's, best first
  std::string error_ = "no kernel module was loaded";
  std::vector<std::string> notes_;
};

}  // namespace datagen::kernels
