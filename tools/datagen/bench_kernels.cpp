// `datagen bench kernels`: the kernels beside the fastest libraries. The rows are a program of their
// own, `kernels_bench`, since the kernels' room builds and is measured without the rest as well.

#include "tools/datagen/commands.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

namespace datagen::tools {

namespace {

struct kernels_options {
  std::string scene = "config/scenes/loggia.toml";
  std::string text = "README.md";
  std::string only;
  bool cuda = false;
};

/// Becomes that program; returns only when it cannot.
exit_code become(const kernels_options& x) {
  std::error_code ignored;
  const auto program =
    (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "kernels_bench")
      .string();
  std::vector<std::string> words{program};
  if (x.cuda)
    words.push_back("cuda");
  words.push_back(x.scene);
  if (!x.cuda)
    words.insert(words.end(), {x.text, x.only});
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  return fail(exit_failed, "cannot run " + program + ": " + std::strerror(errno) +
                             "; it is built with the target kernels_bench");
}

}  // namespace

void add_bench_kernels(CLI::App& bench, action& run) {
  auto* command = bench.add_subcommand("kernels", "The kernels beside the fastest libraries");
  const auto x = std::make_shared<kernels_options>();
  command->add_option("--scene", x->scene, "What render.path draws")->check(CLI::ExistingFile);
  command->add_option("--text", x->text, "What search.bm25 searches; a document per line")
    ->check(CLI::ExistingFile);
  command->add_option("--only", x->only, "The rows of one kernel, e.g. gemm.f32");
  command->add_flag("--cuda", x->cuda, "Whole jobs on CUDA beside all CPU threads");
  command->callback([&run, x] { run = [x] { return become(*x); }; });
}

}  // namespace datagen::tools
