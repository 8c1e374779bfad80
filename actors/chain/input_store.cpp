#include "actors/chain/input_store.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

std::uint64_t size_of(const v1::input_offer& x) { return x.parameters.size() + x.input.size(); }

}  // namespace

void input_store::hear(const ledger::event& what) {
  std::visit([this](const auto& x) { on(x); }, what);
}

void input_store::on(const happened::check_requested& x) {
  const auto& order = x.subject.order.content;
  audits_.try_emplace({x.subject.content.job, x.subject.content.attempt()},
                      entry{.parameters = order.parameters, .input = order.input});
}

void input_store::on(const happened::input_asked& x) {
  if (const auto it = audits_.find({x.job, x.attempt}); it != audits_.end())
    it->second.asked = true;
}

void input_store::on(const happened::audit_settled& x) {
  if (!x.final)
    return;
  if (const auto node = audits_.extract({x.job, x.attempt}); node && node.mapped().held)
    bytes_ -= size_of(*node.mapped().held);
}

std::optional<digest> input_store::offer(const v1::input_offer& x) {
  const auto it = audits_.find({x.job, x.attempt});
  if (it == audits_.end() || !it->second.asked)
    return std::nullopt;
  auto& known = it->second;
  if (known.held)
    return known.input;
  if (size_of(x) > bytes_max_ - bytes_ || sha256(x.input.view()) != known.input ||
      sha256(x.parameters.view()) != known.parameters)
    return std::nullopt;
  bytes_ += size_of(x);
  known.held = x;
  return known.input;
}

const blob* input_store::find(const digest& content) const {
  for (const auto& [key, x] : audits_)
    if (x.held && (x.input == content || x.parameters == content))
      return x.input == content ? &x.held->input : &x.held->parameters;
  return nullptr;
}

}  // namespace datagen
