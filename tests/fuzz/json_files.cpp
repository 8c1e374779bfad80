// JSON that people hand each other: keys, coins, trusted checkpoints, portable receipts.

#include "tests/fuzz/target.hpp"

#include "actors/gateway/checkpoint_form.hpp"
#include "protocol/chain/development.hpp"
#include "tests/protocol/receipt/journey.hpp"
#include "tools/datagen/coin_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/key_file.hpp"
#include "tools/datagen/receipt_file.hpp"

namespace datagen::fuzz {

namespace {

/// What a file says is written and read again to the same.
template <class T>
void check_file(const std::variant<std::string, T>& x,
                std::variant<std::string, T> (*parse)(const std::string&)) {
  if (const auto* why = std::get_if<std::string>(&x)) {
    require(!why->empty(), "a refused file is answered with a sentence");
    return;
  }
  const auto written = tools::to_json(std::get<T>(x));
  const auto again = parse(written);
  require(std::holds_alternative<T>(again) && tools::to_json(std::get<T>(again)) == written,
          "a file that is written is read again");
}

void check_key(const std::string& text) {
  check_file(tools::parse_key_file(text), tools::parse_key_file);
}
void check_coin_keys(const std::string& text) {
  check_file(tools::parse_coin_keys(text), tools::parse_coin_keys);
}
void check_coin_secret(const std::string& text) {
  check_file(tools::parse_coin_secret(text), tools::parse_coin_secret);
}

void check_checkpoint(const std::string& text) {
  boost::json::error_code error;
  const auto said = boost::json::parse(text, error);
  if (error)
    return;
  const auto x = web::checkpoint_from(said);
  require(x.content.has_value() == x.wrong.empty(), "a refused form is answered with a sentence");
  if (x.content)
    require(web::checkpoint_from(web::checkpoint_json(*x.content)).content == x.content,
            "a checkpoint that is written is read again");
}

const receipt_test::journey& trip() {
  static const receipt_test::journey result;
  return result;
}

void check_receipt(const std::string& text) {
  try {
    const auto x = tools::check_receipt_text(text, "receipt.json", trip().net.start);
    const auto again = tools::receipt_json(x.content, x.report);
    require(boost::json::parse(text) == boost::json::value{again},
            "an accepted file is the one that its receipt makes");
  } catch (const tools::failure& x) {
    require(std::string_view{x.what()} != "", "a refused file is answered with a sentence");
  }
}

constexpr void (*checks[])(const std::string&) = {check_key, check_coin_keys, check_coin_secret,
                                                  check_checkpoint, check_receipt};

}  // namespace

void check(byte_view data) {
  const auto [which, rest] = choose(data, std::size(checks));
  checks[which](std::string{as_text(rest)});
}

std::vector<bytes> seeds() {
  const auto key = protocol::key_pair::from_secret({{1}});
  const tools::sealed_secret sealed{.cost = {}, .salt = {}, .nonce = {}, .sealed = bytes(48, 7)};
  const auto coin = protocol::development_coin("fuzz", 4);
  const auto report = trip().verdict(trip().paper);
  const auto text = [](std::size_t which, const std::string& x) {
    return chosen(which, as_bytes(x));
  };
  return {text(0, to_json(tools::key_file{key.identity, key.secret})),
          text(0, to_json(tools::key_file{key.identity, sealed})),
          text(1, tools::to_json(coin.keys)),
          text(2, to_json(tools::coin_secret_file{0, coin.keys.shares[0], coin.secrets[0]})),
          text(2, to_json(tools::coin_secret_file{3, coin.keys.shares[3], sealed})),
          text(3, boost::json::serialize(web::checkpoint_json(trip().checkpoint()))),
          text(4, tools::receipt_text(tools::receipt_json(trip().paper, report)))};
}

}  // namespace datagen::fuzz
