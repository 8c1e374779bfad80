#pragma once
// What a job computes on: kernel, canonical parameters, input bytes, and the work they declare.

#include "kernels/registry.hpp"
#include "protocol/job/job.hpp"

#include <string>

namespace datagen::tools {

inline constexpr std::size_t input_bytes_max = 64 << 20;

struct job_input {
  protocol::kernel_ref kernel;
  std::string parameters;  ///< Canonical bytes (kernels/params.hpp).
  std::string input;
  std::uint64_t units = 0;  ///< Declared by the kernel: what the ticket must buy.
  /// A pipeline's later stages say what they need only as they run: `units` are the least.
  bool open_ended = false;
  protocol::byte_view parameter_view() const;
  protocol::byte_view input_view() const;
};

/// The kernel modules of this machine; throws `failure` when there are none.
kernels::registry load_kernels();

/// What a user names of a job.
struct job_words {
  std::string kernel;
  std::string input;                ///< Path; empty or "none": no input.
  std::vector<std::string> params;  ///< "key=value" each.
  std::vector<std::string> heads;   ///< Of a pipeline's stages, "N=PATH" each; `input` is 1's.
  std::vector<std::string> tails;
};

/// Reads and checks a job here, before anything is sent; throws `failure`.
job_input read_job(const kernels::registry& kernels, const job_words& words);

/// A scene whose meshes are whole: every line `obj = "file.obj"` gets the file's text, so that the
/// input names no files. Files lie beside the scene or below; throws `failure`.
std::string inline_meshes(const std::string& scene, const std::string& path);

}  // namespace datagen::tools
