#include "tests/simulation/stage.hpp"

#include "protocol/consensus/threshold_coin.hpp"
#include "tests/support/mock_coin.hpp"

namespace datagen::simulation {

namespace {

simulation_options completed(simulation_options o) {
  o.params.leaders = o.n == 4 ? 1 : 2;
  return o;
}

committee make_members(const simulation_options& o, std::vector<key_pair>& keys) {
  committee result;
  for (std::size_t i = 0; i < o.n; ++i) {
    secret_key secret;
    secret.value.fill(static_cast<std::uint8_t>(i + 1));
    keys.push_back(key_pair::from_secret(secret));
    result.authors.push_back(keys.back().identity);
  }
  result.previous_commit = hash("simulation", o.seed);
  return result;
}

struct trusting_checker : signature_checker {
  bool check(const public_key&, byte_view, const signature&) const override { return true; }
};

}  // namespace

stage::stage(simulation_options o)
    : options(completed(std::move(o))),
      random(options.seed),
      net(time, random, options),
      members(make_members(options, keys)),
      everything(options.n, options.params),
      rules(options, members, everything),
      members_of_(options.n) {
  if (options.real_coin) {
    dealt_ = deal(*openssl_coin_group(), static_cast<std::uint16_t>(options.n),
                  static_cast<std::uint16_t>(members.quorum()), hash("coin", options.seed));
    members.coin = dealt_.keys;
  }
  context_ = std::make_unique<verify_context>(members, options.params, coin_of(0));
  for (member_id m = 0; m < member_count(); ++m)
    members_of_[author_of(m)].push_back(m);
}

std::shared_ptr<const coin_source> stage::coin_of(author_index a) const {
  if (options.real_coin)
    return std::make_shared<threshold_coin>(members, std::make_shared<coin_checker>(),
                                            dealt_.secrets[a]);
  return std::make_shared<test_support::mock_coin>(members.previous_commit, a);
}

void stage::send(member_id from, author_index to, const any_event& e) {
  if (to == author_of(from))
    return;
  for (const auto m : members_of_[to])
    net.send(from, m, e);
}

bool stage::valid(const vertex_ptr& v) {
  const auto [found, fresh] = checked_.emplace(v->ref.id, false);
  if (!fresh)
    return found->second;
  static const trusting_checker trust;
  static const signature_checker strict;
  const auto reason = check(*v, *context_, options.real_signatures ? strict : trust);
  found->second = reason == vertex_check::ok;
  if (!found->second && rules.correct(v->ref.author))
    rules.fail("O13: a core proposed an invalid vertex: " + std::string{to_text(reason)});
  return found->second;
}

void stage::publish(const vertex_ptr& v) {
  note(v->ref.id);
  if (!valid(v))
    return;
  ++vertices;
  if (const auto rule = everything.add(v); !rule.empty())
    rules.fail(rule);
}

void stage::note(std::uint64_t what) { fingerprint = (fingerprint ^ what) * 1099511628211ull; }

void stage::note(const digest& what) {
  note(time.now());
  for (int i = 0; i < 8; ++i)
    note(what.value[i]);
}

}  // namespace datagen::simulation
