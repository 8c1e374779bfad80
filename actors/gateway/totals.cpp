#include "actors/gateway/totals.hpp"

#include <algorithm>

namespace datagen::web {

using namespace protocol;
namespace happened = ledger::happened;

bool totals::take(chain_kind where, const v1::block_news& news) {
  auto& x = of(where);
  if (news.height <= x.height)
    return false;
  x.height = news.height;
  x.transactions += news.outcomes.size();
  x.bytes += news.bytes;
  return true;
}

void totals::take(const ledger::event& what) {
  cost.take(what);
  if (const auto* settled = std::get_if<happened::checkpoint_settled>(&what)) {
    leaves_settled += settled->content.leaves;
    checkpoint_settled = settled->content.sequence;
    fast_settled_height = settled->content.fast_height;
  } else if (const auto* asked = std::get_if<happened::check_requested>(&what)) {
    units_checked += asked->subject.content.units * asked->checkers.size();
  } else if (const auto* told = std::get_if<happened::digest_revealed>(&what)) {
    checks += told->who != "U" && told->who != "P" ? 1 : 0;
  } else if (const auto* ruled = std::get_if<happened::audit_settled>(&what)) {
    if (!ruled->final)
      return;
    audits_passed += ruled->outcome == "pass" ? 1 : 0;
    audits_failed += ruled->outcome == "fault" ? 1 : 0;
    last = last_audit{ruled->validator, ruled->job, ruled->outcome};
  } else if (const auto* paid = std::get_if<happened::claim_paid>(&what)) {
    units_paid += paid->units;
  }
}

void totals::take(const fast::event& what, std::size_t validators_active) {
  cost.take(what, validators_active);
  if (const auto* x = std::get_if<fast::happened::leaf_ordered>(&what)) {
    ++leaves;
    jobs_ordered += x->payable ? 1 : 0;
    units_ordered += x->content.units;
  }
}

std::uint64_t totals::audit_overhead_permille() const {
  return units_ordered == 0
           ? 0
           : static_cast<std::uint64_t>(mul_div(units_checked, 1000, units_ordered));
}

void samples::add(std::uint64_t x) {
  ++count_;
  values_.push_back(x);
  if (values_.size() > samples_max_)
    values_.pop_front();
}

std::uint64_t samples::percentile(std::uint32_t permille) const {
  if (values_.empty())
    return 0;
  std::vector<std::uint64_t> sorted(values_.begin(), values_.end());
  const auto rank = std::min(sorted.size() - 1, (sorted.size() * permille + 999) / 1000 - (permille > 0 ? 1 : 0));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(rank), sorted.end());
  return sorted[rank];
}

}  // namespace datagen::web
