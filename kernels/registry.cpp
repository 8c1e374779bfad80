#include "registry.hpp"

#include <cpuid.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>

#include "pipeline.hpp"

namespace datagen::kernels {
namespace {

constexpr const char* v3_module = "datagen_kernels_cpu_v3.so";
constexpr const char* v4_module = "datagen_kernels_cpu_v4.so";
constexpr const char* baseline_module = "datagen_kernels_cpu_baseline.so";
constexpr const char* cuda_module = "datagen_kernels_cuda.so";
constexpr std::string_view cpu = "cpu";

/// Names of absent processor features.
class feature_list {
 public:
  void need(bool present, const char* name) {
    if (!present) missing_ += (missing_.empty() ? "" : ", ") + std::string(name);
  }
  const std::string& missing() const { return missing_; }

 private:
  std::string missing_;
};

/// What x86-64-v4 asks for beyond v3 and this processor or its kernel lacks, or empty.
std::string missing_for_v4() {
  __builtin_cpu_init();
  feature_list list;
  list.need(__builtin_cpu_supports("avx512f") != 0, "AVX512F");
  list.need(__builtin_cpu_supports("avx512bw") != 0, "AVX512BW");
  list.need(__builtin_cpu_supports("avx512cd") != 0, "AVX512CD");
  list.need(__builtin_cpu_supports("avx512dq") != 0, "AVX512DQ");
  list.need(__builtin_cpu_supports("avx512vl") != 0, "AVX512VL");
  return list.missing();
}

/// What x86-64-v3 asks for and this processor lacks, or empty.
std::string missing_for_v3() {
  __builtin_cpu_init();
  feature_list list;
  const auto need = [&](bool present, const char* name) { list.need(present, name); };
  need(__builtin_cpu_supports("avx2") != 0, "AVX2");
  need(__builtin_cpu_supports("fma") != 0, "FMA");
  need(__builtin_cpu_supports("bmi") != 0, "BMI1");
  need(__builtin_cpu_supports("bmi2") != 0, "BMI2");
  unsigned a = 0, b = 0, c = 0, d = 0;
  const bool leaf_one = __get_cpuid(1, &a, &b, &c, &d) != 0;
  need(leaf_one && (c & (1u << 22)) != 0, "MOVBE");
  need(leaf_one && (c & (1u << 29)) != 0, "F16C");
  need(__get_cpuid(0x80000001, &a, &b, &c, &d) != 0 && (c & (1u << 5)) != 0, "LZCNT");
  return list.missing();
}

std::filesystem::path find_module(const std::vector<std::filesystem::path>& directories,
                                  const char* name) {
  std::error_code ignored;
  for (const auto& directory : directories)
    if (std::filesystem::is_regular_file(directory / name, ignored))
      return std::filesystem::absolute(directory / name, ignored);
  return {};
}

/// OpenMP threads that have finished their part shall sleep, not spin: where something else wants a
/// processor, those that spin keep the last one of the team from getting there. Measured beside one
/// compiler run at low priority: a job of 60 microseconds took 45 milliseconds. libgomp reads this
/// when the first module brings it in, and has no call for it.
void sleep_at_barriers() { setenv("OMP_WAIT_POLICY", "passive", 0); }

/// Loads one module; on failure `error` says why in one line.
const datagen_backend* open_module(const std::filesystem::path& path, std::string& error) {
  sleep_at_barriers();
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    error = std::string("cannot load kernel module: ") + dlerror();
    return nullptr;
  }
  using getter = const datagen_backend* (*)();
  const auto get = reinterpret_cast<getter>(dlsym(handle, "datagen_backend_get"));
  if (get == nullptr) {
    error = path.string() + " is not a kernel module: it has no datagen_backend_get";
    return nullptr;
  }
  const datagen_backend* backend = get();
  if (backend->abi != DATAGEN_BACKEND_ABI) {
    error = path.string() + " has module interface " + std::to_string(backend->abi) +
            ", this program needs " + std::to_string(DATAGEN_BACKEND_ABI);
    return nullptr;
  }
  return backend;
}

std::string joined(const std::vector<std::filesystem::path>& directories) {
  std::string out;
  for (const auto& directory : directories)
    out += (out.empty() ? "" : ", ") + directory.string();
  return out.empty() ? "no directory" : out;
}

bool is_cpu_module(std::string_view name) { return name.starts_with("cpu-"); }

datagen_bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

datagen_bytes bytes_of(std::span<const std::uint8_t> bytes) {
  return {bytes.data(), bytes.size()};
}

void forward_progress(void* context, std::uint64_t done, std::uint64_t total) {
  (*static_cast<const std::function<void(std::uint64_t, std::uint64_t)>*>(context))(done, total);
}

}  // namespace

