#include "protocol/crypto/sign.hpp"

#include "tests/support/places.hpp"

#include <fstream>
#include <iterator>

using namespace datagen::protocol;

namespace {

struct vector_case {
  std::string key, message, sig, result;
};

/// Reads just what is needed of Project Wycheproof's JSON: the keys and cases in file order.
std::vector<vector_case> wycheproof() {
  std::ifstream file{datagen::source_path("tests/vectors/wycheproof_ed25519.json")};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  std::vector<vector_case> result;
  std::string key;
  vector_case current;
  for (std::size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at)) {
    const auto end = text.find('"', at + 1);
    const auto name = text.substr(at + 1, end - at - 1);
    at = end + 1;
    const auto value = [&] {
      const auto open = text.find('"', at);
      return text.substr(open + 1, text.find('"', open + 1) - open - 1);
    };
    if (name == "pk")
      key = value();
    else if (name == "msg")
      current.message = value();
    else if (name == "sig")
      current.sig = value();
    else if (name == "result") {
      current.key = key;
      current.result = value();
      result.push_back(current);
    }
  }
  return result;
}

}  // namespace

TEST_CASE("sign: reproduces test 1 of RFC 8032 section 7.1") {
  const auto key = key_pair::from_secret(*fixed_from_hex<secret_key>(
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  CHECK(to_hex(key.identity) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const auto sig = sign(key, {});
  CHECK(to_hex(sig) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        "b46bd25bf5f0595bbe24655141438e7a100b");
  CHECK(verify(key.identity, {}, sig));
  CHECK_FALSE(verify(key.identity, bytes{0}, sig));
}

TEST_CASE("sign: every invalid Wycheproof case is rejected and every valid one accepted") {
  const auto cases = wycheproof();
  REQUIRE(cases.size() >= 140);
  int valid = 0, invalid = 0;
  for (const auto& c : cases) {
    const auto key = fixed_from_hex<public_key>(c.key);
    const auto sig = fixed_from_hex<signature>(c.sig);
    const bool accepted = key && sig && verify(*key, *from_hex(c.message), *sig);
    CHECK_MESSAGE(accepted == (c.result == "valid"), c.key << " " << c.message << " " << c.sig);
    (c.result == "valid" ? valid : invalid) += 1;
  }
  CHECK(valid > 50);
  CHECK(invalid > 50);
}

TEST_CASE("sign: S + L and small-order keys are refused although the equation holds") {
  const auto key = key_pair::from_secret(secret_key{});
  auto sig = sign(key, bytes{1, 2, 3});
  REQUIRE(verify(key.identity, bytes{1, 2, 3}, sig));
  const auto order = *from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += sig.value[32 + i] + order[i];
    sig.value[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  CHECK_FALSE(verify(key.identity, bytes{1, 2, 3}, sig));
  // Key and R are the identity, S = 0: 0*B = R + k*A for every message.
  public_key identity_point;
  identity_point.value[0] = 1;
  signature trivial;
  trivial.value[0] = 1;
  CHECK_FALSE(verify(identity_point, bytes{1}, trivial));
  // The same with R = B and S = 1: nothing but the key is wrong.
  const auto anybodys = *fixed_from_hex<signature>(
    "5866666666666666666666666666666666666666666666666666666666666666"
    "0100000000000000000000000000000000000000000000000000000000000000");
  CHECK_FALSE(verify(identity_point, bytes{1}, anybodys));
}
