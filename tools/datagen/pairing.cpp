// From nothing to a session with a validator: open, Echo, wait for Heavy's decision.

#include "tools/datagen/customer.hpp"
#include "tools/datagen/json_fields.hpp"

#include "protocol/crypto/bech32m.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::uint32_t opening_wait_ms = 15'000;
constexpr std::uint32_t first_sequence = 1;
constexpr std::chrono::milliseconds look_again{100};
constexpr std::chrono::milliseconds echo_notice{500};  ///< Until validators have heard of a paid Echo.

std::string path_of(session_id id) { return "/v1/sessions/" + std::to_string(id.value); }

/// The highest ask of those who serve: with it as bid, every one of them may be paired.
std::uint64_t highest_ask(const customer& who) {
  std::uint64_t result = 0;
  for (const auto& x : fetch_validators(who.api, who.net))
    if (x.active)
      result = std::max(result, x.ask);
  if (result == 0)
    throw failure(exit_failed, "no validator serves at present");
  return result;
}

session_id open_session(const customer& who, const session_wish& wish) {
  const auto address = to_address(who.key.identity);
  who.progress.show("opening a session");
  const auto nonce = count_field(who.api.get("/v1/accounts/" + address), "nonce") + 1;
  const auto id = ledger::session_id_of(who.net.heavy, who.key.identity, nonce);
  const ledger::tx::open_session body{wish.mode, wish.bid ? *wish.bid : highest_ask(who),
                                      wish.escrow};
  // Remembered first: if this process dies now, the next one finds the session it paid for.
  who.sessions.remember(who.owner(), id, first_sequence);
  const auto raw = ledger::make_transaction(who.net.heavy, who.key, nonce, body);
  const auto said =
    who.api.post("/v1/transactions?wait_ms=" + std::to_string(opening_wait_ms),
                 boost::json::object{{"transaction", to_hex(raw)}}, opening_wait_ms);
  if (const auto code = shown_field(said, "code"); !code.empty() && code != "0")
    throw failure(exit_failed, "the chain opened no session: " + shown_field(said, "reason"));
  who.progress.note("session " + std::to_string(id.value) + " opened: escrow " +
                    to_text(wish.escrow) + ", bid " + std::to_string(body.bid) +
                    " nDG per 1,000 units");
  return id;
}

/// Is the remembered session still there to be used?
bool usable(const customer& who, session_id id) {
  try {
    return shown_field(who.api.get(path_of(id)), "closed") == "false";
  } catch (const api_refusal&) {
    return false;  // it never came onto the chain, or this is another network of the same genesis
  }
}

session_id choose_session(const customer& who, const session_wish& wish) {
  if (wish.session) {
    if (wish.sequence)
      who.sessions.remember(who.owner(), *wish.session, *wish.sequence);
    else if (!who.sessions.next_sequence(who.owner(), *wish.session))
      throw failure(exit_usage,
                    who.sessions.path().string() + " does not know session " +
                      std::to_string(wish.session->value) +
                      ": give the next unused sequence with --sequence, since one used twice "
                      "forfeits the bond");
    return *wish.session;
  }
  const auto known = wish.fresh ? std::nullopt : who.sessions.current(who.owner());
  return known && usable(who, *known) ? *known : open_session(who, wish);
}

/// Refuses sessions that cannot pay for a job of this account.
void check_session(const customer& who, const boost::json::value& session, session_id id) {
  const auto user = text_field(session, "user");
  if (user != to_address(who.key.identity) && user != to_hex(who.key.identity))
    throw failure(exit_failed, "session " + std::to_string(id.value) + " belongs to " + user);
  if (shown_field(session, "closed") != "false")
    throw failure(exit_failed, "session " + std::to_string(id.value) + " is closed");
}