std::vector<std::filesystem::path> registry::module_directories() {
  if (const char* chosen = std::getenv("DATAGEN_KERNELS_DIR")) return {chosen};
  std::error_code error;
  const auto executable = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto here = executable.parent_path();
  return {here, here / "kernels", here.parent_path() / "kernels",
          here.parent_path() / "lib" / "datagen"};
}

registry registry::load(const std::vector<std::filesystem::path>& directories) {
  registry out;
  if (const std::string missing = missing_for_v3(); !missing.empty()) {
    out.error_ = "this processor lacks " + missing +
                 ": kernels need x86-64-v3 (Haswell, Zen or newer)";
    return out;
  }
  out.error_.clear();
  out.load_cuda_module(directories);
  out.load_cpu_modules(directories);
  if (!out.ok()) out.backends_.clear();
  return out;
}

registry registry::load_oracle(const std::vector<std::filesystem::path>& directories) {
  registry out;
  out.error_.clear();
  if (const auto path = find_module(directories, baseline_module); path.empty())
    out.error_ = std::string(baseline_module) + " was not found in " + joined(directories);
  else if (const datagen_backend* baseline = open_module(path, out.error_))
    out.backends_.push_back(baseline);
  return out;
}

void registry::load_cuda_module(const std::vector<std::filesystem::path>& directories) {
  std::string error;
  const auto path = find_module(directories, cuda_module);
  if (path.empty()) {
    notes_.push_back("CUDA kernels are not built: jobs run on the CPU");
    return;
  }
  const datagen_backend* cuda = open_module(path, error);
  if (cuda == nullptr) {
    notes_.push_back(error);
    return;
  }
  if (cuda->device_count() == 0)
    notes_.push_back("CUDA kernels are there but no CUDA device or driver is");
  backends_.push_back(cuda);
}

void registry::load_cpu_modules(const std::vector<std::filesystem::path>& directories) {
  std::string error;
  const auto v4 = find_module(directories, v4_module);
  if (const std::string missing = missing_for_v4(); !missing.empty())
    notes_.push_back("this processor lacks " + missing + ": the CPU's kernels are those for v3");
  else if (v4.empty())
    notes_.push_back(std::string(v4_module) + " is not there: the CPU's kernels are those for v3");
  else if (const datagen_backend* backend = open_module(v4, error))
    backends_.push_back(backend);
  const auto v3 = find_module(directories, v3_module);
  if (v3.empty())
    error = std::string(v3_module) + " was not found in " + joined(directories);
  else if (const datagen_backend* backend = open_module(v3, error))
    backends_.push_back(backend);
  if (backend_for(cpu) == nullptr)
    error_ = error;
  else if (!error.empty())
    notes_.push_back(error);
}

