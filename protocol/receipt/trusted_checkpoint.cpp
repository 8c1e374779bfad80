#include "protocol/receipt/trusted_checkpoint.hpp"

namespace datagen::protocol {

std::string to_text(const trusted_checkpoint& x) {
  return "the trusted checkpoint of Heavy epoch " + std::to_string(x.authors.epoch) + " at block " +
         std::to_string(x.height);
}

bool contradicts(const trusted_checkpoint& anchor, const consensus::finality_statement& x) {
  const auto epoch = anchor.authors.epoch;
  if (x.height == anchor.height)
    return x.block != anchor.block || x.epoch != epoch;
  return x.height < anchor.height ? x.epoch > epoch : x.epoch < epoch;
}

}  // namespace datagen::protocol