/// Refuses a bid below what everybody asks: nobody would ever be paired.
void check_bid(const std::vector<served_by>& validators, std::uint64_t bid) {
  std::optional<std::uint64_t> lowest;
  for (const auto& x : validators)
    if (x.active)
      lowest = std::min(lowest.value_or(x.ask), x.ask);
  if (lowest && *lowest > bid)
    throw failure(exit_failed, "every validator asks more than the session's bid of " +
                                 std::to_string(bid) + " nDG per 1,000 units, the least " +
                                 std::to_string(*lowest) +
                                 "; --new-session opens another (price_too_low)");
}

}  // namespace

paired_session look_at(const customer& who, session_id id) {
  const auto session = who.api.get(path_of(id));
  check_session(who, session, id);
  const auto validators = fetch_validators(who.api, who.net);
  const auto bid = count_field(session, "bid_nano");
  check_bid(validators, bid);
  paired_session result{.id = id, .payees = {}, .served = false};
  const auto& paired = field(session, "paired");
  if (paired.is_null())
    return result;
  const auto add = [&](std::uint32_t number) {
    const auto& known = find_validator(validators, {number});
    if (known.active && known.ask <= bid)
      result.payees.push_back(known);
  };
  add(static_cast<std::uint32_t>(count_field(paired, "validator")));
  result.served = !result.payees.empty();
  for (const auto& x : list_field(session, "stand_ins"))
    add(boost::json::value_to<std::uint32_t>(x));
  return result;
}

void pair_anew(const customer& who, session_id id) {
  const auto session = who.api.get(path_of(id));
  const auto& paired = field(session, "paired");
  if (paired.is_null())
    return run_echo(who, id);
  const auto number = static_cast<std::uint32_t>(count_field(paired, "validator"));
  if (find_validator(fetch_validators(who.api, who.net), {number}).active)
    pair_again(who, id);
  else
    run_echo(who, id);
}

paired_session pair_session(const customer& who, const session_wish& wish) {
  const auto id = choose_session(who, wish);
  auto result = look_at(who, id);
  if (result.payees.empty())
    pair_anew(who, id);
  const auto deadline = unix_ms() + wish.pairing_timeout_ms;
  while (result.payees.empty()) {
    if (unix_ms() >= deadline)
      throw failure(exit_failed, "session " + std::to_string(id.value) + " was not paired within " +
                                   std::to_string(wish.pairing_timeout_ms / 1'000) +
                                   " s; it stays open, and the next submit tries again");
    who.progress.show("waiting for the pairing");
    std::this_thread::sleep_for(look_again);
    result = look_at(who, id);
  }
  return result;
}

std::vector<served_by> find_others(const customer& who, session_id id,
                                   const std::vector<validator_id>& but, bool is_gone,
                                   std::uint64_t deadline_ms) {
  for (bool asked = false;; std::this_thread::sleep_for(look_again)) {
    auto now = look_at(who, id);
    std::erase_if(now.payees, [&but](const served_by& x) {
      return std::find(but.begin(), but.end(), x.id) != but.end();
    });
    if (!now.payees.empty() || (now.served && !is_gone) || unix_ms() >= deadline_ms)
      return now.payees;
    if (!now.served && !std::exchange(asked, true))
      pair_anew(who, id);
    who.progress.show("waiting for the next pairing");
  }
}

void pair_again(const customer& who, session_id session) {
  const auto raw =
    ledger::make_transaction(who.net.heavy, who.key, 0, ledger::tx::ask_echo{session});
  try {
    const auto said =
      who.api.post("/v1/transactions?wait_ms=" + std::to_string(opening_wait_ms),
                   boost::json::object{{"transaction", to_hex(raw)}}, opening_wait_ms);
    if (const auto code = shown_field(said, "code"); !code.empty() && code != "0") {
      who.progress.note("no further Echo yet: " + shown_field(said, "reason"));
      return;
    }
    std::this_thread::sleep_for(echo_notice);
    run_echo(who, session);
  } catch (const failure& why) {
    who.progress.note(std::string{"no further Echo yet: "} + why.what());
  }
}

}  // namespace datagen::tools