std::vector<kernel_info> registry::kernels() const {
  std::vector<kernel_info> out;
  const datagen_backend* host = backend_for(cpu);
  if (host == nullptr) return out;
  for (const auto& kernel : std::span(host->kernels, host->kernel_count)) {
    kernel_info info{kernel.id, kernel.version, kernel.summary, {}};
    for (const auto& limit : std::span(kernel.limits, kernel.limit_count))
      info.limits.push_back({limit.name, limit.maximum, limit.unit});
    out.push_back(std::move(info));
  }
  out.push_back(pipeline_info());
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

std::vector<device_info> registry::devices() const {
  std::vector<device_info> out;
  for (const datagen_backend* backend : backends_) {
    const bool is_cpu = is_cpu_module(backend->name);
    if (is_cpu && backend != backend_for(cpu)) continue;
    for (std::uint32_t i = 0; i < backend->device_count(); ++i)
      if (datagen_device device; backend->device(i, &device) == DATAGEN_OK)
        out.push_back({is_cpu ? std::string(cpu) : backend->name, backend->name, i, device.name,
                       device.memory_bytes});
  }
  return out;
}

std::vector<std::string> registry::modules() const {
  std::vector<std::string> out;
  for (const datagen_backend* backend : backends_)
    if (backend->device_count() > 0) out.push_back(backend->name);
  return out;
}

const datagen_backend* registry::backend_for(std::string_view name) const {
  for (const datagen_backend* backend : backends_) {
    if (name.empty() && backend->device_count() > 0) return backend;
    if (name == backend->name || (name == cpu && is_cpu_module(backend->name))) return backend;
  }
  return nullptr;
}

const datagen_kernel* registry::find(const job_request& job, const datagen_backend*& backend,
                                     job_result& refused) const {
  if (!ok()) {
    refused = {DATAGEN_DEVICE_FAILED, error_, 0, {}};
    return nullptr;
  }
  backend = backend_for(job.backend);
  if (backend == nullptr) {
    refused = {DATAGEN_DEVICE_FAILED,
               "there is no back end '" + std::string(job.backend) + "' on this host", 0, {}};
    return nullptr;
  }
  std::string known;
  for (const auto& kernel : std::span(backend->kernels, backend->kernel_count)) {
    if (job.kernel == kernel.id) return &kernel;
    known += (known.empty() ? "" : ", ") + std::string(kernel.id);
  }
  refused = {DATAGEN_UNKNOWN_KERNEL,
             "there is no kernel '" + std::string(job.kernel) + "', known: " + known + ", " +
                 std::string(pipeline_kernel),
             0, {}};
  return nullptr;
}

bool registry::knows(std::string_view kernel, std::string_view backend) const {
  job_result ignored;
  const datagen_backend* found = nullptr;
  return kernel == pipeline_kernel ||
         find({.kernel = kernel, .params = {}, .input = {}, .backend = backend}, found, ignored);
}

job_result registry::check(const job_request& job) const {
  if (job.kernel == pipeline_kernel) {
    auto result = pipeline_units(*this, job);
    result.units = 0;
    return result;
  }
  job_result result;
  const datagen_backend* backend = nullptr;
  const datagen_kernel* kernel = find(job, backend, result);
  if (kernel == nullptr) return result;
  datagen_message message{};
  result.exit_status = kernel->check(bytes_of(job.params), bytes_of(job.input), &message);
  result.message = message.text;
  return result;
}

job_result registry::units(const job_request& job) const {
  if (job.kernel == pipeline_kernel) return pipeline_units(*this, job);
  job_result result;
  const datagen_backend* backend = nullptr;
  const datagen_kernel* kernel = find(job, backend, result);
  if (kernel == nullptr) return result;
  datagen_message message{};
  result.exit_status =
      kernel->units(bytes_of(job.params), bytes_of(job.input), &result.units, &message);
  result.message = message.text;
  return result;
}

job_result registry::run(const job_request& job) const {
  static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t) &&
                std::atomic<std::uint32_t>::is_always_lock_free);
  if (job.kernel == pipeline_kernel) return run_pipeline(*this, job);
  job_result result;
  const datagen_backend* backend = nullptr;
  const datagen_kernel* kernel = find(job, backend, result);
  if (kernel == nullptr) return result;
  auto progress = job.progress;
  const datagen_job request{
      .params = bytes_of(job.params),
      .input = bytes_of(job.input),
      .device = job.device,
      .threads = job.threads,
      .flags = job.portable ? DATAGEN_JOB_PORTABLE : 0,
      .cancel = reinterpret_cast<const std::uint32_t*>(job.cancel),
      .progress = progress ? forward_progress : nullptr,
      .progress_context = &progress,
  };
  datagen_output output{};
  datagen_message message{};
  result.exit_status = kernel->run(&request, &output, &message);
  result.message = message.text;
  if (result.ok()) {
    result.units = output.units;
    result.output = {{output.data, static_cast<std::size_t>(output.size)},
                     std::shared_ptr<const void>(output.owner, [backend, output](const void*) {
                       datagen_output last = output;
                       backend->release(&last);
                     })};
  }
  return result;
}

}  // namespace datagen::kernels
