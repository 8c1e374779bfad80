#include "tools/datagen/network.hpp"

#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/json_fields.hpp"

#include <algorithm>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::size_t genesis_bytes_max = 16 << 20;

byte_view as_bytes(const std::string& x) {
  return {reinterpret_cast<const std::uint8_t*>(x.data()), x.size()};
}

}  // namespace

genesis load_genesis(const std::string& path) {
  auto result = decode<genesis>(as_bytes(load_file(path, genesis_bytes_max)));
  if (!result)
    throw failure(exit_bad_input, path + " is no genesis in canonical bytes; `datagen genesis "
                                         "fetch --output FILE` writes one");
  return std::move(*result);
}

network fetch_network(const api_client& api, const std::string& trusted) {
  const auto status = api.get("/v1/status");
  const auto raw = api.get_bytes("/v1/genesis");
  const auto start = decode<genesis>(as_bytes(raw));
  if (!start)
    throw failure(exit_failed, api.address() + " serves a genesis that does not decode; is it of "
                                               "another version?");
  network net{*start, heavy_chain_id(*start), {}};
  if (text_field(status, "genesis") != to_hex(digest_of(*start)))
    throw failure(exit_failed, api.address() + " serves a genesis that is not the one it names");
  if (text_field(field(status, "heavy"), "chain") != to_hex(net.heavy))
    throw failure(exit_failed, api.address() + " follows a Heavy Chain of another genesis");
  if (!trusted.empty() && encode(load_genesis(trusted)) != encode(*start))
    throw failure(exit_failed, api.address() + " serves another chain than " + trusted +
                                 " describes");
  return net;
}

std::vector<served_by> fetch_validators(const api_client& api, const network& net) {
  std::vector<served_by> result;
  for (std::string cursor = "/v1/validators?limit=200"; !cursor.empty();) {
    const auto page = api.get(cursor);
    for (const auto& x : list_field(page, "items")) {
      const auto id = count_field(x, "id");
      const auto key = fixed_field<public_key>(x, "key");
      if (id < net.start.validators.size() && net.start.validators[id].key != key)
        throw failure(exit_failed, api.address() + " names another key for validator " +
                                     std::to_string(id) + " than genesis");
      result.push_back({{static_cast<std::uint32_t>(id)},
                        shown_field(x, "name"),
                        key,
                        count_field(x, "ask_nano"),
                        shown_field(x, "standing") == "active"});
    }
    const auto next = list_field(page, "items").empty() ? "" : shown_field(page, "next");
    cursor = next.empty() ? "" : "/v1/validators?limit=200&cursor=" + next;
  }
  return result;
}

const served_by& find_validator(const std::vector<served_by>& all, validator_id id) {
  const auto it =
    std::find_if(all.begin(), all.end(), [id](const served_by& x) { return x.id == id; });
  if (it == all.end())
    throw failure(exit_failed, "the server names no validator " + std::to_string(id.value));
  return *it;
}

}  // namespace datagen::tools
