#include "actors/adversary/bent_coin.hpp"

namespace datagen {

using namespace protocol;
using consensus::coin_domain;

namespace {

class kept_shares : public consensus::coin_source {
public:
  explicit kept_shares(std::shared_ptr<const consensus::coin_source> honest)
      : honest_(std::move(honest)) {}
  bytes share(coin_domain domain, std::uint64_t index) const override {
    return domain == coin_domain::audits ? bytes{} : honest_->share(domain, index);
  }
  bool valid(consensus::author_index author, coin_domain domain, std::uint64_t index,
             byte_view share) const override {
    return honest_->valid(author, domain, index, share);
  }
  digest value(coin_domain domain, std::uint64_t index,
               const consensus::named_shares& shares) const override {
    return honest_->value(domain, index, shares);
  }

private:
  std::shared_ptr<const consensus::coin_source> honest_;
};

}  // namespace

std::shared_ptr<const consensus::coin_source> bent_coin(
  std::shared_ptr<const consensus::coin_source> honest) {
  return std::make_shared<kept_shares>(std::move(honest));
}

}  // namespace datagen
