/// The module's C table: turns kernel definitions into function pointers and stops exceptions.
#include "backend.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>

#include "device.hpp"
#include "ed25519_verify.hpp"
#include "float_environment.hpp"
#include "gemm_f32.hpp"
#include "gemm_i8.hpp"
#include "mc_philox.hpp"
#include "merkle_root.hpp"
#include "nn_infer.hpp"
#include "render_path.hpp"
#include "search_bm25.hpp"
#include "sha256_batch.hpp"
#include "sim_nbody.hpp"
#include "sort_u64.hpp"
#include "topk.hpp"

namespace datagen::kernels {
namespace {

constexpr const kernel_definition* definitions[] = {
    &ed25519_verify,
    &gemm_f32,
    &gemm_i8,
    &mc_philox,
    &merkle_root,
    &nn_infer,
    &render_path,
    &search_bm25,
    &sha256_batch,
    &sim_nbody,
    &sort_u64,
    &topk,
};

void say(datagen_message* message, const std::string& sentence) {
  if (message == nullptr) return;
  const std::size_t length = std::min(sentence.size(), sizeof message->text - 1);
  std::memcpy(message->text, sentence.data(), length);
  message->text[length] = '\0';
}

std::int32_t answer(const failure& bad, datagen_message* message) {
  say(message, bad.sentence);
  return bad.status;
}

/// Runs `body`, which returns a failure; nothing thrown leaves the module.
template <class Body>
std::int32_t guarded(datagen_message* message, Body body) noexcept {
  try {
    return answer(body(), message);
  } catch (const std::bad_alloc&) {
    return answer({DATAGEN_OUT_OF_MEMORY, "not enough memory for this job"}, message);
  } catch (const std::exception& e) {
    const bool device = device_uses_driver;
    return answer({device ? DATAGEN_DEVICE_FAILED : DATAGEN_INTERNAL, e.what()}, message);
  } catch (...) {
    return answer({DATAGEN_INTERNAL, "unknown exception"}, message);
  }
}

work work_of(datagen_bytes params, datagen_bytes input) {
  return {{reinterpret_cast<const char*>(params.data), static_cast<std::size_t>(params.size)},
          {input.data, static_cast<std::size_t>(input.size)}};
}

template <std::size_t Index>
std::int32_t units(datagen_bytes params, datagen_bytes input, std::uint64_t* count,
                   datagen_message* message) {
  return guarded(message, [&] { return definitions[Index]->units(work_of(params, input), *count); });
}

template <std::size_t Index>
std::int32_t check(datagen_bytes params, datagen_bytes input, datagen_message* message) {
  std::uint64_t ignored = 0;
  return units<Index>(params, input, &ignored, message);
}

template <std::size_t Index>
std::int32_t run(const datagen_job* job, datagen_output* output, datagen_message* message) {
  *output = {};
  return guarded(message, [&]() -> failure {
    if (auto bad = check_float_environment()) return bad;
    if (auto bad = select_device(job->device)) return bad;
    const work work = work_of(job->params, job->input);
    const run_settings settings{
        .threads = job->threads,
        .portable = module_is_portable || (job->flags & DATAGEN_JOB_PORTABLE) != 0,
        .cancel = job->cancel,
        .progress = job->progress,
        .progress_context = job->progress_context,
    };
    if (settings.threads > threads_max)
      return over_limit("thread count", settings.threads, threads_max, "threads");
    if (settings.cancelled()) return {DATAGEN_CANCELLED, "the job was cancelled"};
    auto bytes = std::make_unique<output_buffer>();
    if (auto bad = definitions[Index]->run(work, settings, *bytes, output->units)) return bad;
    output->data = bytes->data();
    output->size = bytes->size();
    output->owner = bytes.release();
    return {};
  });
}

template <std::size_t... Index>
std::array<datagen_kernel, sizeof...(Index)> table_of(std::index_sequence<Index...>) {
  return {datagen_kernel{definitions[Index]->id, definitions[Index]->version,
                         definitions[Index]->summary, definitions[Index]->limits.data(),
                         static_cast<std::uint32_t>(definitions[Index]->limits.size()),
                         check<Index>, units<Index>, run<Index>}...};
}

void release(datagen_output* output) {
  delete static_cast<output_buffer*>(output->owner);
  *output = {};
}

std::int32_t device(std::uint32_t index, datagen_device* out) {
  return guarded(nullptr, [&] { return describe_device(index, *out); });
}

}  // namespace

std::uint32_t fitting_threads(std::uint64_t units) {
  constexpr std::uint64_t units_per_thread = 250;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(default_threads(), 1 + units / units_per_thread));
}

}  // namespace datagen::kernels

extern "C" __attribute__((visibility("default"))) const datagen_backend* datagen_backend_get() {
  using namespace datagen::kernels;
  static const auto table = table_of(std::make_index_sequence<std::size(definitions)>{});
  static const datagen_backend backend{
      DATAGEN_BACKEND_ABI, backend_name, table.data(), static_cast<std::uint32_t>(table.size()),
      device_count,        device,       release};
  return &backend;
}
