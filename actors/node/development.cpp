#include "actors/node/development.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/chain/development.hpp"

namespace datagen {

using namespace protocol;

std::vector<kernel_ref> shipped_kernels() {
  std::vector<kernel_ref> result;
  for (const auto* name :
       {"ed25519.verify", "gemm.f32", "gemm.i8", "mc.philox", "merkle.root", "nn.infer",
        "render.path", "search.bm25", "sha256.batch", "sim.nbody", "sort.u64", "topk"})
    result.push_back({name, 0});
  return result;
}

genesis development_genesis(const development_options& options) {
  genesis x{.name = "dev", .development = true, .time_ms = options.time_ms, .params = options.params};
  for (std::uint32_t i = 0; i < options.authors; ++i)
    x.heavy_authors.push_back(
      {development_key(development_kind::author, i).identity, dg(10'000)});
  for (std::uint32_t i = 0; i < options.validators; ++i)
    x.validators.push_back({.key = development_key(development_kind::validator, i).identity,
                            .operator_id = i,
                            .stake = dg(2'000),
                            .ask = options.ask,
                            .name = "validator-" + std::to_string(i)});
  for (const auto& author : x.heavy_authors)
    x.accounts[author.key] = genesis_purse;
  for (const auto& validator : x.validators)
    x.accounts[validator.key] = genesis_purse;
  for (std::uint32_t i = 0; i < options.accounts; ++i)
    x.accounts[development_key(development_kind::account, i).identity] = dg(100'000);
  x.kernels = shipped_kernels();
  x.heavy_coin = development_coin("heavy", x.heavy_authors.size(), *options.coins).keys;
  x.fast_coin = development_coin("fast", fast_committee_size(x), *options.coins).keys;
  return x;
}

hosted_identities development_identities(const genesis& chain, std::uint32_t routers) {
  hosted_identities x{.gateway = true};
  for (std::uint32_t i = 0; i < chain.heavy_authors.size(); ++i)
    x.authors[i] = development_key(development_kind::author, i);
  for (std::uint32_t i = 0; i < chain.validators.size(); ++i)
    x.validators[i] = development_key(development_kind::validator, i);
  const auto share_out = [](auto& to, const std::vector<coin_scalar>& secrets) {
    for (std::uint32_t i = 0; i < secrets.size(); ++i)
      to[i] = secrets[i];
  };
  share_out(x.heavy_coin, development_coin("heavy", chain.heavy_authors.size()).secrets);
  share_out(x.fast_coin, development_coin("fast", fast_committee_size(chain)).secrets);
  for (std::uint32_t i = 0; i < routers; ++i)
    x.routers.insert(i);
  return x;
}

}  // namespace datagen
