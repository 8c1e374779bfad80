#include <algorithm>
#include <string>

#include "jobs/ed25519_verify_job.hpp"
#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

__extension__ typedef unsigned __int128 wide;

/// A number modulo 2^255 - 19, always below it: plain schoolbook, apart from the kernel's field.
struct residue {
  std::array<std::uint64_t, 4> w{};
};

constexpr std::array<std::uint64_t, 4> prime = {0xffffffffffffffed, 0xffffffffffffffff,
                                                0xffffffffffffffff, 0x7fffffffffffffff};

bool at_least_prime(const residue& a) {
  for (std::size_t i = 4; i-- > 0;)
    if (a.w[i] != prime[i])
      return a.w[i] > prime[i];
  return true;
}

residue less_prime(residue a) {
  while (at_least_prime(a)) {
    wide borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const wide t = static_cast<wide>(a.w[i]) - prime[i] - borrow;
      a.w[i] = static_cast<std::uint64_t>(t);
      borrow = t >> 64 & 1;
    }
  }
  return a;
}

/// 2^256 = 38 modulo p.
residue folded(std::array<std::uint64_t, 4> low, wide high) {
  while (high != 0) {
    wide carry = high * 38;
    for (std::size_t i = 0; i < 4; ++i) {
      carry += low[i];
      low[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    high = carry;
  }
  return less_prime({low});
}

residue sum(const residue& a, const residue& b) {
  std::array<std::uint64_t, 4> out;
  wide carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += static_cast<wide>(a.w[i]) + b.w[i];
    out[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return folded(out, carry);
}

residue number(std::uint64_t x) { return {{x, 0, 0, 0}}; }

residue product(const residue& a, const residue& b) {
  residue out;
  for (std::size_t i = 4; i-- > 0;) {  // Horner over the limbs of b
    for (int limb = 0; limb < 64; ++limb)
      out = sum(out, out);
    std::array<std::uint64_t, 4> low;
    wide carry = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      carry += static_cast<wide>(a.w[j]) * b.w[i];
      low[j] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    out = sum(out, folded(low, carry));
  }
  return out;
}

residue power(const residue& a, const std::array<std::uint64_t, 4>& exponent) {
  residue out = number(1);
  for (std::size_t bit = 256; bit-- > 0;) {
    out = product(out, out);
    if (exponent[bit / 64] >> (bit % 64) & 1)
      out = product(out, a);
  }
  return out;
}

residue minus(const residue& a) {
  residue out;
  wide borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const wide t = static_cast<wide>(prime[i]) - a.w[i] - borrow;
    out.w[i] = static_cast<std::uint64_t>(t);
    borrow = t >> 64 & 1;
  }
  return less_prime(out);
}

residue inverse_of(const residue& a) {
  return power(a, {prime[0] - 2, prime[1], prime[2], prime[3]});
}

const residue d = product(minus(number(121665)), inverse_of(number(121666)));

/// x and y times z: the complete addition law of RFC 8032 section 5.1.4, without precomputation.
struct plain_point {
  residue x, y = number(1), z = number(1), t;
};

plain_point plain_sum(const plain_point& p, const plain_point& q) {
  const residue a = product(sum(p.y, minus(p.x)), sum(q.y, minus(q.x)));
  const residue b = product(sum(p.y, p.x), sum(q.y, q.x));
  const residue c = product(product(p.t, sum(q.t, q.t)), d), e = product(p.z, sum(q.z, q.z));
  const residue f = sum(b, minus(a)), g = sum(e, minus(c)), h = sum(e, c), i = sum(b, a);
  return {product(f, g), product(h, i), product(g, h), product(f, i)};
}

plain_point times(std::array<std::uint64_t, 4> k, const plain_point& p) {
  plain_point out;
  for (std::size_t bit = 256; bit-- > 0;) {
    out = plain_sum(out, out);
    if (k[bit / 64] >> (bit % 64) & 1)
      out = plain_sum(out, p);
  }
  return out;
}

/// ZIP-215: any y, and -0 as well.
bool plain_decoded(const std::uint8_t* bytes, plain_point& out) {
  std::array<std::uint64_t, 4> w;
  std::memcpy(w.data(), bytes, 32);
  const bool sign = w[3] >> 63 != 0;
  w[3] &= 0x7fffffffffffffff;
  const residue y = less_prime({w}), yy = product(y, y);
  const residue u = sum(yy, minus(number(1))), v = sum(product(d, yy), number(1));
  const residue square = product(u, inverse_of(v));
  // A root of s is s^((p+3)/8), times a root of -1 if that is off by -1.
  residue x =
    power(square, {0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffffffffffff, 0x0fffffffffffffff});
  if (product(x, x).w != square.w)
    x = product(x, power(number(2), {0xfffffffffffffffb, 0xffffffffffffffff, 0xffffffffffffffff,
                                     0x1fffffffffffffff}));
  if (product(x, x).w != square.w)
    return false;
  if ((x.w[0] & 1) != (sign ? 1u : 0u))
    x = minus(x);
  out = {x, y, number(1), product(x, y)};
  return true;
}

bool reference_valid(const signature_case& c) {
  constexpr std::array<std::uint64_t, 4> order = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0,
                                                  0x1000000000000000};
  std::array<std::uint64_t, 4> s;
  std::memcpy(s.data(), c.signature.data() + 32, 32);
  if (!std::lexicographical_compare(s.rbegin(), s.rend(), order.rbegin(), order.rend()))
    return false;
  plain_point a, r, base;
  std::array<std::uint8_t, 32> b;
  b.fill(0x66);
  b[0] = 0x58;  // RFC 8032: the encoding of B
  if (!plain_decoded(c.key.data(), a) || !plain_decoded(c.signature.data(), r) ||
      !plain_decoded(b.data(), base))
    return false;
  const auto k =
    ed25519::modulo_order(ed25519::sha512({{c.signature.data(), 32}, c.key, c.message}));
  plain_point left = times(s, base), right = plain_sum(times(k, a), r);
  for (int i = 0; i < 3; ++i)
    left = plain_sum(left, left), right = plain_sum(right, right);
  return product(left.x, right.z).w == product(right.x, left.z).w &&
         product(left.y, right.z).w == product(right.y, left.z).w;
}

signature_case from_texts(const std::string& key, const std::string& signature,
                          const std::string& message) {
  signature_case out;
  const bytes k = from_hex(key), s = from_hex(signature);
  std::copy(k.begin(), k.end(), out.key.begin());
  std::copy(s.begin(), s.end(), out.signature.begin());
  out.message = from_hex(message);
  return out;
}

std::string verdicts(const std::vector<signature_case>& cases, std::uint32_t threads = 2) {
  const auto result = run_cpu("ed25519.verify", "", ed25519_input(cases), threads);
  CHECK_MESSAGE(result.ok(), result.message);
  return hex(result.output);
}

/// The eight points of small order in all their encodings: canonical, with y = p or p + 1 for 0 or
/// 1, and with the sign bit of x = 0 set.
std::vector<std::string> small_order_encodings() {
  const std::string zeros(60, '0'), ones(60, 'f');
  const std::string eighth[] = {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc",
                                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03"};
  return {"01" + zeros + "00", "ec" + ones + "7f", "00" + zeros + "00", "00" + zeros + "80",
          eighth[0] + "05",    eighth[0] + "85",   eighth[1] + "7a",    eighth[1] + "fa",
          "01" + zeros + "80", "ec" + ones + "ff", "ee" + ones + "7f",  "ee" + ones + "ff",
          "ed" + ones + "7f",  "ed" + ones + "ff"};
}

}  // namespace

TEST_CASE(
  "ed25519.verify: RFC 8032's first three signatures are valid, and not for other messages") {
  const std::vector<signature_case> good = {
    from_texts("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
               "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
               "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
               ""),
    from_texts("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
               "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
               "72"),
    from_texts("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
               "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
               "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
               "af82")};
  auto wrong = good;
  for (auto& x : wrong)
    x.message.push_back(0);
  auto all = good;
  all.insert(all.end(), wrong.begin(), wrong.end());
  CHECK(verdicts(all) == "010101000000");
  CHECK(verdicts({}).empty());
}

TEST_CASE(
  "ed25519.verify: every pair of small-order A and R with S = 0 is valid, as ZIP-215 demands") {
  std::vector<signature_case> cases;
  for (const auto& a : small_order_encodings())
    for (const auto& r : small_order_encodings())
      cases.push_back(from_texts(a, r + std::string(64, '0'), "5a63617368"));
  REQUIRE(cases.size() == 196);
  std::string all;
  for (std::size_t i = 0; i < cases.size(); ++i)
    all += "01";
  CHECK(verdicts(cases) == all);
  for (std::size_t i = 0; i < cases.size(); i += 29)
    CHECK(reference_valid(cases[i]));
}

TEST_CASE("ed25519.verify: S at the group order or above is refused, whatever else holds") {
  auto x =
    from_texts(small_order_encodings()[0], small_order_encodings()[0] + std::string(64, '0'), "");
  CHECK(verdicts({x}) == "01");
  const bytes order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  std::copy(order.begin(), order.end(), x.signature.begin() + 32);
  CHECK(verdicts({x}) == "00");
}

TEST_CASE("ed25519.verify: a y with no x is refused as a key and as R") {
  const auto identity = small_order_encodings()[0];
  const std::string none = "02" + std::string(62, '0');
  CHECK(verdicts({from_texts(none, identity + std::string(64, '0'), ""),
                  from_texts(identity, none + std::string(64, '0'), "")}) == "0000");
  plain_point ignored;
  CHECK_FALSE(plain_decoded(from_hex(none).data(), ignored));
}

TEST_CASE("ed25519.verify: random signatures, whole and damaged, equal plain arithmetic") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  std::vector<signature_case> cases;
  std::string expected;
  for (int i = 0; i < 24; ++i) {
    auto x = some_signature(random);
    const auto bit = static_cast<std::uint8_t>(1u << random.below(8));
    if (i % 4 == 1)
      x.key[random.below(32)] ^= bit;
    if (i % 4 == 2)
      x.signature[random.below(64)] ^= bit;
    if (i % 4 == 3 && !x.message.empty())
      x.message[random.below(x.message.size())] ^= bit;
    const bool valid = reference_valid(x);
    if (i % 4 == 0)
      CHECK(valid);
    expected += valid ? "01" : "00";
    cases.push_back(std::move(x));
  }
  for (std::uint32_t threads : {1u, 3u, 16u})
    CHECK(verdicts(cases, threads) == expected);
  if (has_cuda())
    CHECK(hex(run_cuda("ed25519.verify", "", ed25519_input(cases)).output) == expected);
}

