#include "tools/datagen/job_input.hpp"

#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"

#include "kernels/params.hpp"
#include "kernels/pipeline.hpp"

#include <filesystem>
#include <sstream>

namespace datagen::tools {

namespace {

constexpr const char* scene_kernel = "render.path";

protocol::byte_view as_bytes(const std::string& x) {
  return {reinterpret_cast<const std::uint8_t*>(x.data()), x.size()};
}

std::string_view trimmed(std::string_view x) {
  const auto first = x.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return x.substr(first, x.find_last_not_of(" \t\r") - first + 1);
}

/// The file that a line `obj = "file.obj"` names, or nothing.
std::string mesh_file(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with("obj"))
    return {};
  line = trimmed(line.substr(3));
  if (!line.starts_with('='))
    return {};
  line = trimmed(line.substr(1));
  const auto end = line.size() > 1 && line[0] == '"' ? line.find('"', 1) : std::string_view::npos;
  if (end == std::string_view::npos)
    return {};
  const auto rest = trimmed(line.substr(end + 1));
  const auto name = line.substr(1, end - 1);
  const bool alone = rest.empty() || rest.starts_with('#');
  return alone && name.ends_with(".obj") ? std::string{name} : std::string{};
}

/// The file's text as a TOML literal; its folder may not be left: a scene may come from strangers,
/// and what it names is sent to others.
std::string mesh_text(const std::filesystem::path& scene, const std::string& name) {
  const std::filesystem::path relative{name};
  bool inside = relative.is_relative();
  for (const auto& part : relative)
    inside = inside && part != "..";
  if (!inside)
    throw failure(exit_bad_input, scene.string() + " names the mesh '" + name +
                                    "', which is not beside the scene or below");
  auto text = load_file((scene.parent_path() / relative).string(), input_bytes_max);
  if (text.find("'''") != std::string::npos)
    throw failure(exit_bad_input, name + " contains ''' and cannot be part of a scene");
  return "obj = '''\n" + text + "'''";
}

std::vector<std::pair<std::string, std::string>> split_pairs(const char* flag,
                                                             const std::vector<std::string>& all) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& x : all) {
    const auto at = x.find('=');
    if (at == std::string::npos || at == 0)
      throw failure(exit_usage, std::string{flag} + " " + x + ": expected NAME=VALUE");
    result.emplace_back(x.substr(0, at), x.substr(at + 1));
  }
  return result;
}

std::string load_input(const std::string& kernel, const std::string& path) {
  auto result = path.empty() || path == "none" ? std::string{} : load_file(path, input_bytes_max);
  return kernel == scene_kernel ? inline_meshes(result, path) : result;
}

/// Files for a pipeline's stages, "N=PATH" each, into `files` by stage.
void load_parts(const char* flag, const std::vector<std::string>& words,
                const std::vector<kernels::pipeline_stage>& stages,
                std::vector<std::string>& files) {
  for (const auto& [number, path] : split_pairs(flag, words)) {
    const auto stage =
      number.size() == 1 ? static_cast<std::size_t>(number[0] - '1') : stages.size();
    if (stage >= stages.size())
      throw failure(exit_usage, std::string{flag} + " " + number + "=" + path +
                                  ": the stages are 1 to " + std::to_string(stages.size()));
    files[stage] = load_input(stages[stage].kernel, path);
  }
}

/// The input of a pipeline: `--input` is the first stage's head unless `--head 1=` is.
std::string pipeline_of(const job_words& words, const std::string& parameters) {
  std::vector<kernels::pipeline_stage> stages;
  if (const auto bad = kernels::read_stages(parameters, stages))
    throw failure(exit_usage, bad.sentence);
  std::vector<std::string> heads(stages.size()), tails(stages.size());
  heads[0] = load_input(stages[0].kernel, words.input);
  load_parts("--head", words.heads, stages, heads);
  load_parts("--tail", words.tails, stages, tails);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    stages[i].head = as_bytes(heads[i]);
    stages[i].tail = as_bytes(tails[i]);
  }
  const auto input = kernels::pipeline_input(stages);
  return {input.begin(), input.end()};
}

/// The sentence for a kernel that this machine does not have.
[[noreturn]] void unknown_kernel(const kernels::registry& kernels, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& x : kernels.kernels())
    known.push_back(x.id);
  const auto close = nearest(name, known);
  std::string sentence = "there is no kernel '" + name + "'";
  if (!close.empty())
    throw failure(exit_usage, sentence + "; did you mean '" + close + "'?");
  for (std::size_t i = 0; i < known.size(); ++i)
    sentence += (i == 0 ? "; there are " : ", ") + known[i];
  throw failure(exit_usage, sentence);
}

}  // namespace

protocol::byte_view job_input::parameter_view() const { return as_bytes(parameters); }
protocol::byte_view job_input::input_view() const { return as_bytes(input); }

kernels::registry load_kernels() {
  auto result = kernels::registry::load();
  if (!result.ok())
    throw failure(exit_internal, "no kernels here, so nothing can be priced: " + result.error());
  return result;
}

std::string inline_meshes(const std::string& scene, const std::string& path) {
  std::istringstream lines{scene};
  std::string result;
  bool within = false;  // a multi-line text, whose lines are data
  bool changed = false;
  for (std::string line; std::getline(lines, line); result += '\n') {
    const auto name = within ? std::string{} : mesh_file(line);
    result += name.empty() ? line : mesh_text(path, name);
    changed = changed || !name.empty();
    for (const auto* quotes : {"\"\"\"", "'''"})
      for (auto at = line.find(quotes); at != std::string::npos; at = line.find(quotes, at + 3))
        within = !within;
  }
  return changed ? result : scene;
}

job_input read_job(const kernels::registry& kernels, const job_words& words) {
  const auto& kernel = words.kernel;
  job_input result;
  bool known = false;
  for (const auto& x : kernels.kernels())
    if (x.id == kernel) {
      result.kernel = {x.id, x.version};
      known = true;
    }
  if (!known)
    unknown_kernel(kernels, kernel);
  if (const auto bad =
        kernels::canonical_params(split_pairs("--param", words.params), result.parameters))
    throw failure(exit_usage, bad.sentence);
  result.open_ended = kernel == kernels::pipeline_kernel;
  if (!result.open_ended && !(words.heads.empty() && words.tails.empty()))
    throw failure(exit_usage, "--head and --tail are for the kernel 'pipeline'");
  result.input =
    result.open_ended ? pipeline_of(words, result.parameters) : load_input(kernel, words.input);
  const auto declared =
    kernels.units({.kernel = kernel, .params = result.parameters, .input = as_bytes(result.input)});
  if (declared.exit_status == DATAGEN_BAD_PARAMS)
    throw failure(exit_usage, declared.message);
  if (!declared.ok())
    throw failure(exit_bad_input, words.input + ": " + declared.message);
  result.units = declared.units;
  return result;
}

}  // namespace datagen::tools
