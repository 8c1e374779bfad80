// Portable receipts, which travel as files between people who do not know each other: the canonical
// bytes, and the check behind them as if every signature held.

#include "tests/fuzz/target.hpp"

#include "tests/protocol/receipt/journey.hpp"

namespace datagen::fuzz {

namespace {

struct trusting_checker final : protocol::signature_checker {
  bool check(const protocol::public_key&, byte_view, const protocol::signature&) const override {
    return true;
  }
};

const receipt_test::journey& trip() {
  static const auto result = [] {
    receipt_test::journey x{2, 1};
    x.audit_it("pass");
    return x;
  }();
  return result;
}

}  // namespace

void check(byte_view data) {
  const auto x = protocol::decode_portable(data);
  if (!x)
    return;
  require(std::ranges::equal(encode_portable(*x), data), "a receipt has one encoding");
  static const auto anchor = trip().checkpoint();
  const trusting_checker trusting;
  for (const auto* trusted : {static_cast<const protocol::trusted_checkpoint*>(nullptr), &anchor})
    require(!check_portable(trip().net.start, *x, trusting, trusted).reason.empty(),
            "every receipt is answered with a sentence");
}

std::vector<bytes> seeds() {
  auto promised = trip().paper;
  promised.fast.reset();
  promised.heavy.clear();
  promised.hand_overs.clear();
  auto ordered = trip().paper;
  ordered.heavy.clear();
  return {encode_portable(promised), encode_portable(ordered), encode_portable(trip().paper),
          encode_portable(receipt_test::journey{}.paper)};
}

}  // namespace datagen::fuzz