TEST_CASE("ed25519.verify: known answers of random jobs, so that an old result still verifies") {
  bytes inputs, outputs;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto job = random_ed25519_verify_job(seed);
    const auto result = run_cpu("ed25519.verify", job.params, job.input);
    REQUIRE_MESSAGE(result.ok(), result.message);
    inputs.insert(inputs.end(), job.input.begin(), job.input.end());
    outputs.insert(outputs.end(), result.output.begin(), result.output.end());
  }
  CHECK(hex(sha256(inputs)) == "f71173f3f81e3e078d42ec71f40d2bd694e773d45ba752849ccc69d81d342656");
  CHECK(hex(sha256(outputs)) == "75f10d833ba1ca4f5a38b88590f75ebfa5110438826bf8f2c2e9a2f417df3239");
}

TEST_CASE("ed25519 SHA-512: FIPS 180-4's answers, in any cut") {
  const bytes abc = from_text("abc");
  CHECK(hex(ed25519::sha512({abc})) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  CHECK(hex(ed25519::sha512({})) ==
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
        "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
  random_source random(test_seed());
  for (std::size_t size = 0; size < 300; ++size) {
    const bytes data = random.some_bytes(size);
    const std::size_t cut = random.below(size + 1);
    CHECK(ed25519::sha512({data}) ==
          ed25519::sha512({std::span(data).first(cut), std::span(data).subspan(cut)}));
  }
}

TEST_CASE("ed25519.verify: units are known before the run") {
  random_source random(1);
  std::vector<signature_case> cases(3, some_signature(random));
  for (auto& x : cases)
    x.message.resize(4000);
  const auto input = ed25519_input(cases);
  CHECK(loaded().units({.kernel = "ed25519.verify", .params = {}, .input = input}).units ==
        1 + 120 + 30);
  CHECK(run_cpu("ed25519.verify", "", input).units == 151);
}

TEST_CASE("ed25519.verify: bad input is refused with the figure found and the one expected") {
  const auto refused = [](const bytes& input) {
    const auto result = run_cpu("ed25519.verify", "", input);
    CHECK(result.output.empty());
    return std::to_string(result.exit_status) + ": " + result.message;
  };
  CHECK(refused({}) == "2: input does not start with the four letters DED1 and a count");
  CHECK(refused(from_hex("44454431ffffffff")) ==
        "3: input is 4294967295 signatures, the limit is 4194304 signatures");
  CHECK(refused(from_hex("4445443102000000")) ==
        "2: input is 8 bytes, but 2 signatures need 208 before the messages");
  random_source random(1);
  auto longer = ed25519_input({some_signature(random)});
  const auto size = longer.size();
  longer.push_back(0);
  CHECK(refused(longer) == "2: input is " + std::to_string(size + 1) +
                             " bytes, but its signatures and messages need " +
                             std::to_string(size));
}
