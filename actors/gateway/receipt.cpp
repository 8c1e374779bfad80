// A job's portable receipt, as far as this gateway can prove it.

#include "actors/gateway.hpp"

#include "protocol/receipt/portable.hpp"

namespace datagen {

using namespace protocol;

http::response gateway_state::receipt_answer(const std::string& text) const {
  const auto id = fixed_from_hex<job_id>(text);
  const auto saved = id ? saved_.find(*id) : saved_.end();
  if (saved == saved_.end() || !saved->second.receipt)
    return web::not_found("this gateway holds no receipt for job '" + text.substr(0, 80) + "'");
  const auto& job = saved->second;
  portable_receipt receipt{.held = *job.receipt, .salt = job.salt, .result = job.result};
  if (const auto* session = heavy_.view().find(job.order.content.session))
    receipt.user = session->user;
  if (const auto* validator = heavy_.view().find(job.order.content.validator))
    receipt.validator = validator->key;
  return web::bytes_answer(encode_portable(receipt));
}

}  // namespace datagen
