#include "actors/job_door.hpp"

#include "protocol/crypto/bech32m.hpp"

namespace datagen {

using namespace protocol;

namespace {

std::string short_hex(const digest& x) { return to_hex(x).substr(0, 16) + "…"; }

job_refusal too_large(const char* what, std::size_t size, std::uint64_t most) {
  std::string reason{what};
  reason += std::to_string(size);
  reason += " bytes; at most ";
  reason += std::to_string(most);
  reason += " are taken";
  return {ec::too_large, std::move(reason)};
}

job_refusal wrong_digest(const char* what, byte_view data, const digest& wanted) {
  std::string reason{what};
  reason += std::to_string(data.size());
  reason += " bytes with the SHA-256 ";
  reason += short_hex(sha256(data));
  reason += ", the ticket names ";
  reason += short_hex(wanted);
  return {ec::wrong_digest, std::move(reason)};
}

}  // namespace

job_refusal check_order(const signed_ticket& order, const ledger::view& now, const chain_id& heavy,
                        const signature_checker& signatures) {
  const auto& content = order.content;
  if (content.chain != heavy)
    return {ec::wrong_chain, "the ticket is for chain " + short_hex(content.chain) + ", this is " +
                               short_hex(heavy)};
  const auto session = now.find(content.session);
  std::string name{"session "};
  name += std::to_string(content.session.value);
  if (!session)
    return {ec::unknown_session, name + " is not open on the settled Heavy Chain (height " +
                                   std::to_string(now.position.height) + ")"};
  if (!signatures.check(session->user, ticket_statement(content), order.user))
    return {ec::bad_signature, "ticket " + std::to_string(content.sequence) + " of " + name +
                                 " is not signed by the session's key " +
                                 to_address(session->user)};
  if (content.unit_price > session->bid)
    return {ec::price_above_bid, "the ticket pays " + std::to_string(content.unit_price) +
                                   " x 10^-9 DG per 1,000 units; " + name + " bids at most " +
                                   std::to_string(session->bid)};
  if (now.suspended.contains(content.kernel))
    return {ec::kernel_suspended, content.kernel.name + " version " +
                                    std::to_string(content.kernel.version) +
                                    " is suspended: its audits ended without an answer"};
  return {};
}

job_refusal check_bytes(const v1::job_request& request, std::uint64_t input_bytes_max) {
  const auto& order = request.order.content;
  if (request.input.size() > input_bytes_max)
    return too_large("the input has ", request.input.size(), input_bytes_max);
  if (request.parameters.size() > job_parameter_bytes_max)
    return too_large("the parameters have ", request.parameters.size(), job_parameter_bytes_max);
  if (sha256(request.input.view()) != order.input)
    return wrong_digest("the input has ", request.input.view(), order.input);
  if (sha256(request.parameters.view()) != order.parameters)
    return wrong_digest("the parameters have ", request.parameters.view(), order.parameters);
  return {};
}

}  // namespace datagen
