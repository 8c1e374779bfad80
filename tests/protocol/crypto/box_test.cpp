#include "protocol/crypto/box.hpp"

using namespace datagen::protocol;

namespace {

template <class Fixed>
Fixed from(const std::string& hex) {
  return fixed_from_hex<Fixed>(hex).value();
}

bytes text(std::string_view x) { return {x.begin(), x.end()}; }

const auto alice = box_key_pair::from_secret(
  from<box_secret>("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
const auto bob = box_key_pair::from_secret(
  from<box_secret>("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
const auto eve = box_key_pair::from_secret(box_secret{{0xee}});

/// RFC 7748 section 5.2, "one iteration after the other".
std::string iterated(int times) {
  box_secret k{{9}};
  box_public u{{9}};
  for (int i = 0; i < times; ++i) {
    const auto next = x25519(k, u).value();
    u.value = k.value;
    k.value = next.value;
  }
  return to_hex(k);
}

/// Every u whose point has an order that divides 8, in both encodings where there are two.
const std::vector<std::string> small_order{
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

}  // namespace

TEST_CASE("box: X25519 gives the known answers of RFC 7748 section 5.2, iterated ones included") {
  CHECK(
    to_hex(
      x25519(from<box_secret>("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
             from<box_public>("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
        .value()) == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  // The highest bit of u is set, and does not count.
  CHECK(
    to_hex(
      x25519(from<box_secret>("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
             from<box_public>("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"))
        .value()) == "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
  CHECK(iterated(1) == "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
  CHECK(iterated(1000) == "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST_CASE("box: both sides of RFC 7748 section 6.1 find the same secret") {
  CHECK(to_hex(alice.published) ==
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  CHECK(to_hex(bob.published) ==
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const auto shared = x25519(alice.secret, bob.published);
  CHECK(shared == x25519(bob.secret, alice.published));
  CHECK(to_hex(shared.value()) ==
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST_CASE("box: HKDF-SHA-256 gives the known answers of RFC 5869, A.1 and A.3") {
  const bytes secret(22, 0x0b);
  CHECK(to_hex(hkdf_sha256(secret, from_hex("000102030405060708090a0b0c").value(),
                           from_hex("f0f1f2f3f4f5f6f7f8f9").value(), 42)) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(to_hex(hkdf_sha256(secret, {}, {}, 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("box: a sealed message has the bytes that another implementation gives it") {
  // pyca/cryptography 48: X25519, HKDF of encode("datagen/v1/box", A, B, context),
  // ChaCha20Poly1305.
  const auto sealed = seal(alice, bob.published, text("context"), text("message"));
  REQUIRE(sealed);
  CHECK(to_hex(*sealed) == "83622f5258435fe811055ecb2b4a0a2f4b44680707b23a");
  CHECK(open(bob, alice.published, text("context"), *sealed) == text("message"));
}

TEST_CASE("box: only the receiver opens it, from that sender, in that context, unchanged") {
  const auto context = text("context");
  auto sealed = seal(alice, bob.published, context, text("message")).value();
  CHECK_FALSE(open(eve, alice.published, context, sealed));
  CHECK_FALSE(open(bob, eve.published, context, sealed));
  CHECK_FALSE(open(bob, alice.published, text("contexT"), sealed));
  CHECK_FALSE(open(bob, alice.published, {}, sealed));
  CHECK_FALSE(open(alice, bob.published, context, sealed));  // not the way back either
  for (auto& b : sealed) {
    b ^= 1;
    CHECK_FALSE(open(bob, alice.published, context, sealed));
    b ^= 1;
  }
  CHECK_FALSE(open(bob, alice.published, context, byte_view{sealed}.first(sealed.size() - 1)));
  CHECK_FALSE(open(bob, alice.published, context, {}));
  const auto empty = seal(alice, bob.published, {}, {}).value();
  CHECK(open(bob, alice.published, {}, empty) == bytes{});
}

TEST_CASE("box: the same arguments seal to the same bytes, any other context or way to others") {
  const auto sealed = seal(alice, bob.published, text("1"), bytes(32));
  CHECK(sealed == seal(alice, bob.published, text("1"), bytes(32)));
  CHECK(sealed != seal(alice, bob.published, text("2"), bytes(32)));
  CHECK(sealed != seal(bob, alice.published, text("1"), bytes(32)));
  CHECK(sealed != seal(alice, eve.published, text("1"), bytes(32)));
}

TEST_CASE("box: keys of small order are refused, whoever's they are") {
  for (const auto& hex : small_order)
    for (const std::uint8_t high_bit : {0x00, 0x80}) {
      CAPTURE(hex);
      auto weak = from<box_public>(hex);
      weak.value[31] |= high_bit;
      CHECK_FALSE(x25519(alice.secret, weak));
      CHECK_FALSE(seal(alice, weak, text("context"), text("message")));
      // Anyone could have made a box that a zero secret opens.
      CHECK_FALSE(open(bob, weak, text("context"), bytes(16 + 7)));
    }
}
