// `datagen session …`: sessions as the chain knows them, and those of a pool, whose end users sign with
// keys of their own while the pool pays (R9; protocol.md section 2, step 1).

#include "tools/datagen/session_file.hpp"
#include "tools/datagen/signed_transaction.hpp"

#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/json_fields.hpp"

#include "protocol/crypto/bech32m.hpp"

#include <iostream>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr const char* consent_format = "datagen-consent-1";
constexpr std::size_t consent_bytes_max = 4'096;

struct session_arguments {
  sender_options sender;
  std::uint64_t session = 0;
  std::string pool, file, state;
  std::uint64_t life_s = 0;
  std::string mode = "latency", escrow;
  std::uint64_t bid = 0;
};

/// As people read it: amounts in DG.
std::string shown_value(std::string_view name, const boost::json::value& value) {
  if (name == "escrow_free" || name == "bond" || name == "paid")
    return to_text(amount{from_decimal(std::string{value.as_string()}).value_or(0)});
  return value.is_string() ? std::string{value.get_string()} : boost::json::serialize(value);
}

exit_code show(const session_arguments& x) {
  const auto answer =
    api_client{x.sender.api}.get("/v1/sessions/" + std::to_string(x.session));
  if (x.sender.json) {
    std::cout << answer << '\n';
    return exit_ok;
  }
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& [name, value] : answer.as_object())
    if (!value.is_null())
      rows.emplace_back(name, shown_value(name, value));
  print_table(rows);
  return exit_ok;
}

exit_code close(const session_arguments& x) {
  return sender{x.sender}.send(ledger::tx::close_session{{x.session}},
                               {{"closes", "session " + std::to_string(x.session)}});
}

/// The end user's side: agrees to sign for the pool's next session until its end.
exit_code consent(const session_arguments& x) {
  const auto pool = from_address(x.pool);
  if (!pool)
    throw failure(exit_usage, "--pool '" + x.pool + "' is no address: dg1…");
  check_writable(x.file);
  const auto key = load_account(x.sender.account);
  const api_client api{x.sender.api};
  const auto net = fetch_network(api, x.sender.genesis);
  check_account(x.sender.account, net.start);
  const auto nonce = count_field(api.get("/v1/accounts/" + x.pool), "nonce") + 1;
  const auto expires_ms = count_field(api.get("/v1/status"), "live_ms") + x.life_s * 1'000;
  const auto id = ledger::session_id_of(net.heavy, key.identity, nonce);
  const boost::json::object signed_form{
    {"format", consent_format},
    {"chain", to_hex(net.heavy)},
    {"pool", x.pool},
    {"pool_nonce", std::to_string(nonce)},
    {"user", to_address(key.identity)},
    {"expires_ms", std::to_string(expires_ms)},
    {"signature",
     to_hex(sign(key, ledger::delegation_statement(net.heavy, *pool, nonce, expires_ms)))}};
  write_durably(x.file, boost::json::serialize(signed_form) + "\n");
  session_file{x.state}.remember({net.heavy, key.identity}, id, 1);
  print_table({{"session", std::to_string(id.value) + ", once the pool has opened it"},
               {"user", to_address(key.identity)},
               {"pays", x.pool + ", with its transaction " + std::to_string(nonce)},
               {"ends at", std::to_string(expires_ms) + " ms of Heavy's live time"},
               {"consent", x.file + ": give it to the pool"}});
  return exit_ok;
}

boost::json::value load_consent(const std::string& path) {
  boost::json::value form;
  try {
    form = parse_json(load_file(path, consent_bytes_max), path);
  } catch (const failure& why) {
    throw failure(why.code == exit_failed ? exit_bad_input : why.code, why.what());
  }
  if (shown_field(form, "format") != consent_format)
    throw failure(exit_bad_input, path + " is no consent: " + consent_format + " was expected");
  return form;
}

/// The pool's side: opens the session that the consent in a file is for.
exit_code delegate(const session_arguments& x) {
  const auto form = load_consent(x.file);
  const auto escrow = amount_option("--escrow", x.escrow);
  const sender who{x.sender};
  if (text_field(form, "chain") != to_hex(who.net().heavy))
    throw failure(exit_failed, x.file + " is for another chain");
  if (text_field(form, "pool") != to_address(who.account()))
    throw failure(exit_failed, x.file + " is for the pool " + text_field(form, "pool"));
  const auto nonce = count_field(form, "pool_nonce");
  if (const auto next = who.next_nonce(); next != nonce)
    throw failure(exit_failed, x.file + " is for transaction " + std::to_string(nonce) +
                                 " of the pool, its next is " + std::to_string(next) +
                                 "; ask for a new consent");
  const auto user = from_address(text_field(form, "user"));
  if (!user)
    wrong_field("user", "an address, dg1…");
  const auto id = ledger::session_id_of(who.net().heavy, *user, nonce);
  return who.send(
    ledger::tx::delegate_session{
      .key = *user,
      .consent = fixed_field<signature>(form, "signature"),
      .mode = x.mode == "random" ? ledger::tx::pairing_mode::random
                                 : ledger::tx::pairing_mode::latency,
      .bid = x.bid,
      .escrow = escrow,
      .expires_ms = count_field(form, "expires_ms")},
    {{"session", std::to_string(id.value)}, {"user", to_address(*user)},
     {"may spend", to_text(escrow)}});
}

void add_delegate(CLI::App& command, session_arguments& x) {
  command.add_option("consent", x.file, "The file that the end user gave")->required();
  command.add_option("--escrow", x.escrow, "DG that the end user may spend at most")->required();
  command.add_option("--bid", x.bid, "Highest price in 10^-9 DG per 1,000 units")
    ->required()
    ->check(check_uint64);
  command.add_option("--mode", x.mode, "How it is paired: latency or random")
    ->check(CLI::IsMember({"latency", "random"}));
  add_sender_options(command, x.sender);
}

void add_consent(CLI::App& command, session_arguments& x) {
  command.add_option("--pool", x.pool, "Address of the account that pays, dg1…")->required();
  command.add_option("--life", x.life_s, "Seconds of live time until the session ends by itself")
    ->required()
    ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{31'536'000}));
  command.add_option("--output", x.file, "Where the consent goes")->required();
  command.add_option("--state", x.state, "Where sessions are remembered, as for `submit`");
  command.add_option("--genesis", x.sender.genesis, "Trusted genesis file; the network's must equal it");
  add_api_option(command, x.sender.api);
  add_account_options(command, x.sender.account);
}

}  // namespace

void add_sessions(CLI::App& program, action& run) {
  const auto x = std::make_shared<session_arguments>();
  auto* session = program.add_subcommand("session", "Sessions, and those that a pool pays for");
  session->require_subcommand(1);
  const auto command = [&run, session, x](const char* name, const char* what, auto does) {
    auto* result = session->add_subcommand(name, what);
    result->callback([&run, x, does] { run = [x, does] { return does(*x); }; });
    return result;
  };
  auto* shown = command("show", "What the chain knows of one", show);
  shown->add_option("session", x->session, "Its id")->required()->check(check_uint64);
  add_api_option(*shown, x->sender.api);
  shown->add_flag("--json", x->sender.json, "JSON instead of a table");
  auto* closes = command("close", "End one: by its user or by the pool that pays", close);
  closes->add_option("session", x->session, "Its id")->required()->check(check_uint64);
  add_sender_options(*closes, x->sender);
  add_consent(*command("consent", "As an end user, agree to sign for a pool's next session", consent), *x);
  add_delegate(*command("delegate", "As a pool, open the session of an end user that agreed", delegate), *x);
}

}  // namespace datagen::tools
