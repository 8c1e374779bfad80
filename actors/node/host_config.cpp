#include "actors/node/host_config.hpp"

#include "actors/node/roster.hpp"
#include "actors/node/toml_file.hpp"

namespace datagen {

namespace {

protocol::link::host_port listen_in(toml_section& x) {
  const auto text = x.required_text("listen");
  auto result = read_host_port(text);
  if (!result)
    x.refuse("listen", "'" + text +
                         "' is no address to listen on; it is NUMBER:PORT, e.g. "
                         "0.0.0.0:9470");
  return *result;
}

std::vector<protocol::link::host_port> workers_in(toml_section& x) {
  std::vector<protocol::link::host_port> result;
  for (const auto& text : x.texts("workers")) {
    const auto where = read_host_port(text);
    if (!where)
      x.refuse("workers", "'" + text + "' is no worker's address; it is HOST:PORT, or [IPv6]:PORT");
    result.push_back(*where);
  }
  return result;
}

}  // namespace

host_config read_host_config(const std::string& text, const std::filesystem::path& directory) {
  const auto root = parse_toml(text);
  toml_section top{root, "the file"};
  host_config result{.host = top.required_text("host"),
                     .genesis = directory / top.required_text("genesis"),
                     .network = directory / top.required_text("network"),
                     .keys = directory / top.required_text("keys"),
                     .data = directory / top.required_text("data")};
  if (const auto* table = top.table("links")) {
    toml_section x{*table, "[links]"};
    result.links = listen_in(x);
    x.end();
  } else {
    throw file_failure{{}, "the file must have [links] with listen = \"NUMBER:PORT\""};
  }
  if (const auto* table = top.table("api")) {
    toml_section x{*table, "[api]"};
    result.api = listen_in(x);
    x.end();
  }
  if (const auto* table = top.table("kernels")) {
    toml_section x{*table, "[kernels]"};
    result.workers = workers_in(x);
    if (std::string keys; x.text("inside_keys", keys))
      result.inside_keys = directory / keys;
    x.number("lanes", result.workers.empty() ? 1 : 0, 64, result.kernel_lanes);
    x.number("threads", 0, 1024, result.kernel_threads);
    x.number("batch", 1, 1024, result.kernel_batch);
    x.end();
  }
  top.end();
  return result;
}

}  // namespace datagen
