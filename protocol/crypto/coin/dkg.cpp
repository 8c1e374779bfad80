#include "protocol/crypto/coin/dkg.hpp"

#include "protocol/crypto/box.hpp"
#include "protocol/crypto/coin/scalar.hpp"
#include "protocol/crypto/hash.hpp"

namespace datagen::protocol::dkg {

namespace {

void require_sound(const ceremony& c) {
  invariant(c.size() >= 1 && c.size() <= 0xffff, "a ceremony has 1 to 65535 members");
  invariant(c.threshold > 2 * c.faults() && c.threshold <= c.quorum(),
            "a ceremony's threshold leaves 2f members blind and n - f able");
}

/// Names one dealer's polynomial in one ceremony.
digest polynomial_id(const ceremony& c, std::uint16_t dealer,
                     std::span<const coin_point> commitments) {
  return hash("dkg polynomial", c, dealer,
              std::vector<coin_point>{commitments.begin(), commitments.end()});
}

/// Without noticeable bias: 512 bits modulo N.
coin_scalar coefficient(const digest& seed, const ceremony& c, std::uint16_t k) {
  return reduce(hkdf_sha256(seed.view(), {}, encode("datagen/v1/dkg-coefficient", c, k), 64));
}

/// The sum of j^k C_k, j = member + 1; nothing for bad points and for infinity.
std::optional<coin_point> value_at(const coin_group& group, std::span<const coin_point> commitments,
                                   std::uint16_t member) {
  const auto place = scalar_of(std::uint64_t{member} + 1);
  std::vector<coin_scalar> powers;
  auto power = scalar_of(1);
  for (std::size_t k = 0; k < commitments.size(); ++k) {
    powers.push_back(power);
    power = multiply(power, place);
  }
  return group.sum(commitments, powers);
}

template <class T>
bool ascend(const std::vector<std::pair<std::uint16_t, T>>& xs) {
  const auto step_back = [](const auto& a, const auto& b) { return a.first >= b.first; };
  return std::adjacent_find(xs.begin(), xs.end(), step_back) == xs.end();
}

template <class T>
const T* find(const std::vector<std::pair<std::uint16_t, T>>& xs, std::uint16_t member) {
  const auto found =
    std::find_if(xs.begin(), xs.end(), [&](const auto& x) { return x.first == member; });
  return found == xs.end() ? nullptr : &found->second;
}

/// The rules that need no mathematics of the curve.
dealing_check check_form(const ceremony& c, const dealing& d) {
  if (d.dealer >= c.size())
    return dealing_check::unknown_dealer;
  if (d.commitments.size() != c.threshold)
    return dealing_check::wrong_degree;
  if (d.acks.size() < c.quorum())
    return dealing_check::too_few_acks;
  if (!ascend(d.acks) || !ascend(d.revealed))
    return dealing_check::members_unordered;
  if (d.acks.back().first >= c.size() ||
      (!d.revealed.empty() && d.revealed.back().first >= c.size()))
    return dealing_check::unknown_member;
  for (const auto& [member, share] : d.revealed)
    if (find(d.acks, member))
      return dealing_check::acked_and_revealed;
  if (d.acks.size() + d.revealed.size() != c.size())
    return dealing_check::member_left_out;
  for (const auto& [member, share] : d.revealed)
    if (!reduced(share))
      return dealing_check::share_not_reduced;
  return dealing_check::ok;
}

}  // namespace

secret_dealing deal(const coin_group& group, const ceremony& c, const digest& seed) {
  require_sound(c);
  secret_dealing result;
  std::vector<coin_scalar> polynomial;
  for (std::uint16_t k = 0; k < c.threshold; ++k) {
    polynomial.push_back(coefficient(seed, c, k));
    // Not blinded: each is multiplied once, so that no times can be compared.
    const auto commitment = group.secret_base(polynomial.back(), 0);
    invariant(commitment.has_value(), "a drawn coefficient is 0: chance 2^-256");
    result.commitments.push_back(*commitment);
  }
  for (std::uint64_t j = 1; j <= c.size(); ++j)
    result.shares.push_back(evaluate(polynomial, j));
  return result;
}

bool share_fits(const coin_group& group, std::span<const coin_point> commitments,
                std::uint16_t member, const coin_scalar& share) {
  if (!reduced(share))
    return false;
  const auto expected = value_at(group, commitments, member);
  return expected && group.secret_base(share, 0) == expected;
}

bytes ack_statement(const ceremony& c, std::uint16_t dealer,
                    std::span<const coin_point> commitments, std::uint16_t member) {
  return encode("datagen/v1/dkg-acknowledgement", polynomial_id(c, dealer, commitments), member);
}

bytes share_context(const ceremony& c, std::uint16_t dealer,
                    std::span<const coin_point> commitments, std::uint16_t member) {
  return encode("datagen/v1/dkg-share", polynomial_id(c, dealer, commitments), member);
}

dealing_check check(const coin_group& group, const ceremony& c, const dealing& d,
                    const signature_checker& signatures) {
  require_sound(c);
  if (const auto form = check_form(c, d); form != dealing_check::ok)
    return form;
  for (const auto& commitment : d.commitments)
    if (!group.valid(commitment))
      return dealing_check::bad_commitment;
  for (const auto& [member, sig] : d.acks)
    if (!signatures.check(c.members[member], ack_statement(c, d.dealer, d.commitments, member),
                          sig))
      return dealing_check::bad_ack;
  for (const auto& [member, share] : d.revealed)
    if (!share_fits(group, d.commitments, member, share))
      return dealing_check::wrong_share;
  return dealing_check::ok;
}

std::optional<coin_scalar> revealed_share(const dealing& d, std::uint16_t member) {
  const auto* share = find(d.revealed, member);
  return share ? std::optional{*share} : std::nullopt;
}

std::optional<coin_keys> keys_of(const coin_group& group, const ceremony& c,
                                 std::span<const dealing> qual) {
  require_sound(c);
  std::set<std::uint16_t> dealers;
  for (const auto& d : qual) {
    invariant(d.commitments.size() == c.threshold, "a dealing was not checked");
    dealers.insert(d.dealer);
  }
  if (qual.size() != c.quorum() || dealers.size() != qual.size())
    return std::nullopt;
  // The sum of the polynomials first, then its values: n (t + n) products instead of n t n.
  std::vector<coin_point> commitments;
  const std::vector<coin_scalar> ones(qual.size(), scalar_of(1));
  for (std::size_t k = 0; k < c.threshold; ++k) {
    std::vector<coin_point> terms;
    for (const auto& d : qual)
      terms.push_back(d.commitments[k]);
    const auto total = group.sum(terms, ones);
    if (!total)
      return std::nullopt;
    commitments.push_back(*total);
  }
  coin_keys result{.group = commitments[0], .shares = {}, .threshold = c.threshold};
  for (std::size_t j = 0; j < c.size(); ++j) {
    const auto key = value_at(group, commitments, static_cast<std::uint16_t>(j));
    if (!key)
      return std::nullopt;
    result.shares.push_back(*key);
  }
  return result;
}

coin_scalar secret_of(std::span<const coin_scalar> shares) {
  coin_scalar result;
  for (const auto& share : shares)
    result = add(result, share);
  return result;
}

}  // namespace datagen::protocol::dkg
