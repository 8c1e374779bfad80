#include "tools/bench/authors/author_node.hpp"

#include "tools/bench/authors/log_machine.hpp"

#include "actors/archive.hpp"
#include "actors/chain/heavy_service.hpp"
#include "actors/coin_cache.hpp"
#include "actors/node/development.hpp"
#include "actors/node/memory.hpp"
#include "actors/signature_cache.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/chain/development.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <random>

namespace datagen::bench {

using namespace protocol;

namespace {

constexpr std::uint8_t chain_number = 0;  // both kinds run as a Heavy author

digest random_digest() {
  static thread_local std::random_device device;
  digest result;
  for (auto& b : result.value)
    b = static_cast<std::uint8_t>(device());
  return result;
}

}  // namespace

genesis genesis_of(const committee_file& x) {
  return development_genesis({.validators = 4,
                              .authors = static_cast<std::uint32_t>(x.authors.size()),
                              .accounts = users,
                              .time_ms = x.time_ms,
                              .params = dev_preset()});
}

author_setup set_up(const committee_file& x, std::shared_ptr<transport> net) {
  author_setup result{.chain = x.chain,
                      .context = {.net = std::move(net),
                                  .chain = std::make_shared<const genesis>(genesis_of(x)),
                                  .entropy = random_digest},
                      .coin_secrets = development_coin("heavy", x.authors.size()).secrets};
  forget_the_others(result, x.coin);
  result.members = heavy_committee(*result.context.chain);
  result.engine = x.chain == chain_kind::ledger ? consensus::heavy_params(x.authors.size())
                                                : consensus::fast_params(x.authors.size());
  result.engine.min_round_delay_ms = x.min_round_ms;
  return result;
}

void forget_the_others(author_setup& x, const std::string& coin) {
  x.context.signatures = std::make_shared<signature_cache>();
  x.context.coins = std::make_shared<coin_cache>(coin_group_by_name(coin));
}

author_node::author_node(caf::actor_system& system, std::shared_ptr<local_transport> net,
                         const author_setup& setup, std::uint32_t index, std::string database)
    : system_(system),
      net_(std::move(net)),
      setup_(setup),
      self_{role::heavy_author, index},
      database_(std::move(database)) {}

std::shared_ptr<chain_service> author_node::make_service() const {
  if (setup_.chain == chain_kind::log)
    return std::make_shared<log_service>();
  return std::make_shared<heavy_service>(
    self_, setup_.context,
    std::make_shared<ledger::ledger_machine>(*setup_.context.chain, *setup_.context.signatures,
                                             setup_.context.coins));
}

std::string author_node::start() {
  auto opened = storage::store::open({.path = database_, .totals = totals_});
  if (!opened)
    return opened.error().sentence;
  const auto store = std::make_shared<storage::store>(std::move(*opened));
  const auto service = make_service();
  auto memory =
    load_author(*store, chain_number, *service, {setup_.members, 1}, setup_.engine.gc_depth);
  if (!memory)
    return memory.error().sentence;
  archive_ = system_.spawn<caf::detached>(archive, store, std::chrono::microseconds{0});
  author_ = system_.spawn(
    block_author,
    block_author_config{.self = self_,
                        .context = setup_.context,
                        .key = development_key(development_kind::author, self_.index),
                        .engine = [numbers = setup_.engine](std::size_t) { return numbers; },
                        .genesis_secret = setup_.coin_secrets.at(self_.index),
                        .service = service,
                        .archive = archive_,
                        .memory = std::make_shared<author_memory>(std::move(*memory))});
  net_->attach(self_, author_);
  return {};
}

void author_node::stop() {
  if (!author_)
    return;
  caf::scoped_actor self{system_};
  net_->detach(self_);
  caf::anon_send_exit(author_, caf::exit_reason::user_shutdown);
  self->wait_for(std::exchange(author_, block_author_actor{}));
  caf::anon_send_exit(archive_, caf::exit_reason::user_shutdown);
  self->wait_for(std::exchange(archive_, archive_actor{}));
}

}  // namespace datagen::bench
