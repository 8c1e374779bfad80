// Are both committees at work? With fewer than a quorum alive a chain commits nothing, and the
// gateway says so in /readyz and in metrics, with figures.

#include "actors/gateway.hpp"

namespace datagen {

using namespace protocol;
using web::chain_kind;

namespace {

const char* chain_name(chain_kind x) { return x == chain_kind::heavy ? "Heavy" : "Fast"; }

std::string seconds(std::uint64_t ms) { return std::to_string(ms / 1'000) + " s"; }

/// Why nothing commits; empty while it does.
std::string trouble(chain_kind x, const web::chain_health::report& now, std::uint64_t window_ms) {
  const auto of_all = std::to_string(now.alive) + " of " + std::to_string(now.size) + " authors";
  if (!now.has_blocks)
    return std::string{"no block of the "} + to_string(x) + " chain yet";
  if (now.alive < now.quorum)
    return std::string{chain_name(x)} + ": " + of_all + " heard in the last " + seconds(window_ms) +
           "; " + std::to_string(now.quorum) + " are needed";
  if (!now.is_committing)
    return std::string{chain_name(x)} + ": no block for " + seconds(now.stalled_ms) + ", though " +
           of_all + " were heard in the last " + seconds(window_ms);
  return {};
}

}  // namespace

web::chain_health::report gateway_state::health_report(chain_kind x) const {
  return health_of(x).of(committees_.newest(x).members, config_.context.net->now().monotonic_ms);
}

http::response gateway_state::ready_answer() const {
  web::json::array reasons;
  for (const auto x : {chain_kind::heavy, chain_kind::fast})
    if (const auto why = trouble(x, health_report(x), health_of(x).window_ms()); !why.empty())
      reasons.push_back(web::json::string{why});
  if (archive_failures_ > 0)
    reasons.push_back(
      web::json::string{"the archive refused " + std::to_string(archive_failures_) + " writes"});
  if (const auto why = config_.host_trouble ? config_.host_trouble() : std::string{}; !why.empty())
    reasons.push_back(web::json::string{why});
  const bool ready = reasons.empty();
  return web::json_answer(web::json::object{{"ready", ready}, {"reasons", std::move(reasons)}},
                          ready ? 200 : 503);
}

/// While no block comes: who is there? Living and dead fall silent in blocks at one moment.
void gateway_state::ask_the_silent(chain_kind x) {
  if (!health_of(x).is_time_to_ask(config_.context.net->now().monotonic_ms))
    return;
  const auto next = models_.of(x).height() + 1;
  const auto kind = x == chain_kind::heavy ? role::heavy_author : role::fast_author;
  for (const auto id : committees_.newest(x).members.ids)
    config_.context.net->send(config_.self, peer{kind, id}, v1::block_query{0, next, next});
}

void gateway_state::hear(const peer& from, const v1::block_answer&) {
  const auto now = config_.context.net->now().monotonic_ms;
  if (from.kind == role::heavy_author)
    heavy_health_.answered(from.index, now);
  else if (from.kind == role::fast_author)
    fast_health_.answered(from.index, now);
}

std::vector<web::series> gateway_state::committee_series() const {
  const auto heavy = health_report(chain_kind::heavy);
  const auto fast = health_report(chain_kind::fast);
  const auto both = [&](auto field) {
    return std::vector<web::measured>{{{{"chain", "heavy"}}, field(heavy)},
                                      {{{"chain", "fast"}}, field(fast)}};
  };
  using report = web::chain_health::report;
  return {
    {"datagen_committee_size", "Authors of the serving committee.", false,
     both([](const report& x) -> std::uint64_t { return x.size; })},
    {"datagen_committee_quorum", "Authors that a block needs.", false,
     both([](const report& x) -> std::uint64_t { return x.quorum; })},
    {"datagen_committee_alive", "Authors heard within ten idle rounds, at least 10 s.", false,
     both([](const report& x) -> std::uint64_t { return x.alive; })},
    {"datagen_chain_stalled_ms", "Since the newest block came.", false,
     both([](const report& x) { return x.stalled_ms; })},
  };
}

}  // namespace datagen
