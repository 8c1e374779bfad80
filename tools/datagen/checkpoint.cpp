// `datagen checkpoint fetch`: the newest committee of Heavy as a gateway names it, as a file for
// `verify --checkpoint`.

#include "tools/datagen/api_client.hpp"
#include "tools/datagen/checkpoint_file.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/json_fields.hpp"
#include "tools/datagen/receipt_file.hpp"

#include "actors/gateway/checkpoint_form.hpp"

#include <iostream>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::size_t checkpoint_bytes_max = 1 << 20;

struct checkpoint_arguments {
  std::string api = api_default, output;
  std::optional<std::uint32_t> epoch;
  bool json = false;
};

exit_code fetch_checkpoint(const checkpoint_arguments& x) {
  const api_client api{x.api};
  const auto said =
    api.get("/v1/checkpoint" + (x.epoch ? "?epoch=" + std::to_string(*x.epoch) : std::string{}));
  const auto read = web::checkpoint_from(said);
  if (!read.content)
    throw failure(exit_failed, x.api + " serves no checkpoint: " + read.wrong);
  if (x.epoch && read.content->authors.epoch != *x.epoch)
    throw failure(exit_failed, x.api + " serves a checkpoint of epoch " +
                                 std::to_string(read.content->authors.epoch) + ", not of " +
                                 std::to_string(*x.epoch));
  const auto shown = web::checkpoint_json(*read.content);
  write_durably(x.output, receipt_text(shown));
  const auto name = to_hex(digest_of(*read.content));
  if (x.json) {
    std::cout << boost::json::object{{"checkpoint", name},
                                     {"epoch", read.content->authors.epoch},
                                     {"height", read.content->height},
                                     {"block", to_hex(read.content->block)},
                                     {"file", x.output}}
              << '\n';
  } else {
    print_table({{"checkpoint", name},
                 {"epoch", std::to_string(read.content->authors.epoch)},
                 {"height", std::to_string(read.content->height)},
                 {"block", to_hex(read.content->block)},
                 {"authors", std::to_string(read.content->authors.size())},
                 {"file", x.output}});
  }
  std::cerr
    << "One server says so: rely on it once somebody you trust names the same checkpoint.\n";
  return exit_ok;
}

}  // namespace

std::optional<trusted_checkpoint> load_checkpoint(const std::string& path, const chain_id& heavy) {
  if (path.empty())
    return std::nullopt;
  auto read = web::checkpoint_from(parse_json(load_file(path, checkpoint_bytes_max), path));
  if (!read.content)
    throw failure(exit_bad_input, path + " is no checkpoint: " + read.wrong +
                                    "; `datagen checkpoint fetch --output FILE` writes one");
  if (read.content->authors.chain != heavy)
    throw failure(exit_failed, path + " is a checkpoint of another chain than this genesis makes");
  return std::move(read.content);
}

void add_checkpoint(CLI::App& program, action& run) {
  auto* group = program.add_subcommand("checkpoint", "Where trust begins, beside genesis");
  group->require_subcommand(1);
  auto* fetch = group->add_subcommand(
    "fetch", "Write the newest Heavy committee and its block, for `verify --checkpoint`");
  const auto x = std::make_shared<checkpoint_arguments>();
  fetch->add_option("--output", x->output, "The file to write")->required();
  fetch->add_option("--epoch", x->epoch, "The last block that this Heavy epoch certified instead")
    ->check(CLI::Range(0u, UINT32_MAX));
  add_api_option(*fetch, x->api);
  fetch->add_flag("--json", x->json, "JSON instead of a table");
  fetch->callback([&run, x] { run = [x] { return fetch_checkpoint(*x); }; });
}

}  // namespace datagen::tools
