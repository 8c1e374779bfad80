#include "tools/bench/kernels/nn_rows.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/kernels/jobs/npy_file.hpp"
#include "tests/kernels/jobs/onnx_writer.hpp"
#include "tools/bench/kernels/aims.hpp"
#include "tools/bench/kernels/interleaved_rounds.hpp"

namespace datagen::tools {
namespace {

using kernels::testing::onnx_writer;
using bytes = std::vector<std::uint8_t>;

bytes read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bytes joined(bytes array, const bytes& model) {
  array.insert(array.end(), model.begin(), model.end());
  return array;
}

std::vector<float> noise(std::size_t count) {
  std::vector<float> out(count);
  std::uint64_t state = 1;
  for (float& value : out) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    value = static_cast<float>(state >> 40) * 0x1p-25f - 0.25f;
  }
  return out;
}

}  // namespace

bytes wide_network() {
  onnx_writer model;
  model.input("x", 1, {256, 1024});
  std::string last = "x";
  const std::uint64_t widths[] = {1024, 1024, 1024, 16};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string n = std::to_string(i);
    model.initializer("w" + n, {widths[i], widths[i + 1]}, noise(widths[i] * widths[i + 1]));
    model.initializer("b" + n, {widths[i + 1]}, noise(widths[i + 1]));
    model.node("Gemm", {last, "w" + n, "b" + n}, "s" + n);
    last = i < 2 ? "r" + n : "s" + n;
    if (i < 2)
      model.node("Relu", {"s" + n}, last);
  }
  model.output(last);
  const std::string text = model.model();
  return joined(kernels::testing::npy_floats(noise(256 * 1024), "(256, 1024)"),
                {text.begin(), text.end()});
}

namespace {

/// ONNX Runtime on a job file, in processor seconds.
struct peer_result {
  double run = 1e30;         ///< its model read before
  double whole = 1e30;       ///< the model read, then run, as a job does
  double difference = 0;     ///< of our answer from its
  bool there() const { return run < 1e30; }
};

/// Keeps the better figures in `best`.
void run_peer(const std::filesystem::path& job, const std::filesystem::path& answer,
              peer_result& best) {
  const char* folder = std::getenv("DATAGEN_ONNXRUNTIME");
  if (folder == nullptr)
    return;
  const std::string command = "cd '" + std::string(folder) +
                              "' && node '" DATAGEN_BENCH_SCRIPTS "/onnx_runtime.mjs' '" +
                              job.string() + "' '" + answer.string() + "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  double run = 0, whole = 0;
  if (pipe != nullptr && std::fscanf(pipe, "%lf %lf %lf", &run, &whole, &best.difference) == 3) {
    best.run = std::min(best.run, run);
    best.whole = std::min(best.whole, whole);
  }
  if (pipe != nullptr)
    pclose(pipe);
}

constexpr int batch_runs = 10;  // short runs: the clock of processor time ticks coarsely

void print_row(const kernels::registry& kernels, const char* name, const bytes& input) {
  const auto folder = std::filesystem::temp_directory_path() / "datagen_nn_rows";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "job", std::ios::binary)
    .write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
  kernels::job_result answer;
  const auto infer = [&](const char* params) {
    for (int i = 0; i < batch_runs; ++i)
      answer = kernels.run(
        {.kernel = "nn.infer", .params = params, .input = input, .backend = "cpu", .threads = 1});
  };
  infer("precision=f32");
  if (!answer.ok()) {
    std::printf("nn.infer %s: %s\n", name, answer.message.c_str());
    return;
  }
  double ours[2] = {1e30, 1e30};
  peer_result peer;
  for (int round = 0; round < 3; ++round) {
    const auto best = best_of(
      8, {{true, [&] { infer("precision=w8a8"); }}, {true, [&] { infer("precision=f32"); }}});
    for (std::size_t i = 0; i < 2; ++i)
      ours[i] = std::min(ours[i], best[1 - i] / batch_runs);
    std::ofstream(folder / "answer", std::ios::binary)
      .write(reinterpret_cast<const char*>(answer.output.data()),
             static_cast<std::streamsize>(answer.output.size()));
    run_peer(folder / "job", folder / "answer", peer);
  }
  std::filesystem::remove_all(folder);
  std::printf("nn.infer %s, one thread: f32 %.3f ms, w8a8 %.3f ms (with reading the model)\n", name,
              1e3 * ours[0], 1e3 * ours[1]);
  if (peer.there())
    std::printf(
      "  ONNX Runtime with reading the model %.3f ms, f32 / it = %.2f; model read before %.3f ms, "
      "f32 / it = %.2f, w8a8 / it = %.2f; largest difference of the f32 answer %.1e\n",
      1e3 * peer.whole,
      aim(std::string("nn.infer ") + name + " / ONNX Runtime, same job", peer.whole / ours[0], 1),
      1e3 * peer.run,
      aim(std::string("nn.infer ") + name + " / ONNX Runtime, model read before",
          peer.run / ours[0], 1),
      peer.run / ours[1], peer.difference);
  else
    std::printf("  ONNX Runtime is not there (DATAGEN_ONNXRUNTIME): no comparison\n");
}

}  // namespace

void print_nn_device_peers(const kernels::registry& kernels) {
  const char* python = std::getenv("DATAGEN_ONNXRUNTIME_PYTHON");
  if (python == nullptr)
    return;
  const bytes job = wide_network();
  const auto answer =
    kernels.run({.kernel = "nn.infer", .params = {}, .input = job, .backend = "cuda"});
  const auto folder = std::filesystem::temp_directory_path() / "datagen_nn_rows";
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, const auto& data) {
    std::ofstream(folder / name, std::ios::binary)
      .write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  };
  write("job", job);
  write("answer", answer.output);
  for (const char* provider : {"CPUExecutionProvider", "CUDAExecutionProvider"}) {
    const std::string command = std::string(python) + " '" + (folder / "job").string() + "' '" +
                                (folder / "answer").string() + "' " + provider + " 2>/dev/null";
    std::FILE* pipe = popen(command.c_str(), "r");
    double seconds = 0, difference = 0;
    if (pipe != nullptr && std::fscanf(pipe, "%lf %lf", &seconds, &difference) == 2)
      std::printf("  ONNX Runtime, %s, model loaded before: %.2f ms; largest difference %.1e\n",
                  provider, seconds * 1e3, difference);
    else
      std::printf("  ONNX Runtime, %s: not there\n", provider);
    if (pipe != nullptr)
      pclose(pipe);
  }
  std::filesystem::remove_all(folder);
}

void print_nn_rows(const kernels::registry& kernels, const std::string& folder) {
  const std::filesystem::path models(folder);
  print_row(kernels, "digits, 360 images",
            joined(read_file(models / "digits_held_out.npy"), read_file(models / "digits.onnx")));
  const std::vector<std::int64_t> line(32, 65);
  print_row(kernels, "text, 32 characters",
            joined(kernels::testing::npy_file("<i8", "(32,)", line.data(), 256),
                   read_file(models / "text.onnx")));
  print_row(kernels, "256 rows of 1024-1024-1024-16", wide_network());
}

}  // namespace datagen::tools
