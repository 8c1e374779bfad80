#include "actors/gateway/answer.hpp"

namespace datagen::web {

unsigned status_of(ec x) {
  switch (x) {
    case ec::ok: return 200;
    case ec::malformed: return 400;
    case ec::bad_signature: return 401;
    case ec::lane_overdrawn: return 402;
    case ec::unknown_session:
    case ec::unknown_content: return 404;
    case ec::replayed_ticket:
    case ec::not_paired:
    case ec::value_cap_reached: return 409;
    case ec::too_large: return 413;
    case ec::wrong_validator:
    case ec::wrong_digest:
    case ec::unknown_kernel:
    case ec::bad_parameters:
    case ec::bad_input:
    case ec::deadline_passed:
    case ec::price_too_low:
    case ec::price_above_bid:
    case ec::units_exceeded:
    case ec::wrong_chain:
    case ec::outside_window:
    case ec::kernel_suspended:
    case ec::refused_by_chain: return 422;
    case ec::storage_failed: return 500;
    case ec::bad_receipt: return 502;
    case ec::busy:
    case ec::unreachable:
    case ec::not_serving: return 503;
    case ec::cancelled: return 499;
    case ec::timed_out: return 504;
  }
  return 500;
}

std::string title_of(std::string_view code) {
  std::string title{code};
  for (auto& c : title)
    if (c == '_')
      c = ' ';
  if (!title.empty() && title.front() >= 'a' && title.front() <= 'z')
    title.front() = static_cast<char>(title.front() - 32);
  return title;
}

http::response json_answer(const json::value& x, unsigned status) {
  return {status, "application/json", {{"Cache-Control", "no-store"}}, json::serialize(x)};
}

http::response bytes_answer(protocol::byte_view data) {
  return {200, "application/octet-stream", {}, std::string{data.begin(), data.end()}};
}

http::response text_answer(std::string text, std::string content_type) {
  return {200, std::move(content_type), {}, std::move(text)};
}

http::response problem_answer(unsigned status, std::string code, std::string detail) {
  auto title = title_of(code);
  return http::to_response({status, std::move(code), std::move(title), std::move(detail), {}});
}

http::response problem_answer(ec code, std::string detail) {
  return problem_answer(status_of(code), to_string(code), std::move(detail));
}

http::response not_found(std::string what) {
  return problem_answer(404, "not_found", std::move(what));
}

http::response author_silent(std::uint64_t waited_ms) {
  return problem_answer(ec::timed_out, "no Heavy author told its state within " +
                                         std::to_string(waited_ms) + " ms");
}

}  // namespace datagen::web
