// Short texts that people type: addresses, amounts, hexadecimal, places, drawings of a DAG.

#include "tests/fuzz/target.hpp"

#include "actors/node/roster.hpp"
#include "protocol/consensus/dag_text.hpp"
#include "protocol/crypto/bech32m.hpp"

#include <algorithm>
#include <cctype>

namespace datagen::fuzz {

using namespace protocol;

namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

void check_address(std::string_view text) {
  if (const auto x = from_address(text))
    require(to_address(*x) == lower(text), "an account has one address");
  if (const auto x = bech32m_decode(text))
    require(bech32m_encode(x->prefix, x->values) == lower(text), "a bech32m text is written again");
}

void check_number(std::string_view text) {
  if (const auto x = from_decimal(text))
    require(from_decimal(to_decimal(*x)) == x, "a number that is written is read again");
  if (const auto x = from_hex(text))
    require(to_hex(*x) == lower(text), "bytes have one hexadecimal form");
}

void check_amount(std::string_view text) {
  const auto x = amount_from_text(text);
  if (!x)
    return;
  const auto written = to_text(*x);
  require(written.ends_with(" DG"), "an amount is written with its unit");
  require(amount_from_text(std::string_view{written}.substr(0, written.size() - 3)) == x,
          "an amount that is written is read again");
}

void check_place(std::string_view text) {
  if (const auto x = read_host_port(text))
    require(read_host_port(datagen::to_string(*x)) == x, "a place that is written is read again");
}

void check_dag(std::string_view text) {
  const auto x = consensus::parse_dag(text);
  if (const auto* error = std::get_if<consensus::dag_text_error>(&x))
    require(!error->what.empty(), "a refused text is answered with a sentence");
}

constexpr void (*checks[])(std::string_view) = {check_address, check_number, check_amount,
                                                check_place, check_dag};

}  // namespace

void check(byte_view data) {
  const auto [which, rest] = choose(data, std::size(checks));
  checks[which](as_text(rest));
}

std::vector<bytes> seeds() {
  const auto text = [](std::size_t which, std::string_view x) {
    return chosen(which, as_bytes(x));
  };
  return {text(0, to_address(key_pair::from_secret({{1}}).identity)),
          text(1, "340282366920938463463374607431768211455"),
          text(1, "00ffAB"),
          text(2, "12.5"),
          text(2, "340282366920938463463.374607431768211455"),
          text(3, "10.0.0.1:9470"),
          text(3, "[2001:db8::1]:65535"),
          text(4,
               "n=4 w=4 l=1\ncoin 1: B\nA1: A0 B0 C0 D0\nB1: B0 A0 C0\nA1': A0 C0 D0\n"
               "A2: A1 B1 A1'\n")};
}

}  // namespace datagen::fuzz
