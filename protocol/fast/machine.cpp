#include "protocol/fast/machine.hpp"

#include "protocol/fast/echo.hpp"
#include "protocol/fast/heavy_feed.hpp"

namespace datagen::protocol::fast {

namespace {

constexpr const char* snapshot_version = "datagen/v5/fast-snapshot";

/// The transaction, or why it is none.
std::pair<ruling, std::optional<transaction>> read(byte_view raw) {
  if (raw.size() > transaction_bytes_max)
    return {{transaction_check::too_large, std::to_string(raw.size()) + " bytes; at most " +
                                             std::to_string(transaction_bytes_max)},
            std::nullopt};
  auto result = decode<transaction>(raw);
  if (!result)
    return {{transaction_check::malformed, "not a Fast Chain transaction"}, std::nullopt};
  return std::pair{ruling{}, std::move(result)};
}

}  // namespace

struct fast_machine::executing {
  chain::block_result result;
  void tell(const event& x) { result.events.push_back(encode(x)); }
  /// Something others wait for: tell it and have the block certified.
  void change(const event& x) {
    tell(x);
    result.worth_certifying = true;
  }
};

fast_machine::fast_machine(const genesis& start, const signature_checker& signatures)
    : rules_(start), signatures_(signatures), now_(initial_state(start)),
      sections_(sections_of(now_, rules_.params.snapshot_blocks)) {}

chain::state_machine::admission fast_machine::check(byte_view raw) const {
  auto [verdict, content] = read(raw);
  if (content)
    verdict = std::visit(
      [this](const auto& x) { return fast::check(now_, rules_, x, signatures_); }, *content);
  return {.code = static_cast<std::uint16_t>(verdict.code),
          .reason = std::move(verdict.reason),
          .later = may_hold_later(verdict.code)};
}

chain::block_result fast_machine::execute(const chain::block_input& block) {
  invariant(block.height == now_.height + 1, "Fast blocks are executed in order");
  invariant(block.timestamp_ms >= now_.timestamp_ms || now_.height == 0,
            "block time never decreases");
  begin_epoch(block.epoch);
  now_.height = block.height;
  now_.timestamp_ms = block.timestamp_ms;
  open_epoch(now_, rules_);
  executing current;
  for (const auto& vertex : block.vertices)
    for (const auto& raw : vertex->body.transactions)
      run(current, raw);
  const auto closes = close_epoch(now_, rules_);
  if (const auto made = make_checkpoint(now_, rules_, closes))
    current.change(happened::checkpoint_made{*made});
  current.result.next = now_.successor;
  sections_ = sections_of(now_, rules_.params.snapshot_blocks);
  current.result.state_root = state_root();
  return std::move(current.result);
}

void fast_machine::begin_epoch(std::uint32_t epoch) {
  if (epoch == now_.epoch) {
    invariant(!now_.successor, "a closed committee orders nothing");
    return;
  }
  invariant(epoch > now_.epoch, "epochs count up");
  now_.epoch = epoch;
  now_.successor.reset();
}

void fast_machine::run(executing& block, byte_view raw) {
  auto [verdict, content] = read(raw);
  if (content)
    verdict = std::visit([&](const auto& x) { return run(block, x); }, *content);
  block.result.outcomes.push_back({.transaction = sha256(raw),
                                   .code = static_cast<std::uint16_t>(verdict.code),
                                   .reason = std::move(verdict.reason)});
}

ruling fast_machine::run(executing& block, const tx::submit_leaf& x) {
  return settle(block, x, fast::check(now_, rules_, x, signatures_));
}

void fast_machine::run_posted(executing& block, const receipt& x) {
  (void)settle(block, {x}, check_posted(now_, rules_, x, signatures_));
}

ruling fast_machine::settle(executing& block, const tx::submit_leaf& x, ruling verdict) {
  if (verdict.holds()) {
    block.change(apply(now_, x));
    return verdict;
  }
  if (verdict.code == transaction_check::equivocated && apply_equivocation(now_, x.content))
    block.change(happened::equivocation_found{now_.equivocations.back().ordered, x.content});
  if (verdict.code != transaction_check::already_ordered)
    block.tell(happened::leaf_refused{x.content.content, static_cast<std::uint16_t>(verdict.code),
                                      verdict.reason});
  return verdict;
}

ruling fast_machine::run(executing& block, const tx::echo_root& x) {
  auto verdict = fast::check(now_, rules_, x, signatures_);
  if (verdict.holds())
    block.change(apply(now_, x));
  return verdict;
}

ruling fast_machine::run(executing& block, const tx::heavy_events& x) {
  std::vector<receipt> posted;
  auto verdict = follow_heavy(now_, rules_, x, signatures_, posted);
  if (verdict.holds())
    block.change(happened::heavy_followed{now_.heavy.height});
  for (const auto& leaf : posted)
    run_posted(block, leaf);
  return verdict;
}

digest fast_machine::state_root() const { return merkle_root(sections_); }

std::optional<ledger::tx::checkpoint> fast_machine::checkpoint_made() const {
  if (now_.checkpoint_digest == digest{})
    return std::nullopt;
  return ledger::tx::checkpoint{.content = now_.checkpoints.rbegin()->second.content,
                                .proof = {},
                                .sections = static_cast<std::uint32_t>(sections_.size()),
                                .path = merkle_path(sections_, 0)};
}

std::optional<ledger::tx::checkpoint_content> fast_machine::last_checkpoint() const {
  if (now_.checkpoints.empty())
    return std::nullopt;
  return now_.checkpoints.rbegin()->second.content;
}

bytes fast_machine::snapshot() const { return encode(snapshot_version, rules_.fast, now_); }

bool fast_machine::restore(byte_view data) {
  decoder ar{data};
  std::string version;
  chain_id chain;
  state stored;
  ar(version, chain);
  if (!ar.ok() || version != snapshot_version || chain != rules_.fast)
    return false;
  ar(stored);
  if (!ar.finished())
    return false;
  now_ = std::move(stored);
  sections_ = sections_of(now_, rules_.params.snapshot_blocks);
  return true;
}

}  // namespace datagen::protocol::fast
